"""Dashboard widgets for name changes that await approval or were returned."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.content.publishing import two_person_approval
from portal.content.publishing.review_choices import ProposalState
from portal.core.accounts.dashboard import DashboardItem, DashboardWidget
from portal.reference.directory.models import NameChange

REVIEW = "directory.review_namechange"


def _get_changes_to_review(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return dashboard items for the waiting name changes that the user may accept."""
    if not user.has_perm(REVIEW):
        return []
    waiting = NameChange.objects.filter(state=ProposalState.WAITING)
    if two_person_approval.requires_second_person(user):
        waiting = waiting.exclude(models.Exists(_contributions_of(user)))
    rows = waiting.order_by("proposed_at", "pk").select_related("proposed_by")
    return [
        DashboardItem(str(change.row), _get_change_url(change), str(change.proposed_by))
        for change in rows.prefetch_related("row")[:limit]
        if change.row
    ]


def _get_returned_changes(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return dashboard items for returned name changes of this contributor."""
    if not user.has_perm("directory.view_namechange"):
        return []
    returned = NameChange.objects.filter(
        models.Exists(_contributions_of(user)), state=ProposalState.RETURNED
    )
    rows = returned.order_by("proposed_at", "pk").prefetch_related("row")
    return [
        DashboardItem(str(change.row), _get_change_url(change), change.reason)
        for change in rows[:limit]
        if change.row
    ]


def _contributions_of(user) -> models.QuerySet:
    """Return a subquery that tests whether the user contributed to a name change.

    It refers to the change of the outer query.
    """
    through = NameChange.contributors.through
    return through.objects.filter(namechange=models.OuterRef("pk"), user=user)


def _get_change_url(change: NameChange) -> str:
    return reverse("admin:directory_namechange_change", args=[change.pk])


WIDGETS = (
    DashboardWidget(
        "names",
        gettext_lazy("Changes of names that wait for approval"),
        _get_changes_to_review,
    ),
    DashboardWidget(
        "names-returned",
        gettext_lazy("Changes of names returned to me"),
        _get_returned_changes,
    ),
)
