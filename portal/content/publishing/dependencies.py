"""Refresh and locking of rows that many records use and that are not records
themselves.

Places, topics, parties, pictures, files and hosts have no status and no revision. Code
that changes one calls :func:`enqueue_refresh_of`, and a job then updates the published
records that use it.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import models

from portal.content.catalogue import operations as catalogue
from portal.content.publishing.models import EvidenceOnlyHost, Publishable

# Columns that are read when a row is locked: its status, and when it was changed.
_LOCK_COLUMNS = (
    "status",
    "revision",
    "published_at",
    "changed_at",
    "withdrawn_at",
    "corrections",
    "updated_at",
)
# Maximum number of rows locked by one SQL statement.
_BATCH_SIZE = 500


def enqueue_refresh_of(rows: Iterable[models.Model], *, at: dt.datetime) -> None:
    """Enqueue a refresh of the published records that use ``rows``.

    Call it in the transaction that saves or deletes the rows, after its audit entry.
    Writing the audit entry waits for a publication that is running at the same time; a
    search for records before that would miss the record being published.
    """
    rows = list(rows)
    hosts = [row.host for row in rows if isinstance(row, EvidenceOnlyHost)]
    other_rows = [row for row in rows if not isinstance(row, EvidenceOnlyHost)]
    catalogue.enqueue_refresh(other_rows, hosts=hosts, at=at)


def lock_rows(rows: Iterable[models.Model]) -> dict[models.Model, models.Model]:
    """Lock saved rows of several models until the transaction ends, in a fixed order.

    The order is: pictures and other non-record rows by model label and primary key,
    then records by kind and code, as defined in
    ``portal.content.publishing.reviewed_versions``.
    Call it before the first audit entry is written; transactions then cannot deadlock.

    Returns a dict that maps each row that still exists to an instance with its current
    status and times. Unsaved rows are ignored.
    """
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        if row.pk is not None:
            by_model.setdefault(type(row), []).append(row)
    locked = {}
    for model in sorted(by_model, key=_get_lock_order):
        current_rows = _lock_model_rows(model, [row.pk for row in by_model[model]])
        for row in by_model[model]:
            if row.pk in current_rows:
                locked[row] = current_rows[row.pk]
    return locked


def is_stale(row: models.Model, current: models.Model | None) -> bool:
    """Return whether ``row`` was saved or deleted by another user since it was read.

    ``current`` is the value that :func:`lock_rows` returned for the row, None if there
    is none.
    """
    if current is None:
        return True
    names = ("updated_at", "status")
    return any(
        getattr(row, name, None) != getattr(current, name, None) for name in names
    )


def _get_lock_order(model: type[models.Model]) -> tuple[bool, str]:
    is_record = issubclass(model, Publishable)
    return (is_record, model.kind if is_record else model._meta.label_lower)


def _lock_model_rows(
    model: type[models.Model], pks: list[int]
) -> dict[int, models.Model]:
    """Lock rows of one model in their lock order and return them by primary key."""
    order = model.code_field if issubclass(model, Publishable) else "pk"
    column_names = {field.name for field in model._meta.concrete_fields}
    rows = models.QuerySet(model).select_for_update(no_key=True).order_by(order)
    rows = rows.only("pk", *(name for name in _LOCK_COLUMNS if name in column_names))
    if len(pks) <= _BATCH_SIZE:
        return {row.pk: row for row in rows.filter(pk__in=pks)}
    # There are too many keys for one statement: read the keys in lock order first.
    keys = models.QuerySet(model).order_by(order).values_list("pk", flat=True)
    requested_pks = set(pks)
    ordered_pks = [pk for pk in keys.iterator() if pk in requested_pks]
    locked_rows = {}
    for start in range(0, len(ordered_pks), _BATCH_SIZE):
        batch = rows.filter(pk__in=ordered_pks[start : start + _BATCH_SIZE])
        locked_rows.update({row.pk: row for row in batch})
    return locked_rows
