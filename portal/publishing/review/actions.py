"""The verbs of publishing as actions of a list."""

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

from portal.publishing import operations
from portal.publishing.choices import Status
from portal.publishing.files import Undescribed
from portal.publishing.review import four_eyes, versions
from portal.publishing.review.contents import describe
from portal.publishing.review.forms import ReasonForm
from portal.publishing.review.four_eyes import NeedsAnother
from portal.publishing.review.new_names import needs_other_author, own_new_names
from portal.publishing.review.preview import preview_links
from portal.publishing.review.reading import may
from portal.publishing.review.versions import ReviewedVersionError
from portal.publishing.titles import names_of

# So many are named when a reason is asked for; an action takes a page at most.
_MOST = 200
# So many records a person reads and decides on at once.
MAX_DECIDED = 20
_KEY = re.compile("[0-9]{1,18}")
_PROBLEMS = (
    operations.WrongState,
    NeedsAnother,
    Undescribed,
    ReviewedVersionError,
)


def say_of_each(model_admin, request, queryset, verb) -> None:
    """Say ``verb`` of each row by itself; tell which could not be done."""
    done = gone = 0
    for row in queryset.order_by("pk"):
        try:
            with transaction.atomic():
                verb(row, by=request.user, at=timezone.now())
        except _PROBLEMS as problem:
            model_admin.message_user(request, str(problem), messages.WARNING)
        except model_admin.model.DoesNotExist:
            gone += 1
        else:
            done += 1
    _report_missing(model_admin, request, gone)
    _report_done(model_admin, request, done)


def _report_done(model_admin, request, done: int) -> None:
    if done:
        told = ngettext("%(count)s record done.", "%(count)s records done.", done)
        model_admin.message_user(request, told % {"count": done}, messages.SUCCESS)


def with_reason(model_admin, request, queryset, verb, *, form_class=ReasonForm):
    """Ask why, on a page of its own; then say ``verb`` of each row.

    The action of ``model_admin`` that is running is called as ``verb`` is.
    """
    is_told = "reason" in request.POST
    form = form_class(request.POST if is_told else None)
    if is_told and form.is_valid():
        reason = form.cleaned_data["reason"]
        return say_of_each(model_admin, request, queryset, partial(verb, reason=reason))
    action = getattr(model_admin, verb.__name__)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": action.short_description,
        "opts": model_admin.opts,
        "records": queryset.order_by("pk")[:_MOST],
        "action": verb.__name__,
        "checkbox": ACTION_CHECKBOX_NAME,
        "form": form,
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/reason.html", context)


@dataclass(frozen=True)
class Decision:
    """A decision of a reviewer on records chosen in a list.

    ``operation`` takes the version that was shown; ``allowed`` are the statuses that it
    is made from. ``form_class`` asks for a reason, None where none is needed.
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
    """The name under which the confirmation page sends the version of ``record``."""
    return f"version_{record.pk}"


def decide(model_admin, request, queryset, decision: Decision):
    """Show the chosen records; once they were shown, decide on each by itself.

    A request without versions, also one made by hand, only opens the page.
    """
    sent = request.POST.getlist(ACTION_CHECKBOX_NAME)
    chosen = [pk for pk in sent if _KEY.fullmatch(pk)]
    has_versions = any(f"version_{pk}" in request.POST for pk in chosen)
    if not has_versions:
        return _confirmation_page(model_admin, request, queryset, decision)
    # By key, not by the filters of the list: a colleague may have moved a record on.
    rows = model_admin.get_queryset(request).filter(pk__in=chosen).order_by("pk")
    form = decision.form_class and decision.form_class(request.POST)
    if form and not form.is_valid():
        return _confirmation_page(model_admin, request, rows, decision, form)
    reason = form.cleaned_data if form else {}
    rows = list(rows[: MAX_DECIDED + 1])
    if len(rows) > MAX_DECIDED:
        return _refuse_too_many(model_admin, request)
    done, missing = 0, len(set(chosen)) - len(rows)
    for row in rows:
        try:
            _decide_one(request, row, decision, reason)
        except _PROBLEMS as problem:
            model_admin.message_user(request, str(problem), messages.WARNING)
        except model_admin.model.DoesNotExist:
            # Deleted by a colleague after the rows were read.
            missing += 1
        else:
            done += 1
    _report_missing(model_admin, request, missing)
    return _report_done(model_admin, request, done)


def _decide_one(request, row, decision: Decision, reason: dict) -> None:
    signed = request.POST.get(version_field(row), "")
    version = versions.read_signed(signed, row, user=request.user)
    with transaction.atomic():
        decision.operation(
            row, by=request.user, at=timezone.now(), version=version, **reason
        )


def _report_missing(model_admin, request, missing: int) -> None:
    """Report chosen rows that are not there, or that the person may not see."""
    if missing > 0:
        text = ngettext(
            "%(count)s record that you chose is not available. Nothing was done to it.",
            "%(count)s records that you chose are not available. Nothing was done to "
            "them.",
            missing,
        )
        model_admin.message_user(request, text % {"count": missing}, messages.WARNING)


def _refuse_too_many(model_admin, request) -> None:
    text = _(
        "You chose more than %(count)s records, so nothing was done. Choose "
        "%(count)s at most: each is shown to you before you decide."
    )
    model_admin.message_user(request, text % {"count": MAX_DECIDED}, messages.ERROR)


def _confirmation_page(model_admin, request, queryset, decision: Decision, form=None):
    """The page that shows the records; None, with messages, where none can be done."""
    rows = list(queryset.order_by("pk")[: MAX_DECIDED + 1])
    if len(rows) > MAX_DECIDED:
        return _refuse_too_many(model_admin, request)
    contents = versions.read_contents(rows)
    possible, problems = _possible(contents, decision, request.user)
    for problem in problems:
        model_admin.message_user(request, problem, messages.WARNING)
    if not possible:
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
        "back": request.get_full_path(),
        "is_approval": decision is _APPROVE,
        "records": _records(request, possible),
    }
    return TemplateResponse(request, "admin/publishing/confirmation.html", context)


def _records(request, contents) -> list[dict]:
    """What the page shows and carries of each record."""
    at = timezone.now()
    records = [content.record for content in contents]
    model = type(records[0])
    names = names_of({model: [record.pk for record in records]})
    models.prefetch_related_objects(records, "updated_by")
    return [
        {
            "shown": shown,
            "name": names.get((model, shown.record.pk), ""),
            "is_later": shown.record.publish_at and shown.record.publish_at > at,
            "version_field": version_field(shown.record),
            "version": _version_text(request, shown),
            "previews": preview_links(shown.record, at=at),
        }
        for shown in describe(contents, reader=request.user, at=at)
    ]


def _version_text(request, shown) -> str:
    """The version that was sent, where the page is shown again for the sake of its
    form: what changed meanwhile is then reported. Otherwise the one shown now."""
    sent = request.POST.get(version_field(shown.record))
    return sent or versions.sign(shown.record, shown.content.version, user=request.user)


def _possible(contents, decision: Decision, user) -> tuple[list, list[str]]:
    """The contents whose record ``user`` may decide on now; why not of the others."""
    problems_by_pk = {}
    if decision is _APPROVE and four_eyes.applies_to(user):
        records = [content.record for content in contents]
        own_names = own_new_names(records, user=user, at=timezone.now())
        problems_by_pk = {
            record.pk: needs_other_author(record, own_names[record.pk])
            for record in records
            if record.pk in own_names
        } | four_eyes.problems_of(records, user)
    possible, problems = [], []
    for content in contents:
        record = content.record
        if record.status not in decision.allowed:
            problems.append(str(operations.wrong_state(record)))
        elif record.pk in problems_by_pk:
            problems.append(str(problems_by_pk[record.pk]))
        else:
            possible.append(content)
    return possible, problems


class ReviewActions(admin.ModelAdmin):
    """Submit, return, approve and withdraw; what goes back needs a reason.

    Every decision but the first is confirmed on a page that shows the records.
    """

    actions = ("submit", "return_to_draft", "approve", "withdraw")

    def has_review_permission(self, request) -> bool:
        return may(request.user, "review", self.model)

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit(self, request, queryset):
        say_of_each(self, request, queryset, operations.submit)

    @admin.action(
        description=gettext_lazy("Return to draft, with a reason"),
        permissions=["review"],
    )
    def return_to_draft(self, request, queryset):
        return decide(self, request, queryset, _RETURN)

    @admin.action(
        description=gettext_lazy("Approve, and publish at the set time or now"),
        permissions=["review"],
    )
    def approve(self, request, queryset):
        return decide(self, request, queryset, _APPROVE)

    @admin.action(
        description=gettext_lazy("Withdraw from the public, with a reason"),
        permissions=["review"],
    )
    def withdraw(self, request, queryset):
        return decide(self, request, queryset, _WITHDRAW)
