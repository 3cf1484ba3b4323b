"""Page on which a reviewer reads one record and decides about it."""

import datetime as dt
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.content.form_fields.local_time import get_record_time_zone
from portal.content.publishing import operations, reviewed_versions, two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Publishable
from portal.content.publishing.review_comments import get_comments_by_key
from portal.content.publishing.reviewed_versions import Content, ReviewedVersionError
from portal.content.review import forms
from portal.content.review.actions import (
    REPORTED_ERRORS,
    ReviewActionsAdmin,
    find_approval_problems,
)
from portal.content.review.forms import ReviewForm
from portal.content.review.outcomes import describe_outcomes, get_record_name
from portal.content.review.preview import build_preview_links
from portal.content.review.reviewed_content import (
    ContentField,
    RecordContent,
    describe,
)
from portal.content.review.status_bar import build_status_bar

# Buttons that a reviewer can press for a record of each status.
_DECISIONS = {
    Status.IN_REVIEW: (forms.APPROVE_NOW, forms.APPROVE_FOR_TIME, forms.RETURN),
    Status.APPROVED: (forms.PUBLISH_NOW, forms.RETURN),
    Status.PUBLISHED: (forms.WITHDRAW,),
    Status.WITHDRAWN: (forms.PUBLISH_AGAIN, forms.RETURN),
}
# Those that need a person who did not contribute to the record.
_APPROVALS = (
    forms.APPROVE_NOW,
    forms.APPROVE_FOR_TIME,
    forms.PUBLISH_NOW,
    forms.PUBLISH_AGAIN,
)


class RecordReviewAdmin(ReviewActionsAdmin):
    """Admin mixin with a page to review one record.

    The page shows the content of the record, what was changed since the last decision,
    and the decisions that its status allows. A decision is about the displayed version;
    if a colleague saved another one meanwhile, nothing is done, and the page is shown
    again with the new version and the texts that the reviewer wrote.
    """

    def get_urls(self):
        opts = self.opts
        review = path(
            "<path:object_id>/review/",
            self.admin_site.admin_view(self.review_view),
            name=f"{opts.app_label}_{opts.model_name}_review",
        )
        return [review, *super().get_urls()]

    def review_view(self, request, object_id):
        """Show the review page, or apply the submitted decision.

        Raises PermissionDenied for users who may not review records of this kind.
        """
        if not self.has_review_permission(request):
            raise PermissionDenied
        content = self._find_content(request, object_id)
        if content is None:
            return self._get_obj_does_not_exist_redirect(
                request, self.opts, unquote(object_id)
            )
        record = content.record
        decision = _get_decision(request)
        at = timezone.now()
        (record_content,) = describe([content], viewer=request.user, at=at)
        time_zone = get_record_time_zone(record)
        self._sort_fields(record_content)
        form = ReviewForm(
            request.POST if decision else None,
            decision=decision,
            time_zone=time_zone,
            at=at,
            field_keys=_get_field_keys(record_content),
            initial={"publish_at": _get_initial_time(record, at, time_zone)},
        )
        # The submitted version is kept when the page is shown again because of an
        # invalid value: changes made in the meantime are then still detected.
        version = request.POST.get("version", "")
        if decision and form.is_valid():
            try:
                return self._apply_decision(request, record, decision, form, at)
            except REPORTED_ERRORS as error:
                messages.warning(request, str(error))
                if isinstance(error, ReviewedVersionError):
                    version = ""
            except self.model.DoesNotExist:
                return self._get_obj_does_not_exist_redirect(
                    request, self.opts, unquote(object_id)
                )
        elif decision:
            messages.error(request, _("Nothing was done. Correct the fields below."))
        version = version or reviewed_versions.sign(
            record, content.version, user=request.user
        )
        return self._render_review_page(request, record_content, form, version, at)

    def get_field_order(self) -> Sequence[str]:
        """Return the names of the fields in the order in which a reviewer reads them.

        Others follow in the order of the model.
        """
        return ()

    def _sort_fields(self, content: RecordContent) -> None:
        positions = {name: at for at, name in enumerate(self.get_field_order())}

        def get_position(field: ContentField) -> int:
            # Languages of a text have the same position, so they stay in their order.
            return positions.get(field.key.partition(":")[0], len(positions))

        content.fields.sort(key=get_position)

    def _find_content(self, request, object_id: str) -> Content | None:
        try:
            records = list(self.get_queryset(request).filter(pk=unquote(object_id)))
        except (ValueError, ValidationError):
            return None
        contents = reviewed_versions.read_contents(records)
        return contents[0] if contents else None

    def _apply_decision(
        self, request, record, decision: str, form: ReviewForm, at: dt.datetime
    ) -> HttpResponseRedirect:
        """Apply a valid decision and return the redirect to the record.

        Raises one of ``REPORTED_ERRORS`` if it is not possible; nothing is saved then.
        """
        version = reviewed_versions.read_signed(
            request.POST.get("version", ""), record, user=request.user
        )
        operation = _build_operation(decision, form, at)
        # Another instance than the displayed one, which a refused operation changes.
        record = self.get_queryset(request).get(pk=record.pk)
        with transaction.atomic():
            operation(record, by=request.user, at=at, version=version)
        for message in describe_outcomes([record]):
            messages.success(request, message)
        opts = self.opts
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[record.pk]))

    def _render_review_page(
        self,
        request,
        record_content: RecordContent,
        form: ReviewForm,
        version: str,
        at: dt.datetime,
    ) -> TemplateResponse:
        record = record_content.record
        decisions = list(_DECISIONS.get(Status(record.status), ()))
        problem = ""
        if any(decision in _APPROVALS for decision in decisions):
            problem = _find_problem(record_content, request.user)
        if problem:
            decisions = [name for name in decisions if name not in _APPROVALS]
        is_commentable = forms.RETURN in decisions
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review: %(record)s") % {"record": get_record_name(record)},
            "opts": self.opts,
            "record": record,
            "original": record,
            "content": record_content,
            "form": form,
            "media": self.media + form.media,
            "version": version,
            "decisions": decisions,
            "approval_problem": problem,
            "review_comments": form.submitted_comments if form.is_bound else {},
            "is_commentable": is_commentable,
            "unsent_texts": form.get_unsent_texts(
                self.model,
                has_reason=is_commentable or forms.WITHDRAW in decisions,
                is_commentable=is_commentable,
            ),
            "previous_comments": get_comments_by_key(record.review_comments),
            "has_change_permission": self.has_change_permission(request, record),
            "preview_links": build_preview_links(record, at=at),
            "status_bar": build_status_bar(
                record, viewer=request.user, can_change=False, is_review_page=True
            ),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/publishing/review.html", context)


def _get_decision(request) -> str:
    """Return the name of the pressed button, "" if the page is only opened."""
    if request.method != "POST":
        return ""
    names = {name for decisions in _DECISIONS.values() for name in decisions}
    return next((name for name in request.POST if name in names), "")


def _build_operation(
    decision: str, form: ReviewForm, at: dt.datetime
) -> Callable[..., None]:
    """Return the operation of a decision; it is called with by, at and version."""
    values = form.cleaned_data

    def approve_now(record, **arguments):
        is_scheduled = record.publish_at is not None and record.publish_at > at
        publish_at = at if is_scheduled else None
        operations.approve(record, publish_at=publish_at, **arguments)

    def approve_for_time(record, **arguments):
        operations.approve(record, publish_at=values["publish_at"], **arguments)

    def return_to_draft(record, **arguments):
        operations.return_to_draft(
            record, reason=values["reason"], comments=values["comments"], **arguments
        )

    def withdraw(record, **arguments):
        operations.withdraw(record, reason=values["reason"], **arguments)

    return {
        forms.APPROVE_NOW: approve_now,
        forms.APPROVE_FOR_TIME: approve_for_time,
        forms.RETURN: return_to_draft,
        forms.PUBLISH_NOW: operations.publish,
        forms.WITHDRAW: withdraw,
        forms.PUBLISH_AGAIN: operations.publish_again,
    }[decision]


def _get_field_keys(content: RecordContent) -> frozenset[str]:
    """Return the keys of the displayed fields that can be commented."""
    rows = [content.fields, *(row.fields for row in content.parts)]
    return frozenset(field.key for fields in rows for field in fields)


def _get_initial_time(
    record: Publishable, at: dt.datetime, time_zone: ZoneInfo
) -> dt.datetime | None:
    if record.publish_at is None or record.publish_at <= at:
        return None
    return timezone.make_naive(record.publish_at, time_zone)


def _find_problem(content: RecordContent, user) -> str:
    """Return why ``user`` may not approve the record, or why it needs a review."""
    problems = find_approval_problems([content.content], user)
    if content.record.pk in problems and content.record.status == Status.APPROVED:
        return _(
            "You contributed to this record, so only another person can publish it "
            "before its set time."
        )
    if content.record.pk in problems:
        return str(problems[content.record.pk])
    is_withdrawn = content.record.status == Status.WITHDRAWN
    if is_withdrawn and two_person_approval.has_contributions(content.record):
        return str(operations.build_edited_since_withdrawal(content.record))
    return ""
