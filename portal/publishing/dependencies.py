"""Rows that many records use and that are no public records themselves.

Places, topics, parties, pictures, files and hosts have no status and no revision: who
changes one calls this, and the published records that use it follow in a job.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import models

from portal.catalogue import operations as catalogue
from portal.publishing.models import EvidenceOnlyHost, Publishable
from portal.publishing.plans import UPDATED, RowPlan

# What is read of a row that is locked: its status, and who changed it when.
_READ = (
    "status",
    "revision",
    "published_at",
    "changed_at",
    "withdrawn_at",
    "corrections",
    "updated_at",
)
# As many rows are locked by one statement.
_AT_ONCE = 500


def enqueue_refresh_of(rows: Iterable[models.Model], *, at: dt.datetime) -> None:
    """Enqueue a refresh of the published records that use ``rows``.

    Call it in the transaction that saves or deletes them, after its audit entry. That
    entry waits for the end of a publication that is going on meanwhile; looked for
    earlier, the record that is being published would not be there yet.
    """
    rows = list(rows)
    hosts = [row.host for row in rows if isinstance(row, EvidenceOnlyHost)]
    others = [row for row in rows if not isinstance(row, EvidenceOnlyHost)]
    catalogue.enqueue_refresh(others, hosts=hosts, at=at)


def may_be_used(row: RowPlan) -> bool:
    """Whether a published record may use what ``row`` of a sheet creates or changes.

    Nothing uses a new row, but a new host may be that of a source.
    """
    return row.action == UPDATED or isinstance(row.record, EvidenceOnlyHost)


def lock_rows(rows: Iterable[models.Model]) -> dict[models.Model, models.Model]:
    """Lock saved rows of several models until the transaction ends, in one order.

    First come pictures, names and other rows by label and primary key, then records by
    kind and key, as ``portal.publishing.review.versions`` states. Call it before the
    first audit entry: two transactions then never wait for each other in a circle.
    Returns, for each row that is still there, its status and signature as they are now.
    Rows that are not saved yet are left out.
    """
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        if row.pk is not None:
            by_model.setdefault(type(row), []).append(row)
    locked = {}
    for model in sorted(by_model, key=_lock_order):
        found = _lock(model, [row.pk for row in by_model[model]])
        present = (row for row in by_model[model] if row.pk in found)
        locked.update((row, found[row.pk]) for row in present)
    return locked


def is_stale(row: models.Model, now: models.Model | None) -> bool:
    """Whether somebody saved or deleted ``row`` since it was read; ``now`` is what
    :func:`lock_rows` returned for it."""
    if now is None:
        return True
    names = ("updated_at", "status")
    return any(getattr(row, name, None) != getattr(now, name, None) for name in names)


def _lock_order(model: type[models.Model]) -> tuple[bool, str]:
    is_record = issubclass(model, Publishable)
    return (is_record, model.kind if is_record else model._meta.label_lower)


def _lock(model: type[models.Model], pks: list[int]) -> dict[int, models.Model]:
    order = model.code_field if issubclass(model, Publishable) else "pk"
    known = {field.name for field in model._meta.concrete_fields}
    rows = models.QuerySet(model).select_for_update(no_key=True).order_by(order)
    rows = rows.only("pk", *(name for name in _READ if name in known))
    if len(pks) <= _AT_ONCE:
        return {row.pk: row for row in rows.filter(pk__in=pks)}
    # More than one statement may name: the keys are read first, in their order.
    keys = models.QuerySet(model).order_by(order).values_list("pk", flat=True)
    wanted = set(pks)
    ordered = [pk for pk in keys.iterator() if pk in wanted]
    found = {}
    for start in range(0, len(ordered), _AT_ONCE):
        some = rows.filter(pk__in=ordered[start : start + _AT_ONCE])
        found.update({row.pk: row for row in some})
    return found
