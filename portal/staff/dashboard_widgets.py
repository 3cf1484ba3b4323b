"""Dashboard widgets that concern all kinds of record, and the error reports widget."""

import datetime as dt
from textwrap import shorten

from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.content.publishing.choices import ReportState
from portal.content.publishing.models import ErrorReport
from portal.core.accounts.dashboard import DashboardItem, DashboardWidget
from portal.staff.review_widgets import (
    records_to_review,
    returned_proposals,
    returned_records,
    waiting_proposals,
)
from portal.staff.translation_widgets import untranslated_records

_MAX_NOTE_LENGTH = 80


def _error_reports(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return new error reports as dashboard items, oldest first.

    Empty for users who may not change error reports.
    """
    if not user.has_perm("publishing.change_errorreport"):
        return []
    reports = ErrorReport.objects.filter(state=ReportState.NEW).order_by("received_at")
    return [_report_item(report) for report in reports[:limit]]


def _report_item(report: ErrorReport) -> DashboardItem:
    url = reverse("admin:publishing_errorreport_change", args=[report.pk])
    return DashboardItem(
        str(report), url, shorten(report.text, _MAX_NOTE_LENGTH, placeholder="…")
    )


_REVIEW = DashboardWidget(
    "review", gettext_lazy("Waiting for my review"), records_to_review
)
_RETURNED = DashboardWidget(
    "returned", gettext_lazy("Returned to me"), returned_records
)
_PROPOSED = DashboardWidget(
    "proposed", gettext_lazy("Changes that wait for approval"), waiting_proposals
)
_PROPOSALS_RETURNED = DashboardWidget(
    "proposals-returned", gettext_lazy("Changes returned to me"), returned_proposals
)
_LANGUAGES = DashboardWidget(
    "languages", gettext_lazy("Languages still missing"), untranslated_records
)
_REPORTS = DashboardWidget(
    "reports",
    gettext_lazy("Readers’ error reports"),
    _error_reports,
    list_url_name="admin:publishing_errorreport_changelist",
    list_query="state__exact=new",
)
WIDGETS = (
    _REVIEW,
    _PROPOSED,
    _RETURNED,
    _PROPOSALS_RETURNED,
    _LANGUAGES,
    _REPORTS,
)
