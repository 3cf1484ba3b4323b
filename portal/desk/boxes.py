"""Boxes of the start page that concern every kind of record, and readers' reports."""

import datetime as dt
from textwrap import shorten

from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.accounts import todo
from portal.accounts.todo import Box, Task
from portal.desk.reviewing import proposals_returned, proposed, returned, to_review
from portal.desk.translating import untranslated
from portal.publishing.choices import ReportState
from portal.publishing.models import ErrorReport

_LONGEST_NOTE = 80


def _reported(user, at: dt.datetime, limit: int) -> list[Task]:
    if not user.has_perm("publishing.change_errorreport"):
        return []
    reports = ErrorReport.objects.filter(state=ReportState.NEW).order_by("received_at")
    return [_report_task(report) for report in reports[:limit]]


def _report_task(report: ErrorReport) -> Task:
    url = reverse("admin:publishing_errorreport_change", args=[report.pk])
    return Task(str(report), url, shorten(report.text, _LONGEST_NOTE, placeholder="…"))


_REVIEW = Box("review", gettext_lazy("Waiting for my review"), to_review)
_RETURNED = Box("returned", gettext_lazy("Returned to me"), returned)
_PROPOSED = Box("proposed", gettext_lazy("Changes that wait for approval"), proposed)
_PROPOSALS_RETURNED = Box(
    "proposals-returned", gettext_lazy("Changes returned to me"), proposals_returned
)
_LANGUAGES = Box("languages", gettext_lazy("Languages still missing"), untranslated)
_REPORTS = Box(
    "reports",
    gettext_lazy("Readers’ error reports"),
    _reported,
    link="admin:publishing_errorreport_changelist",
    query="state__exact=new",
)
_HOUSE = (
    _REVIEW,
    _PROPOSED,
    _RETURNED,
    _PROPOSALS_RETURNED,
    _LANGUAGES,
    _REPORTS,
)


def register() -> None:
    """Have the boxes of the house shown on start pages."""
    for box in _HOUSE:
        todo.register(box)
