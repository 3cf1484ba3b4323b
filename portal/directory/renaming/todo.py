"""Boxes of the start page: names that wait for approval, and names returned."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.accounts import todo
from portal.accounts.todo import Box, Task
from portal.directory.models import NameChange
from portal.publishing.review import four_eyes
from portal.publishing.review.choices import ProposalState

REVIEW = "directory.review_namechange"


def _to_review(user, at: dt.datetime, limit: int) -> list[Task]:
    """Changes that wait and that ``user`` may accept."""
    if not user.has_perm(REVIEW):
        return []
    waiting = NameChange.objects.filter(state=ProposalState.WAITING)
    if four_eyes.applies_to(user):
        waiting = waiting.exclude(models.Exists(_own(user)))
    rows = waiting.order_by("proposed_at", "pk").select_related("proposed_by")
    return [
        Task(str(change.row), _address(change), str(change.proposed_by))
        for change in rows.prefetch_related("row")[:limit]
        if change.row
    ]


def _returned(user, at: dt.datetime, limit: int) -> list[Task]:
    """Changes that ``user`` wrote and that were returned."""
    if not user.has_perm("directory.view_namechange"):
        return []
    returned = NameChange.objects.filter(
        models.Exists(_own(user)), state=ProposalState.RETURNED
    )
    rows = returned.order_by("proposed_at", "pk").prefetch_related("row")
    return [
        Task(str(change.row), _address(change), change.reason)
        for change in rows[:limit]
        if change.row
    ]


def _own(user) -> models.QuerySet:
    """The changes that ``user`` wrote, by the change of the outer query."""
    through = NameChange.contributors.through
    return through.objects.filter(namechange=models.OuterRef("pk"), user=user)


def _address(change: NameChange) -> str:
    return reverse("admin:directory_namechange_change", args=[change.pk])


_BOXES = (
    Box("names", gettext_lazy("Changes of names that wait for approval"), _to_review),
    Box("names-returned", gettext_lazy("Changes of names returned to me"), _returned),
)


def register() -> None:
    """Show the boxes on start pages."""
    for box in _BOXES:
        todo.register(box)
