"""The staff dashboard: items waiting for the user and recently changed records."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.content.catalogue.models import Entry
from portal.content.catalogue.querysets import prefetch_texts
from portal.core.accounts import dashboard
from portal.core.accounts.dashboard import DashboardItem
from portal.core.jobs.heartbeats import (
    AUDIT_HEAD,
    WORKER,
    LateProcess,
    find_late_processes,
)
from portal.core.translations.localized_text import get_active_language
from portal.website.cards import Card, build_cards, load_card_names

# Items of a widget that are visible at once, and number of recent records.
_MAX_VISIBLE_ITEMS = 5
_MAX_RECENT_ENTRIES = 10


@dataclass(frozen=True)
class WidgetContent:
    """Content of one dashboard widget.

    ``count`` is the number of items, at most ``MAX_ITEMS``; ``has_more`` is True if
    there are more. ``url`` is the list of all items, "" if there is none.
    """

    code: str
    title: str
    hint: str
    is_work: bool
    items: Sequence[DashboardItem]
    count: int
    has_more: bool
    url: str

    @property
    def hidden_items(self) -> Sequence[DashboardItem]:
        """Return the widget's items that are visible only after it is expanded."""
        return self.items[_MAX_VISIBLE_ITEMS:]

    @property
    def visible_items(self) -> Sequence[DashboardItem]:
        """Return the widget's items that are always visible."""
        return self.items[:_MAX_VISIBLE_ITEMS]


def dashboard_context(user, *, at: dt.datetime) -> dict:
    """Return the context of the dashboard: widgets, recent entries and warnings.

    ``has_work`` is True if anything waits for the user.
    """
    widgets = [content for content in _widget_contents(user, at) if content.items]
    return {
        "widgets": widgets,
        "has_work": any(content.is_work for content in widgets),
        "recent_entries": _recent_entries(),
        "warnings": [*_warnings(), *_late_processes(user, at)],
    }


def _widget_contents(user, at: dt.datetime) -> list[WidgetContent]:
    """Return the content of all dashboard widgets for ``user``, also of empty ones."""
    contents = []
    for widget, items in dashboard.load_items(user, at, dashboard.MAX_ITEMS + 1):
        url = reverse(widget.list_url_name) if widget.list_url_name else ""
        contents.append(
            WidgetContent(
                code=widget.code,
                title=widget.title,
                hint=widget.hint,
                is_work=widget.is_work,
                items=items[: dashboard.MAX_ITEMS],
                count=min(len(items), dashboard.MAX_ITEMS),
                has_more=len(items) > dashboard.MAX_ITEMS,
                url=f"{url}?{widget.list_query}" if widget.list_query else url,
            )
        )
    return contents


def _recent_entries() -> list[Card]:
    """Return cards of the records that were published or changed most recently."""
    entries = list(
        Entry.objects.defer("programme").latest_change_first()[:_MAX_RECENT_ENTRIES]
    )
    language = get_active_language()
    prefetch_related_objects(entries, prefetch_texts(language))
    return (
        build_cards(entries, load_card_names(entries, language), language)
        if entries
        else []
    )


def _warnings() -> list[str]:
    """Return warnings about safeguards that are switched off, shown to all staff."""
    warnings = []
    if not settings.TWO_PERSON_APPROVAL:
        warnings.append(
            _("Two-person approval is off. Authors can approve their own records.")
        )
    return warnings


def _late_processes(user, at: dt.datetime) -> list[str]:
    """Return messages about background processes that do not run.

    Empty for users who may not view jobs, except for the export of the audit log, which
    those who may view the log see too.
    """
    may_view_jobs = user.has_perm("jobs.view_job")
    if not may_view_jobs and not user.has_perm("history.view_deed"):
        return []
    return [
        _describe_late(process)
        for process in find_late_processes(at)
        if may_view_jobs or process.name == AUDIT_HEAD
    ]


def _describe_late(process: LateProcess) -> str:
    """Return the message about one background process that does not run."""
    is_worker = process.name == WORKER
    if process.since is None:
        if process.name == AUDIT_HEAD:
            return _(
                "The end of the audit log could not be exported. The failed job says"
                " why."
            )
        if is_worker:
            return _(
                "The Celery worker has never run. Background jobs are "
                "waiting. Contact the system administrator."
            )
        return _(
            "Celery beat and publish_due have never run, so scheduled "
            "records are not published. Contact the system "
            "administrator."
        )
    time = date_format(timezone.localtime(process.since), "DATETIME_FORMAT")
    if process.name == AUDIT_HEAD:
        text = _(
            "The end of the audit log has not been exported since %(time)s. The failed"
            " job says why."
        )
    elif is_worker:
        text = _(
            "The Celery worker has not run since %(time)s, so "
            "background jobs are waiting. Contact the system "
            "administrator."
        )
    else:
        text = _(
            "Celery beat and publish_due have not run since %(time)s, "
            "so scheduled records are not published. Contact the "
            "system administrator."
        )
    return text % {"time": time}
