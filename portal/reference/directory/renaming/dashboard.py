"""Dashboard items of name changes that await approval or were returned."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.content.editing.record_tasks import RecordTask
from portal.content.publishing import two_person_approval
from portal.content.publishing.review_choices import ProposalState
from portal.core.accounts.dashboard import DashboardItem
from portal.core.translations.dates import format_day
from portal.core.translations.localized_text import get_active_language
from portal.reference.directory.models import NameChange

REVIEW = "directory.review_namechange"


def name_change_items(
    user, at: dt.datetime, limit: int
) -> dict[str, list[DashboardItem]]:
    """Return the open name changes that concern ``user``, by code of the widget."""
    return {
        RecordTask.REVIEW: _get_changes_to_review(user, limit),
        RecordTask.RETURNED: _get_returned_changes(user, limit),
    }


def _get_changes_to_review(user, limit: int) -> list[DashboardItem]:
    """Return dashboard items for the waiting name changes that the user may accept."""
    if not user.has_perm(REVIEW):
        return []
    waiting = NameChange.objects.filter(state=ProposalState.WAITING)
    if two_person_approval.requires_second_person(user):
        waiting = waiting.exclude(models.Exists(_contributions_of(user)))
    rows = waiting.order_by("proposed_at", "pk").select_related("proposed_by")
    return [
        DashboardItem(
            str(change.row),
            _get_change_url(change),
            _("change of a name by %(person)s, waiting since %(day)s")
            % {"person": change.proposed_by, "day": _format_day(change)},
            at=change.proposed_at,
        )
        for change in rows.prefetch_related("row")[:limit]
        if change.row
    ]


def _get_returned_changes(user, limit: int) -> list[DashboardItem]:
    """Return dashboard items for returned name changes of this contributor."""
    if not user.has_perm("directory.view_namechange"):
        return []
    returned = NameChange.objects.filter(
        models.Exists(_contributions_of(user)), state=ProposalState.RETURNED
    )
    rows = returned.order_by("proposed_at", "pk").prefetch_related("row")
    return [
        DashboardItem(
            str(change.row),
            _get_change_url(change),
            _("change of a name, returned"),
            change.reason,
            at=change.proposed_at,
        )
        for change in rows[:limit]
        if change.row
    ]


def _format_day(change: NameChange) -> str:
    day = timezone.localtime(change.proposed_at).date()
    return format_day(day, get_active_language())


def _contributions_of(user) -> models.QuerySet:
    """Return a subquery that tests whether the user contributed to a name change.

    It refers to the change of the outer query.
    """
    through = NameChange.contributors.through
    return through.objects.filter(namechange=models.OuterRef("pk"), user=user)


def _get_change_url(change: NameChange) -> str:
    return reverse("admin:directory_namechange_change", args=[change.pk])
