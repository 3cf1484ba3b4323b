"""Source of the widgets that list records by task, and of those recently edited.

One query per kind of record reads the items of all these widgets.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Case, F, Q, Subquery, Value, When
from django.utils.translation import gettext as _

from portal.content.catalogue.registry import Kind
from portal.content.editing.record_tasks import (
    OPEN_STATUSES,
    RecordTask,
    audit_entries_of,
    get_described_pks,
    get_task_conditions,
    submission_time,
)
from portal.content.publishing.choices import Status
from portal.content.publishing.record_labels import (
    format_record_label,
    get_label_columns,
)
from portal.core.accounts.dashboard import DashboardItem
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.staff.dashboard_records import kinds_for, task_url
from portal.staff.dashboard_times import format_day_of, format_office_time

RECENT = "recent"
# Records that the widget of recent edits lists.
_MAX_RECENT = 10
# Audit entries read to find them: one save writes an entry for each changed row.
_MAX_RECENT_ENTRIES = 300
_EDITS = (AuditAction.CREATED, AuditAction.CHANGED, AuditAction.PROPOSED)


@dataclass(frozen=True)
class _Row:
    """One record of a kind, with the values that its item shows."""

    kind: Kind
    pk: int
    task: str
    status: str
    updated_at: dt.datetime | None
    publish_at: dt.datetime | None
    submitted_at: dt.datetime | None
    reason: str | None
    label: str


def record_items(user, at: dt.datetime, limit: int) -> dict[str, list[DashboardItem]]:
    """Return the records that concern ``user``, by code of the widget.

    Each record with a task is in the widget of this task. Records that the user edited
    last are also in the widget of recent edits.
    """
    edited_at = _get_recent_edits(user)
    described_pks = get_described_pks(user)
    items = defaultdict(list)
    for kind in kinds_for(user, "change", "translate", "review"):
        conditions = get_task_conditions(
            kind.model, user, described_pks=described_pks.get(kind.model, ())
        )
        recent = edited_at.get(kind.model._meta.label_lower, {})
        for row in _load_rows(kind, conditions, list(recent), limit):
            if row.task:
                items[row.task].append(_task_item(row))
            if row.pk in recent:
                items[RECENT].append(_recent_item(row, recent[row.pk]))
    return items


def _get_recent_edits(user) -> Mapping[str, Mapping[int, dt.datetime]]:
    """Return when ``user`` edited records last, by label of the model and key.

    Only records of kinds that the user may still edit; the latest ``_MAX_RECENT``.
    """
    labels = [
        kind.model._meta.label_lower for kind in kinds_for(user, "change", "translate")
    ]
    if not labels:
        return {}
    edits = Deed.objects.filter(by=user, verb__in=_EDITS, record_model__in=labels)
    rows = edits.order_by("-position").values_list("record_model", "record_row", "at")
    edited_at: dict[tuple[str, int], dt.datetime] = {}
    for label, key, at in rows[:_MAX_RECENT_ENTRIES]:
        if len(edited_at) < _MAX_RECENT:
            edited_at.setdefault((label, int(key)), at)
    by_label: dict[str, dict[int, dt.datetime]] = defaultdict(dict)
    for (label, pk), at in edited_at.items():
        by_label[label][pk] = at
    return by_label


def _load_rows(
    kind: Kind,
    conditions: Mapping[RecordTask, Q],
    recent_pks: list[int],
    limit: int,
) -> list[_Row]:
    """Return the records of a kind with a task, and those of ``recent_pks``.

    At most ``limit`` records for each task on average. Drafts are last, because an
    import may create thousands of them; those that were returned come first, then those
    that were changed last.
    """
    task = Case(
        *(When(condition, then=Value(task)) for task, condition in conditions.items()),
        default=Value(""),
        output_field=models.CharField(),
    )
    # Returned records are drafts too.
    has_task = reduce(
        or_,
        (
            condition
            for task, condition in conditions.items()
            if task != RecordTask.RETURNED
        ),
    )
    is_draft = Case(
        When(pk__in=recent_pks, then=Value(0)),
        When(status=Status.DRAFT, then=Value(1)),
        default=Value(0),
    )
    columns = ("pk", "task", "status", "updated_at", "publish_at")
    rows = (
        models.QuerySet(kind.model)
        .filter(Q(has_task, status__in=OPEN_STATUSES) | Q(pk__in=recent_pks))
        .annotate(task=task)
        .order_by(
            is_draft,
            # Drafts by the latest change, the others by the earliest.
            F("task").desc(),
            Case(When(status=Status.DRAFT, then=None), default=F("updated_at")),
            F("updated_at").desc(nulls_last=True),
            "pk",
        )
        .values_list(
            *columns,
            submission_time(kind.model),
            Subquery(audit_entries_of(kind.model).values("note")[:1]),
            *get_label_columns(kind.model),
        )[: limit * len(RecordTask) + len(recent_pks)]
    )
    size = len(columns) + 2
    return [
        _Row(kind, *row[:size], format_record_label(row[size], row[size + 1 :]))
        for row in rows
    ]


def _task_item(row: _Row) -> DashboardItem:
    """Return the item of a record in the widget of its task."""
    task = RecordTask(row.task)
    note, at = _TASK_NOTES[task](row)
    reason = row.reason or "" if task == RecordTask.RETURNED else ""
    url = task_url(row.kind, row.pk, task=task)
    return DashboardItem(row.label, url, note, reason, at)


def _returned_note(row: _Row) -> tuple[str, dt.datetime | None]:
    text = _("%(kind)s, returned on %(day)s")
    values = {"kind": row.kind.label, "day": format_day_of(row.updated_at)}
    return text % values, row.updated_at


def _draft_note(row: _Row) -> tuple[str, dt.datetime | None]:
    if row.updated_at is None:
        return str(row.kind.label), None
    text = _("%(kind)s, changed on %(day)s")
    values = {"kind": row.kind.label, "day": format_day_of(row.updated_at)}
    return text % values, row.updated_at


def _waiting_note(row: _Row) -> tuple[str, dt.datetime | None]:
    since = row.submitted_at or row.updated_at
    if since is None:
        return str(row.kind.label), None
    return _describe_waiting(row.kind, since), since


def _describe_waiting(kind: Kind, since: dt.datetime) -> str:
    """Return a record's kind and since when it waits for review."""
    text = _("%(kind)s, waiting since %(day)s")
    return text % {"kind": kind.label, "day": format_day_of(since)}


def _scheduled_note(row: _Row) -> tuple[str, dt.datetime | None]:
    if row.publish_at is None:
        return str(row.kind.label), None
    text = _("%(kind)s, will be published on %(time)s")
    values = {"kind": row.kind.label, "time": format_office_time(row.publish_at)}
    return text % values, row.publish_at


_TASK_NOTES = {
    RecordTask.RETURNED: _returned_note,
    RecordTask.DRAFT: _draft_note,
    RecordTask.REVIEW: _waiting_note,
    RecordTask.SUBMITTED: _waiting_note,
    RecordTask.SCHEDULED: _scheduled_note,
}


def _recent_item(row: _Row, edited_at: dt.datetime) -> DashboardItem:
    text = _("%(kind)s, %(status)s, edited on %(day)s")
    note = text % {
        "kind": row.kind.label,
        "status": Status(row.status).label,
        "day": format_day_of(edited_at),
    }
    return DashboardItem(row.label, task_url(row.kind, row.pk), note, at=edited_at)
