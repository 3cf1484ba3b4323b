"""The verbs of publishing as actions of a list."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from portal.publishing import operations
from portal.publishing.files import Undescribed
from portal.publishing.review.forms import ReasonForm
from portal.publishing.review.four_eyes import NeedsAnother
from portal.publishing.review.reading import may

# So many are named when a reason is asked for; an action takes a page at most.
_MOST = 200


def say_of_each(model_admin, request, queryset, verb) -> None:
    """Say ``verb`` of each row by itself; tell which could not be done."""
    done = 0
    for row in queryset.order_by("pk"):
        try:
            with transaction.atomic():
                verb(row, by=request.user, at=timezone.now())
        except (operations.WrongState, NeedsAnother, Undescribed) as problem:
            model_admin.message_user(request, str(problem), messages.WARNING)
        else:
            done += 1
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


class ReviewActions(admin.ModelAdmin):
    """Submit, return, approve and withdraw; what goes back needs a reason."""

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
        return with_reason(self, request, queryset, operations.return_to_draft)

    @admin.action(
        description=gettext_lazy("Approve, and publish at the set time or now"),
        permissions=["review"],
    )
    def approve(self, request, queryset):
        say_of_each(self, request, queryset, operations.approve)

    @admin.action(
        description=gettext_lazy("Withdraw from the public, with a reason"),
        permissions=["review"],
    )
    def withdraw(self, request, queryset):
        return with_reason(self, request, queryset, operations.withdraw)
