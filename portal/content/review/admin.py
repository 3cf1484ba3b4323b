"""Staff admin of proposed changes: display the differences; accept, return or
discard."""

from collections import defaultdict

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.catalogue.registry import all_kinds, get_kind
from portal.content.publishing import reviewed_versions, two_person_approval
from portal.content.publishing.models import ImportBatch
from portal.content.publishing.record_labels import load_record_labels
from portal.content.publishing.review_choices import ProposalState
from portal.content.publishing.review_comments import get_comments_by_key
from portal.content.review import operations as review
from portal.content.review.forms import ACCEPT, DISCARD, RETURN, CommentsForm
from portal.content.review.joint_review import (
    REPORTED_ERRORS,
    JointDecisionForm,
    build_joint_review,
    decide_jointly,
)
from portal.content.review.preview import build_preview_links
from portal.content.review.proposal_differences import (
    FormattedRowChange,
    format_differences,
    get_visible_content_types,
    has_model_permission,
)
from portal.content.review.reviewed_content import describe_related, new_related
from portal.content.review.status_bar import build_status_bar
from portal.core.audit.admin import ReadOnlyAdmin

_DECISIONS = (ACCEPT, DISCARD, RETURN)


class ProposalKindFilter(admin.SimpleListFilter):
    """Filter by record kind that lists only kinds with proposals visible to the
    user."""

    title = gettext_lazy("type of record")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        proposals = model_admin.get_queryset(request).order_by()
        content_type_ids = set(
            proposals.values_list("content_type", flat=True).distinct()
        )
        content_types = ContentType.objects.get_for_models(
            *(kind.model for kind in all_kinds())
        )
        return [
            (kind.code, capfirst(kind.label_plural))
            for kind in all_kinds()
            if content_types[kind.model].pk in content_type_ids
        ]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        model = get_kind(self.value()).model
        return queryset.filter(content_type=ContentType.objects.get_for_model(model))


class ProposalChangeList(ChangeList):
    """Change list that loads the labels of its rows' records, one query per kind."""

    def get_results(self, request):
        super().get_results(request)
        pks_by_model = defaultdict(list)
        for proposal in self.result_list:
            pks_by_model[proposal.content_type.model_class()].append(proposal.object_id)
        labels = load_record_labels(pks_by_model)
        for proposal in self.result_list:
            key = (proposal.content_type.model_class(), proposal.object_id)
            proposal.record_label = labels.get(key)


class ProposalAdmin(ReadOnlyAdmin):
    """Admin of proposed changes, which are edited only in the form of their record."""

    list_display = (
        "record_link",
        "kind",
        "state",
        "proposed_by",
        "proposed_at",
        "decided_by",
    )
    list_filter = ("state", ProposalKindFilter)
    list_select_related = ("content_type", "proposed_by", "decided_by")
    list_display_links = None
    ordering = ("-proposed_at", "-pk")

    def get_queryset(self, request):
        """Return the proposals for kinds whose records the user may view."""
        proposals = super().get_queryset(request)
        return proposals.filter(
            content_type__in=get_visible_content_types(request.user)
        )

    def get_changelist(self, request, **kwargs):
        return ProposalChangeList

    @admin.display(description=gettext_lazy("record"))
    def record_link(self, obj):
        url = reverse("admin:publishing_proposal_change", args=[obj.pk])
        name = obj.record_label or f"#{obj.object_id}"  # the record was deleted
        return format_html('<a href="{}">{}</a>', url, name)

    @admin.display(description=gettext_lazy("type of record"))
    def kind(self, obj):
        return get_kind(obj.content_type.model_class().kind).label

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        proposal = self.get_object(request, unquote(object_id))
        form, version = CommentsForm(decision="", field_keys=()), ""
        if proposal and request.method == "POST":
            form = _build_form(request, proposal)
            response, version = self._submit(request, proposal, form)
            if response:
                return response
            # A refused decision may have changed the instance.
            proposal = self.get_object(request, unquote(object_id))
        if proposal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self._render_page(request, proposal, form, version)

    def _submit(
        self, request, proposal, form: CommentsForm
    ) -> tuple[HttpResponseRedirect | None, str]:
        """Execute the submitted decision; return the redirect and the version to show.

        The redirect is None if nothing was done. The version is then that which was
        first displayed, or "" for that of now if the decision is not possible.
        """
        try:
            response = self._decide(request, proposal, proposal.record, form)
        except REPORTED_ERRORS as error:
            messages.warning(request, str(error))
            return None, ""
        if "version" not in request.POST:
            messages.warning(request, _("Read the change before you decide."))
        return response, request.POST.get("version", "")

    def _render_page(
        self, request, proposal, form: CommentsForm, version: str
    ) -> TemplateResponse:
        """Show a proposal and the texts of ``form``.

        ``version`` is the signed version that is displayed, "" for that of now.
        """
        # Read the version before the differences: a change committed in between then
        # makes the decision fail instead of passing unseen.
        version_context = _build_version_context(request, proposal, version)
        record = proposal.record
        row_changes = format_differences(proposal, viewer=request.user)
        form.field_keys = _get_field_keys(row_changes)
        can_review = has_model_permission(request.user, "review", type(record))
        needs_second_person = two_person_approval.requires_second_person(
            request.user
        ) and two_person_approval.has_contributed(record, request.user)
        is_waiting = proposal.state == ProposalState.WAITING
        is_commentable = can_review and is_waiting and not needs_second_person
        context = {
            **version_context,
            **self.admin_site.each_context(request),
            "title": _("Change to “%(record)s”") % {"record": record},
            "opts": self.opts,
            "proposal": proposal,
            "record": record,
            "record_change_url": _get_change_url(record),
            "row_changes": row_changes,
            "form": form,
            "can_review": can_review,
            "is_commentable": is_commentable,
            "unsent_texts": form.get_unsent_texts(
                type(record),
                has_reason=proposal.is_open,
                is_commentable=is_commentable,
            ),
            "review_comments": form.submitted_comments if form.is_bound else {},
            "previous_comments": get_comments_by_key(proposal.review_comments),
            "status_bar": build_status_bar(
                record, viewer=request.user, can_change=False, is_review_page=True
            ),
            "preview_links": build_preview_links(record, at=timezone.now()),
            "needs_second_person": needs_second_person,
        }
        return TemplateResponse(request, "admin/publishing/proposal.html", context)

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_view)
        name = "publishing_proposal_import"
        return [path("import/<int:pk>/", view, name=name), *super().get_urls()]

    def import_view(self, request, pk):
        """Show the waiting changes of an import together; decide on those included."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        batch = get_object_or_404(
            ImportBatch.objects.select_related("written_by"), pk=pk
        )
        first = self.get_queryset(request).filter(import_batch=batch).first()
        if first is None:
            raise Http404
        model = first.content_type.model_class()
        can_review = has_model_permission(request.user, "review", model)
        is_author = first.proposed_by_id == request.user.pk
        decisions = [
            *([ACCEPT, RETURN] if can_review else []),
            *([DISCARD] if can_review or is_author else []),
        ]
        decision = next((name for name in decisions if name in request.POST), "")
        if request.method == "POST" and not decision:
            raise PermissionDenied
        form = JointDecisionForm(request.POST or None, decision=decision)
        if form.is_valid() and decide_jointly(batch, request=request, form=form):
            return HttpResponseRedirect(request.path)
        joint_review = build_joint_review(
            batch, viewer=request.user, page=request.GET.get("p"), form=form
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Changes of the import “%(name)s”") % {"name": batch},
            "opts": self.opts,
            "batch": batch,
            "can_view_import": self.admin_site.get_model_admin(
                ImportBatch
            ).has_view_permission(request, batch),
            "joint_review": joint_review,
            "form": form,
            "can_review": can_review,
            "is_author": is_author,
        }
        return TemplateResponse(request, "admin/publishing/joint_review.html", context)

    def _decide(self, request, proposal, record, form):
        """Execute the decision of the submitted button and return the redirect.

        Returns None and does nothing if the form is invalid or no version was
        submitted, so a request built by hand only displays the page. Raises one of
        ``REPORTED_ERRORS`` if the decision is not possible.
        """
        decide = self._get_decision_function(request, proposal, record)
        if not form.is_valid() or "version" not in request.POST:
            return None
        by, at = request.user, timezone.now()
        values = {name: form.cleaned_data[name] for name in ("reason", "comments")}
        version = reviewed_versions.read_signed(
            request.POST["version"], proposal, user=by
        )
        message = decide(proposal, by=by, at=at, version=version, **values)
        messages.success(request, message % {"record": record})
        return HttpResponseRedirect(reverse("admin:publishing_proposal_changelist"))

    def _get_decision_function(self, request, proposal, record):
        """Return the function for the submitted button.

        Raises PermissionDenied if the user may not take this decision.
        """
        can_review = has_model_permission(request.user, "review", type(record))
        if ACCEPT in request.POST and can_review:
            return _accept
        is_author = proposal.proposed_by_id == request.user.pk
        if DISCARD in request.POST and (can_review or is_author):
            return _discard
        if RETURN in request.POST and can_review:
            return _return
        raise PermissionDenied


def _build_version_context(request, proposal, version: str) -> dict:
    """Return the template context for the reviewed version of an open proposal.

    It consists of the signed version, which is ``version`` if it is not empty, and of
    the related rows that the proposal adds. Empty for a proposal that is not open.
    """
    if not proposal.is_open:
        return {}
    content = reviewed_versions.read_proposal(proposal)
    signed = reviewed_versions.sign(proposal, content.version, user=request.user)
    return {
        "related": describe_related(
            new_related(content), viewer=request.user, at=timezone.now()
        ),
        "version": version or signed,
    }


def _build_form(request, proposal) -> CommentsForm:
    """Return the form with the submitted decision about a proposal."""
    row_changes = format_differences(proposal, viewer=request.user)
    return CommentsForm(
        request.POST,
        decision=next((name for name in _DECISIONS if name in request.POST), ""),
        field_keys=_get_field_keys(row_changes),
    )


def _get_field_keys(row_changes: list[FormattedRowChange]) -> frozenset[str]:
    return frozenset(change.key for row in row_changes for change in row.changes)


def _accept(proposal, *, by, at, version, reason, comments) -> str:
    review.accept_proposal(proposal, by=by, at=at, version=version)
    return _get_acceptance_message(proposal.record)


def _discard(proposal, *, by, at, version, reason, comments) -> str:
    review.discard_proposal(proposal, by=by, at=at, version=version, reason=reason)
    return _("The change to “%(record)s” has been discarded.")


def _return(proposal, *, by, at, version, reason, comments) -> str:
    review.return_proposal(
        proposal, by=by, at=at, version=version, reason=reason, comments=comments
    )
    return _("The change to “%(record)s” has been returned for changes.")


def _get_acceptance_message(record) -> str:
    """Return the success message, depending on whether the record is still
    published."""
    record.refresh_from_db(fields=["status"])
    if record.is_published:
        return _("The change to “%(record)s” has been published.")
    return _(
        "The change to “%(record)s” has been approved. It is not "
        "public, because the record is not published."
    )


def _get_change_url(record) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
