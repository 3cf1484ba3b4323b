"""Dashboard widgets that concern all kinds of record, and the error reports widget."""

import datetime as dt
from textwrap import shorten

from django.urls import reverse
from django.utils.translation import gettext_lazy

from portal.content.editing.record_tasks import RecordTask
from portal.content.publishing.choices import ReportState
from portal.content.publishing.models import ErrorReport
from portal.core.accounts.dashboard import (
    DashboardItem,
    DashboardWidget,
    WidgetPosition,
)
from portal.staff.proposal_widgets import proposal_items
from portal.staff.record_widgets import RECENT, record_items
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


WIDGETS = (
    DashboardWidget(
        RecordTask.RETURNED,
        gettext_lazy("Returned to me"),
        WidgetPosition.RETURNED,
        hint=gettext_lazy("Read the reason, correct the record and submit it again."),
    ),
    DashboardWidget(
        RecordTask.DRAFT,
        gettext_lazy("My drafts"),
        WidgetPosition.DRAFTS,
        hint=gettext_lazy("Complete the record and submit it for review."),
        is_newest_first=True,
    ),
    DashboardWidget(
        RecordTask.REVIEW,
        gettext_lazy("Waiting for my review"),
        WidgetPosition.REVIEW,
        hint=gettext_lazy("Read it, then approve it or return it with a reason."),
    ),
    DashboardWidget(
        RecordTask.SUBMITTED,
        gettext_lazy("Submitted by me"),
        WidgetPosition.SUBMITTED,
        hint=gettext_lazy("Another person reviews it. You need not do anything."),
        is_work=False,
    ),
    DashboardWidget(
        RecordTask.SCHEDULED,
        gettext_lazy("Scheduled"),
        WidgetPosition.SCHEDULED,
        hint=gettext_lazy("Approved. The portal publishes it at the set time."),
        is_work=False,
    ),
    DashboardWidget(
        RECENT,
        gettext_lazy("Recently edited by me"),
        WidgetPosition.RECENT,
        is_newest_first=True,
        is_work=False,
    ),
    DashboardWidget(
        "languages",
        gettext_lazy("Missing translations"),
        WidgetPosition.MISSING,
        hint=gettext_lazy("Published records. Add the text in the language named."),
        get_items=untranslated_records,
    ),
    DashboardWidget(
        "reports",
        gettext_lazy("Problem reports from visitors"),
        WidgetPosition.REPORTS,
        hint=gettext_lazy(
            "Check what the visitor reports, then mark it as dealt with."
        ),
        get_items=_error_reports,
        list_url_name="admin:publishing_errorreport_changelist",
        list_query="state__exact=new",
    ),
)
SOURCES = (record_items, proposal_items)
