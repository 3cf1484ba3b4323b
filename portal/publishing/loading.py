"""Loading files of rows as one whole: all of it, or nothing."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from portal.history import operations as history
from portal.history.snapshots import Snapshot, snapshot
from portal.publishing import numbering, operations
from portal.publishing.columns import Keys
from portal.publishing.dependencies import (
    enqueue_refresh_of,
    is_stale,
    lock_rows,
    may_be_used,
)
from portal.publishing.models import Publishable
from portal.publishing.plans import (
    CREATED,
    UPDATED,
    LoadRefused,
    Plan,
    RowError,
    RowPlan,
)
from portal.publishing.resources import Resource

Rows = list[dict[str, str]]


@transaction.atomic
def load(
    files: list[tuple[Resource, Rows]],
    *,
    by,
    at: dt.datetime,
    advance: Callable[[int], None] = lambda rows: None,
) -> list[Plan]:
    """Bring the rows of ``files`` into the record and publish what is new.

    ``files`` come in the order in which they point to each other. ``advance`` is told
    how many more rows are done: each counts once when checked, once when written.
    Returns the plan of each file, carried out. Raises :class:`LoadRefused` with every
    bad cell of every file; then nothing is saved.
    """
    keys = Keys()
    for resource, rows in files:
        resource.expect(rows, keys)
    plans = []
    for resource, rows in files:
        plans.append(resource.plan(rows, keys, by=by))
        advance(len(rows))
    errors = [error for plan in plans for error in plan.errors]
    if errors:
        raise LoadRefused(errors)
    _lock(plans)
    _reserve_codes(plans)
    before = {id(row): _as_it_was(row) for plan in plans for row in plan.rows}
    touched = [_save_rows(plan, keys, by=by, at=at) for plan in plans]
    for plan, rows in zip(plans, touched, strict=True):
        _relate_rows(plan, rows, keys)
    for plan, rows in zip(plans, touched, strict=True):
        for row in rows:
            _tell(row, before[id(row)], by=by, at=at)
        advance(len(plan.rows))
    enqueue_refresh_of(
        (row.record for rows in touched for row in rows if _is_for_refresh(row)), at=at
    )
    return plans


def _lock(plans: list[Plan]) -> None:
    """Lock the records that are to be changed, and read their status again.

    Raises :class:`LoadRefused` when somebody has changed one since the rows were read.
    """
    files = {id(row): plan.resource.file for plan in plans for row in plan.rows}
    rows = [row for plan in plans for row in plan.rows if row.action == UPDATED]
    locked = lock_rows([row.record for row in rows])
    stale = [row for row in rows if is_stale(row.record, locked.get(row.record))]
    if stale:
        remedy = _("This was changed while the files were read. Load them once more.")
        raise LoadRefused(
            [
                RowError(files[id(row)], row.number, "-", str(row.record), remedy)
                for row in stale
            ]
        )
    for row in rows:
        if isinstance(row.record, Publishable):
            for name in operations.STATE_FIELDS:
                setattr(row.record, name, getattr(locked[row.record], name))


def _reserve_codes(plans: list[Plan]) -> None:
    """Reserve the codes of new records before anything is saved.

    The admin locks the counter first of all where a record is added by hand, so it must
    not be locked here after the audit chain head.
    """
    for plan in plans:
        model = plan.resource.model
        if getattr(model, "code_prefix", ""):
            created = [row for row in plan.rows if row.action == CREATED]
            codes = [row.values[model.code_field] for row in created]
            if codes:
                numbering.reserve_codes(codes)


def _save_rows(plan: Plan, keys: Keys, *, by, at: dt.datetime) -> list[RowPlan]:
    """Save the rows of ``plan`` that are new or changed, and what stands on them.

    Late columns and relations come after, by :func:`_relate_rows`, when the rows of all
    files of the load are there.
    """
    touched = [row for row in plan.rows if row.action in (CREATED, UPDATED)]
    resource = plan.resource
    for row in touched:
        record = row.record
        for column in resource.columns:
            column.assign(record, row.values[column.field], keys)
        if row.action == CREATED:
            record.created_by, record.created_at = by, at
        record.updated_by, record.updated_at = by, at
        with resource.refusing(row):
            record.save()
        key = str(getattr(record, resource.key))
        keys.made(resource.model._meta.label, resource.key, key, record.pk)
    return touched


def _relate_rows(plan: Plan, touched: list[RowPlan], keys: Keys) -> None:
    """Set what needs all rows of the load saved first."""
    for row in touched:
        with plan.resource.refusing(row):
            for column in plan.resource.columns:
                column.relate(row.record, row.values[column.field], keys)


def _is_for_refresh(row: RowPlan) -> bool:
    """Whether nothing else refreshes what uses ``row``: of a record its edit does."""
    return may_be_used(row) and not isinstance(row.record, Publishable)


def _as_it_was(row: RowPlan) -> Snapshot | None:
    """What a row that is to be changed says before it is; None for all others."""
    if row.action != UPDATED:
        return None
    record = type(row.record).objects.get(pk=row.record.pk)
    return snapshot(record, getattr(record, "parts", ()))


def _remember(record, before: Snapshot | None, *, by, at: dt.datetime) -> None:
    after = snapshot(record, getattr(record, "parts", ()))
    history.append_changes(record, before=before, after=after, by=by, at=at)


def _tell(row: RowPlan, before: Snapshot | None, *, by, at) -> None:
    """Publish what is new, and say what has changed."""
    if isinstance(row.record, Publishable):
        _make_public(row, before, by=by, at=at)
    else:
        _remember(row.record, before, by=by, at=at)


def _make_public(row: RowPlan, before: Snapshot | None, *, by, at) -> None:
    # Read again: relations and late columns were set on the way.
    record = type(row.record).objects.get(pk=row.record.pk)
    if row.action != CREATED:
        operations.republish(record, by=by, at=at, before=before)
        return
    _remember(record, None, by=by, at=at)
    operations.submit(record, by=by, at=at)
    # The file as a whole was decided on before it was loaded; no page shows its rows.
    operations.approve(record, by=by, at=at, version=None)
