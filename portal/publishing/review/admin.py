"""Changes that wait: read field by field, accepted, returned or discarded."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.publishing.files import Undescribed
from portal.publishing.operations import WrongState
from portal.publishing.review import (
    four_eyes,
    uses,  # noqa: F401 says what waiting changes keep
)
from portal.publishing.review import operations as review
from portal.publishing.review.forms import ReasonForm
from portal.publishing.review.reading import may, told_differences, visible_kinds


class ProposalAdmin(admin.ModelAdmin):
    """Nobody edits a change here: it is written in the form of its record."""

    list_display = ("record_link", "state", "proposed_by", "proposed_at", "decided_by")
    list_filter = ("state", "content_type")
    list_select_related = ("content_type", "proposed_by", "decided_by")
    list_display_links = None
    ordering = ("-proposed_at", "-pk")

    def get_queryset(self, request):
        """Only of kinds of which the person may see the records."""
        found = super().get_queryset(request)
        return found.filter(content_type__in=visible_kinds(request.user))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("record"))
    def record_link(self, obj):
        url = reverse("admin:publishing_proposal_change", args=[obj.pk])
        model = obj.content_type.model_class()
        name = f"{model._meta.verbose_name} #{obj.object_id}"
        return format_html('<a href="{}">{}</a>', url, name)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        proposal = self.get_object(request, unquote(object_id))
        if proposal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        record = proposal.record
        form = ReasonForm(request.POST or None)
        if request.method == "POST":
            answer = self._decide(request, proposal, record, form)
            if answer:
                return answer
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change of “%(record)s”") % {"record": record},
            "opts": self.opts,
            "proposal": proposal,
            "record": record,
            "record_url": _form_of(record),
            "differences": told_differences(proposal, reader=request.user),
            "form": form,
            "may_review": may(request.user, "review", type(record)),
            "may_change": may(request.user, "change", type(record)),
            "needs_another": four_eyes.applies_to(request.user)
            and four_eyes.has_contributed(record, request.user),
        }
        return TemplateResponse(request, "admin/publishing/proposal.html", context)

    def _decide(self, request, proposal, record, form):
        """Carry out the button that was pressed; None where the form is wrong."""
        by, at = request.user, timezone.now()
        is_author = proposal.proposed_by_id == by.pk
        may_review = may(by, "review", type(record))
        try:
            if "_accept" in request.POST and may_review:
                review.accept(proposal, by=by, at=at)
                told = _told_of_acceptance(record)
            elif "_discard" in request.POST and (may_review or is_author):
                reason = form.cleaned_data["reason"] if form.is_valid() else ""
                review.discard(proposal, by=by, at=at, reason=reason)
                told = _("The change of “%(record)s” was discarded.")
            elif "_return" in request.POST and may_review:
                if not form.is_valid():
                    return None
                reason = form.cleaned_data["reason"]
                review.return_to_author(proposal, by=by, at=at, reason=reason)
                told = _("The change of “%(record)s” was returned.")
            else:
                raise PermissionDenied
        except (
            WrongState,
            Undescribed,
            four_eyes.NeedsAnother,
            review.Stale,
        ) as problem:
            messages.warning(request, str(problem))
            return HttpResponseRedirect(request.path)
        messages.success(request, told % {"record": record})
        return HttpResponseRedirect(reverse("admin:publishing_proposal_changelist"))


def _told_of_acceptance(record) -> str:
    """Whether the public sees the change: the record may have been withdrawn."""
    record.refresh_from_db(fields=["status"])
    if record.is_published:
        return _("The change of “%(record)s” is public.")
    return _(
        "The change of “%(record)s” was accepted. It is not public, because the record "
        "is not."
    )


def _form_of(record) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
