"""Changes that wait: read field by field, accepted, returned or discarded."""

from collections import defaultdict

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.catalogue.registry import kind_of, kinds
from portal.history.admin import ReadAdmin
from portal.publishing.files import Undescribed
from portal.publishing.operations import WrongState
from portal.publishing.review import four_eyes, versions
from portal.publishing.review import operations as review
from portal.publishing.review.contents import describe_related, new_related
from portal.publishing.review.forms import ReasonForm
from portal.publishing.review.reading import may, told_differences, visible_kinds
from portal.publishing.review.versions import ReviewedVersionError
from portal.publishing.titles import names_of


class KindFilter(admin.SimpleListFilter):
    """The kinds of record of which the person may see changes, and there are any."""

    title = gettext_lazy("kind of record")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        changes = model_admin.get_queryset(request).order_by()
        present = set(changes.values_list("content_type", flat=True).distinct())
        types = ContentType.objects.get_for_models(*(kind.model for kind in kinds()))
        return [
            (kind.code, capfirst(kind.label_plural))
            for kind in kinds()
            if types[kind.model].pk in present
        ]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        model = kind_of(self.value()).model
        return queryset.filter(content_type=ContentType.objects.get_for_model(model))


class NamedChanges(ChangeList):
    """Knows the names of the records of all its rows at once."""

    def get_results(self, request):
        super().get_results(request)
        wanted = defaultdict(list)
        for proposal in self.result_list:
            wanted[proposal.content_type.model_class()].append(proposal.object_id)
        names = names_of(wanted)
        for proposal in self.result_list:
            key = (proposal.content_type.model_class(), proposal.object_id)
            proposal.record_name = names.get(key)


class ProposalAdmin(ReadAdmin):
    """Nobody edits a change here: it is written in the form of its record."""

    list_display = (
        "record_link",
        "kind",
        "state",
        "proposed_by",
        "proposed_at",
        "decided_by",
    )
    list_filter = ("state", KindFilter)
    list_select_related = ("content_type", "proposed_by", "decided_by")
    list_display_links = None
    ordering = ("-proposed_at", "-pk")

    def get_queryset(self, request):
        """Only of kinds of which the person may see the records."""
        found = super().get_queryset(request)
        return found.filter(content_type__in=visible_kinds(request.user))

    def get_changelist(self, request, **kwargs):
        return NamedChanges

    @admin.display(description=gettext_lazy("record"))
    def record_link(self, obj):
        url = reverse("admin:publishing_proposal_change", args=[obj.pk])
        name = obj.record_name or f"#{obj.object_id}"  # the record is gone
        return format_html('<a href="{}">{}</a>', url, name)

    @admin.display(description=gettext_lazy("kind of record"))
    def kind(self, obj):
        return kind_of(obj.content_type.model_class().kind).label

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
            if "version" not in request.POST:
                messages.warning(request, _("Read the change first, then decide."))
                form = ReasonForm(initial={"reason": request.POST.get("reason")})
        # Read before anything is shown: what changes meanwhile is then refused.
        reviewed = _reviewed(request, proposal)
        context = {
            **reviewed,
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
        """Carry out the button that was pressed.

        Returns None, and does nothing, where the form is wrong or no version was sent:
        a request made by hand only opens the page.
        """
        decide = self._decision(request, proposal, record)
        is_reason_missing = decide is _return and not form.is_valid()
        if is_reason_missing or "version" not in request.POST:
            return None
        by, at = request.user, timezone.now()
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        try:
            version = versions.read_signed(request.POST["version"], proposal, user=by)
            message = decide(proposal, by=by, at=at, version=version, reason=reason)
        except (
            WrongState,
            Undescribed,
            four_eyes.NeedsAnother,
            review.Stale,
            ReviewedVersionError,
        ) as problem:
            messages.warning(request, str(problem))
            return HttpResponseRedirect(request.path)
        messages.success(request, message % {"record": record})
        return HttpResponseRedirect(reverse("admin:publishing_proposal_changelist"))

    def _decision(self, request, proposal, record):
        """What the button does. Raises PermissionDenied where the person may not."""
        may_review = may(request.user, "review", type(record))
        if "_accept" in request.POST and may_review:
            return _accept
        is_author = proposal.proposed_by_id == request.user.pk
        if "_discard" in request.POST and (may_review or is_author):
            return _discard
        if "_return" in request.POST and may_review:
            return _return
        raise PermissionDenied


def _reviewed(request, proposal) -> dict:
    """What the page needs to carry the version of an open change, and what belongs to
    that version besides the difference."""
    if not proposal.is_open:
        return {}
    content = versions.read_proposal(proposal)
    signed = versions.sign(proposal, content.version, user=request.user)
    return {
        "related": describe_related(
            new_related(content), reader=request.user, at=timezone.now()
        ),
        # A form that was wrong keeps the version that it was opened with.
        "version": request.POST.get("version") or signed,
    }


def _accept(proposal, *, by, at, version, reason) -> str:
    review.accept(proposal, by=by, at=at, version=version)
    return _told_of_acceptance(proposal.record)


def _discard(proposal, *, by, at, version, reason) -> str:
    review.discard(proposal, by=by, at=at, version=version, reason=reason)
    return _("The change of “%(record)s” was discarded.")


def _return(proposal, *, by, at, version, reason) -> str:
    review.return_to_author(proposal, by=by, at=at, version=version, reason=reason)
    return _("The change of “%(record)s” was returned.")


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
