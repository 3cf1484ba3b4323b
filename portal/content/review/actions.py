"""Admin list actions for the status transitions of records."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models, transaction
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.content.publishing import operations, reviewed_versions, two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.new_names import needs_other_author, own_new_names
from portal.content.publishing.public_files import MissingAltText
from portal.content.publishing.record_labels import load_record_labels
from portal.content.publishing.reviewed_versions import ReviewedVersionError
from portal.content.publishing.two_person_approval import SelfApprovalForbidden
from portal.content.review.forms import ReasonForm
from portal.content.review.outcomes import describe_outcomes
from portal.content.review.preview import build_preview_links
from portal.content.review.proposal_differences import has_model_permission
from portal.content.review.reviewed_content import describe

# Maximum number of records listed on the page that asks for a reason; an action covers
# one page of the list at most.
_MAX_LISTED = 200
# Maximum number of records on one confirmation page; the reviewer reads each of them.
MAX_DECIDED = 20
_PRIMARY_KEY = re.compile("[0-9]{1,18}")
Describe = Callable[[Sequence[models.Model]], Sequence[str]]
# Errors whose message is shown to the user; nothing was done to the record.
REPORTED_ERRORS = (
    operations.InvalidTransition,
    operations.EditedSinceWithdrawal,
    SelfApprovalForbidden,
    MissingAltText,
    ReviewedVersionError,
)


def apply_to_each(
    model_admin, request, queryset, operation, *, describe: Describe
) -> None:
    """Apply the operation to each object in its own transaction; report failures as
    messages.

    The operation is called with the object, ``by`` and ``at``. ``describe`` returns the
    messages about the objects to which it was applied. Objects that were deleted
    meanwhile are counted and reported.
    """
    done, missing = [], 0
    for row in queryset.order_by("pk"):
        try:
            with transaction.atomic():
                operation(row, by=request.user, at=timezone.now())
        except REPORTED_ERRORS as error:
            model_admin.message_user(request, str(error), messages.WARNING)
        except model_admin.model.DoesNotExist:
            missing += 1
        else:
            done.append(row)
    _report(model_admin, request, done, missing, describe)


def _report(
    model_admin, request, done: Sequence[models.Model], missing: int, describe: Describe
) -> None:
    """Show messages about the objects of an action: missing ones, then those done."""
    _report_missing(model_admin, request, missing)
    for message in describe(done) if done else ():
        model_admin.message_user(request, message, messages.SUCCESS)


def apply_with_reason(
    model_admin,
    request,
    queryset,
    operation,
    *,
    action: str,
    describe: Describe,
    form_class=ReasonForm,
):
    """Ask for a reason on a separate page, then apply the operation to each object.

    ``action`` is the name of the running action of ``model_admin``; ``describe`` is
    that of :func:`apply_to_each`. Returns the page, or None after the operation was
    applied.
    """
    is_submitted = "reason" in request.POST
    form = form_class(request.POST if is_submitted else None)
    if is_submitted and form.is_valid():
        reason = form.cleaned_data["reason"]
        return apply_to_each(
            model_admin,
            request,
            queryset,
            partial(operation, reason=reason),
            describe=describe,
        )
    context = {
        **model_admin.admin_site.each_context(request),
        "title": getattr(model_admin, action).short_description,
        "opts": model_admin.opts,
        "records": queryset.order_by("pk")[:_MAX_LISTED],
        "action": action,
        "form": form,
        "cancel_url": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/reason.html", context)


@dataclass(frozen=True)
class Decision:
    """A reviewer's decision on records selected in a list.

    ``operation`` is called with the version that was displayed; ``allowed`` are the
    statuses from which the decision is possible. ``form_class`` is the form for the
    reason, None if no reason is required.
    """

    operation: Callable
    allowed: Sequence[Status]
    form_class: type[forms.Form] | None = None

    @property
    def name(self) -> str:
        return self.operation.__name__


_RETURN = Decision(operations.return_to_draft, operations.RETURNED_FROM, ReasonForm)
_APPROVE = Decision(operations.approve, operations.APPROVED_FROM)
_WITHDRAW = Decision(operations.withdraw, operations.WITHDRAWN_FROM, ReasonForm)


def version_field(record) -> str:
    """Return the name of the form field for the reviewed version of ``record``."""
    return f"version_{record.pk}"


def decide(model_admin, request, queryset, decision: Decision):
    """Show a confirmation page with the selected records; on its submission apply the
    decision to each.

    Each record is decided in its own transaction. A request without versions, for
    example one built by hand, only displays the page.
    """
    submitted_pks = request.POST.getlist(ACTION_CHECKBOX_NAME)
    pks = [pk for pk in submitted_pks if _PRIMARY_KEY.fullmatch(pk)]
    has_versions = any(f"version_{pk}" in request.POST for pk in pks)
    if not has_versions:
        return _render_confirmation_page(model_admin, request, queryset, decision)
    # Look the records up by key, without the filters of the list: a colleague may have
    # changed a record so that it no longer matches them.
    rows = model_admin.get_queryset(request).filter(pk__in=pks).order_by("pk")
    form = decision.form_class and decision.form_class(request.POST)
    if form and not form.is_valid():
        return _render_confirmation_page(model_admin, request, rows, decision, form)
    reason = form.cleaned_data if form else {}
    rows = list(rows[: MAX_DECIDED + 1])
    if len(rows) > MAX_DECIDED:
        return _refuse_too_many(model_admin, request)
    done, missing = [], len(set(pks)) - len(rows)
    for row in rows:
        try:
            _apply_decision(request, row, decision, reason)
        except REPORTED_ERRORS as error:
            model_admin.message_user(request, str(error), messages.WARNING)
        except model_admin.model.DoesNotExist:
            # A colleague deleted the record after the rows were read.
            missing += 1
        else:
            done.append(row)
    return _report(model_admin, request, done, missing, describe_outcomes)


def _apply_decision(request, row, decision: Decision, reason: dict) -> None:
    signed = request.POST.get(version_field(row), "")
    version = reviewed_versions.read_signed(signed, row, user=request.user)
    with transaction.atomic():
        decision.operation(
            row, by=request.user, at=timezone.now(), version=version, **reason
        )


def _report_missing(model_admin, request, missing: int) -> None:
    """Report the number of selected records that are deleted or not visible to the
    user."""
    if missing > 0:
        text = ngettext(
            "%(count)s of the selected records is not available, so it "
            "was not changed.",
            "%(count)s of the selected records are not available, so "
            "they were not changed.",
            missing,
        )
        model_admin.message_user(request, text % {"count": missing}, messages.WARNING)


def _refuse_too_many(model_admin, request) -> None:
    text = _(
        "You selected more than %(count)s records, so nothing was "
        "changed. Select %(count)s records or fewer, because you "
        "must read each record before you decide."
    )
    model_admin.message_user(request, text % {"count": MAX_DECIDED}, messages.ERROR)


def _render_confirmation_page(
    model_admin, request, queryset, decision: Decision, form=None
):
    """Return the page that displays the records.

    Returns None, with messages, if none of the records can be decided.
    """
    rows = list(queryset.order_by("pk")[: MAX_DECIDED + 1])
    if len(rows) > MAX_DECIDED:
        return _refuse_too_many(model_admin, request)
    contents = reviewed_versions.read_contents(rows)
    decidable, problems = _split_by_decidability(contents, decision, request.user)
    for problem in problems:
        model_admin.message_user(request, problem, messages.WARNING)
    if not decidable:
        return None
    if form is None and decision.form_class:
        form = decision.form_class()
    context = {
        **model_admin.admin_site.each_context(request),
        "title": getattr(model_admin, decision.name).short_description,
        "opts": model_admin.opts,
        "action": decision.name,
        "checkbox": ACTION_CHECKBOX_NAME,
        "form": form,
        "cancel_url": request.get_full_path(),
        "is_approval": decision is _APPROVE,
        "records": _build_record_contexts(request, decidable),
    }
    return TemplateResponse(request, "admin/publishing/confirmation.html", context)


def _build_record_contexts(request, contents) -> list[dict]:
    """Build the template context of each record on the confirmation page."""
    at = timezone.now()
    records = [content.record for content in contents]
    model = type(records[0])
    labels = load_record_labels({model: [record.pk for record in records]})
    models.prefetch_related_objects(records, "updated_by")
    return [
        {
            "content": record_content,
            "name": labels.get((model, record_content.record.pk), ""),
            "is_later": record_content.record.publish_at
            and record_content.record.publish_at > at,
            "version_field": version_field(record_content.record),
            "version": _get_signed_version(request, record_content),
            "preview_links": build_preview_links(record_content.record, at=at),
        }
        for record_content in describe(contents, viewer=request.user, at=at)
    ]


def _get_signed_version(request, record_content) -> str:
    """Return the signed version for the form: the submitted one, else the displayed
    one.

    When the page is displayed again because the reason was invalid, the submitted
    version is kept, so that changes made in the meantime are still detected.
    """
    submitted_version = request.POST.get(version_field(record_content.record))
    return submitted_version or reviewed_versions.sign(
        record_content.record, record_content.content.version, user=request.user
    )


def _split_by_decidability(
    contents, decision: Decision, user
) -> tuple[list, list[str]]:
    """Split contents into those that ``user`` may decide now and error messages for the
    rest."""
    problems_by_pk = (
        find_approval_problems(contents, user) if decision is _APPROVE else {}
    )
    decidable, problems = [], []
    for content in contents:
        record = content.record
        if record.status not in decision.allowed:
            problems.append(str(operations.build_invalid_transition(record)))
        elif record.pk in problems_by_pk:
            problems.append(str(problems_by_pk[record.pk]))
        else:
            decidable.append(content)
    return decidable, problems


def find_approval_problems(contents: Sequence, user) -> dict[int, ValueError]:
    """Return why ``user`` may not approve records, by primary key.

    ``contents`` are those of records of one model.
    """
    if not two_person_approval.requires_second_person(user):
        return {}
    records = [content.record for content in contents]
    own_names = own_new_names(contents, user=user, at=timezone.now())
    return {
        record.pk: needs_other_author(record, own_names[record.pk])
        for record in records
        if record.pk in own_names
    } | two_person_approval.problems_of(records, user)


class ReviewActionsAdmin(admin.ModelAdmin):
    """Admin actions to submit, return, approve and withdraw records.

    Returning and withdrawing require a reason. All actions except submitting are
    confirmed on a page that displays the records.
    """

    actions = ("submit", "return_to_draft", "approve", "withdraw")

    def has_review_permission(self, request) -> bool:
        return has_model_permission(request.user, "review", self.model)

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit(self, request, queryset):
        apply_to_each(
            self, request, queryset, operations.submit, describe=describe_outcomes
        )

    @admin.action(
        description=gettext_lazy("Return for changes (reason required)"),
        permissions=["review"],
    )
    def return_to_draft(self, request, queryset):
        return decide(self, request, queryset, _RETURN)

    @admin.action(
        description=gettext_lazy("Approve and publish (now or at the scheduled time)"),
        permissions=["review"],
    )
    def approve(self, request, queryset):
        return decide(self, request, queryset, _APPROVE)

    @admin.action(
        description=gettext_lazy("Withdraw (reason required)"),
        permissions=["review"],
    )
    def withdraw(self, request, queryset):
        return decide(self, request, queryset, _WITHDRAW)
