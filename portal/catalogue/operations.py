"""Writing the catalogue, and announcing what other records changed in an API answer.

``write`` and ``remove`` are called by the publishing operations, in their transaction.
``refresh`` and ``rebuild`` go through entries in short transactions, each of at most
``BATCH`` records locked in the order of kind and key. The change sequence is the last
lock of each, after the audit chain head where a transaction has that.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from django.db import DatabaseError, DataError, IntegrityError, models, transaction
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from portal.catalogue.content import (
    HOST_AXIS,
    ROW_AXIS,
    host_value,
    row_value,
)
from portal.catalogue.models import Entry, EntryTag
from portal.catalogue.registry import kind_of, kinds
from portal.catalogue.writing import Written, put
from portal.changes import operations as changes
from portal.changes.choices import Action
from portal.changes.models import Change
from portal.jobs import operations as jobs

logger = logging.getLogger(__name__)

# As many records are locked, read and written in one transaction.
BATCH = 100

# As many rows are named by one job.
_VALUES = 500

# (kind, code) of an entry.
Position = tuple[str, str]


@dataclass
class Result:
    """What one transaction did, and where the next one goes on (None: finished).

    ``revised`` are the records whose API answers changed. ``hidden`` are the records
    that are not public and whose entries were removed. ``missed`` are the (kind,
    code) of entries that were not what they should have been without an upgrade to
    explain it.
    """

    position: Position | None = None
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    revised: list[models.Model] = field(default_factory=list)
    hidden: list[models.Model] = field(default_factory=list)
    missed: list[Position] = field(default_factory=list)

    def count(self, written: Iterable[Written]) -> None:
        """Add what was done with these records."""
        for one in written:
            self.changed += one.is_changed
            self.unchanged += not one.is_changed
            if one.is_revised:
                self.revised.append(one.record)
            if one.is_changed and not one.is_expected:
                self.missed.append((one.record.kind, one.record.public_code))


@transaction.atomic
def write(record) -> bool:
    """Bring the entry of a published ``record`` up to date; True when it changed."""
    return put([record])[0].is_changed


@transaction.atomic
def write_many(records: Sequence) -> list[bool]:
    """Bring the entries of published records of one kind up to date, as :func:`write`
    does one by one; which of them changed."""
    return [one.is_changed for one in put(records)] if records else []


@transaction.atomic
def remove(*, kind: str, code: str) -> bool:
    """Take a record out of the catalogue; False when it was not in it."""
    return remove_many(kind=kind, codes=[code])


@transaction.atomic
def remove_many(*, kind: str, codes: list[str]) -> bool:
    """Take these records out of the catalogue; False when none was in it."""
    deleted, _ = Entry.objects.filter(kind=kind, code__in=codes).delete()
    return bool(deleted)


def enqueue_refresh(
    rows: Iterable[models.Model] = (),
    *,
    hosts: Iterable[str] = (),
    at: dt.datetime,
) -> None:
    """Enqueue a refresh of the entries that were built from ``rows`` or ``hosts``.

    Call it in the transaction that changes the rows, whether they are public or not,
    and after its audit entry. That entry waits for the end of a publication that is
    going on meanwhile, whose dependencies can be read only then. No job is written
    while no entry depends on the rows.
    """
    asked = {
        ROW_AXIS: sorted({row_value(row) for row in rows}),
        HOST_AXIS: sorted({host_value(host) for host in hosts}),
    }
    for axis, values in asked.items():
        for start in range(0, len(values), _VALUES):
            some = values[start : start + _VALUES]
            if EntryTag.objects.filter(axis=axis, value__in=some).exists():
                jobs.enqueue("catalogue.refresh", at=at, axis=axis, values=some)


@transaction.atomic
def refresh(
    *, axis: str, values: Sequence[str], after: Position | None, at: dt.datetime
) -> Result:
    """Bring up to date the next entries that have one of ``values`` on ``axis``.

    ``after`` is the position of the last call, None at the beginning. A record whose
    API answers changed has its next revision and a change, and what depends on it is
    refreshed in turn. The entry of a record that is not public is removed.
    """
    entries = Entry.objects.tagged(axis, *values)
    found = list(_following(entries, after).values_list("kind", "code")[:BATCH])
    result = _refresh(found, at)
    if len(found) == BATCH:
        result.position = found[-1]
    return result


def refresh_all(*, axis: str, values: Sequence[str], at: dt.datetime) -> int:
    """Refresh every entry with one of ``values``; how many changed or were removed."""
    count, after = 0, None
    while True:
        result = refresh(axis=axis, values=values, after=after, at=at)
        count += result.changed + result.removed
        after = result.position
        if after is None:
            return count


def rebuild(
    *, at: dt.datetime, clock: Callable[[], dt.datetime] | None = None
) -> tuple[int, int, int]:
    """Make the catalogue what the published records say, batch by batch.

    Returns how many entries were (written or changed, removed, left as they were). On a
    healthy database the first two are 0. ``clock`` is the clock for the later batches;
    without it they are taken to happen at ``at``.
    """
    changed = removed = unchanged = 0
    after = None
    while True:
        result = rebuild_next(after=after, at=at)
        changed += result.changed
        removed += result.removed
        unchanged += result.unchanged
        after = result.position
        if after is None:
            return changed, removed, unchanged
        at = clock() if clock else at


@transaction.atomic
def rebuild_next(*, after: Position | None, at: dt.datetime) -> Result:
    """Compare the next entries with the published records, and correct them.

    ``after`` is the position of the last call, None at the beginning; here it is a kind
    and the primary key of its last record. What was missed is logged as an error,
    unless the entry was written before a release that digests otherwise.
    """
    found, position = _next_to_compare(after)
    result = _refresh(found, at)
    result.position = position
    for kind, code in result.missed:
        logger.error("The catalogue entry of %s %s was not up to date.", kind, code)
    return result


def _next_to_compare(
    after: Position | None,
) -> tuple[list[Position], Position | None]:
    """(kind, code) of the next entries, and the position behind them (None: the end).

    Of each kind first the entries of records that are not public, which are removed, so
    the position stays; then the published records by primary key.
    """
    found: list[Position] = []
    known = {kind.code: kind.model for kind in kinds()}
    others = Entry.objects.exclude(kind__in=list(known)).values_list("kind", flat=True)
    first, last_pk = (after[0], int(after[1])) if after else ("", 0)
    for kind in sorted({*known, *others}):
        if kind < first:
            continue
        last = last_pk if kind == first else 0
        room = BATCH - len(found)
        stale = [] if last else list(_stale_codes(kind, known.get(kind))[:room])
        found += [(kind, code) for code in stale]
        if len(stale) == room:
            return found, (kind, "0")
        rows = list(_published_after(known.get(kind), last)[: room - len(stale)])
        found += [(kind, str(code)) for _pk, code in rows]
        if len(found) == BATCH:
            return found, (kind, str(rows[-1][0]))
    return found, None


def _stale_codes(kind: str, model: type[models.Model] | None) -> models.QuerySet:
    entries = Entry.objects.of_kind(kind).order_by("code")
    if model is not None:
        code = Cast(model.code_field, CharField())
        # By the status alone: a record that is published while the rebuild runs has a
        # later time of publication than the one that the batch began at.
        published = model.objects.with_published_status()
        public = models.QuerySet(model, query=published.query)
        entries = entries.exclude(code__in=public.order_by().values_list(code))
    return entries.values_list("code", flat=True)


def _published_after(
    model: type[models.Model] | None, last: int
) -> models.QuerySet | list:
    if model is None:
        return []
    published = model.objects.with_published_status()
    published = published.filter(pk__gt=last).order_by("pk")
    return published.values_list("pk", model.code_field)


def _following(entries: models.QuerySet, after: Position | None) -> models.QuerySet:
    ordered = entries.order_by("kind", "code")
    if after is None:
        return ordered
    kind, code = after
    return ordered.filter(Q(kind__gt=kind) | Q(kind=kind, code__gt=code))


def _refresh(found: Sequence[Position], at: dt.datetime) -> Result:
    """Refresh the entries of ``found``, which are grouped by kind.

    All records are locked before anything is written, the change sequence at the end.
    A record that cannot be written is logged as an error and keeps its old entry.
    """
    result = Result()
    known = {kind.code for kind in kinds()}
    by_kind = {
        kind: [code for _kind, code in pairs]
        for kind, pairs in groupby(sorted(found), key=itemgetter(0))
    }
    locked = {
        kind: _lock_records(kind, codes) if kind in known else []
        for kind, codes in by_kind.items()
    }
    steps = []
    for kind, codes in by_kind.items():
        public = [record for record in locked[kind] if record.is_published]
        if public:
            result.count(_put_each_possible(public, at))
        kept = {record.public_code for record in public}
        removed = _remove_stale(kind, [c for c in codes if c not in kept], result)
        result.hidden += [
            record for record in locked[kind] if record.public_code in removed
        ]
        steps += _withdrawals(kind, removed, at)
    steps += [
        changes.Step(
            record.kind, record.public_code, Action.UPDATED, record.revision, at
        )
        for record in result.revised
    ]
    enqueue_refresh([*result.revised, *result.hidden], at=at)
    if steps:
        changes.append_many(steps)
    return result


def _put_each_possible(records: list, at: dt.datetime) -> list[Written]:
    """Write the entries of published records of one kind, all of them at once.

    If that fails they are written one by one, so that a record with a fault does not
    keep the others from being written; the caller goes on to hold all their locks. An
    error of the database itself, such as a lost connection, is raised: then the job is
    tried again.
    """
    try:
        with transaction.atomic():
            return put(records, revise_at=at)
    except Exception as error:
        _raise_unless_of_record(error)
    written = []
    for record in records:
        try:
            with transaction.atomic():
                # Read again: the failed call may have counted the revision up.
                written += put([type(record).objects.get(pk=record.pk)], revise_at=at)
        except Exception as error:
            _raise_unless_of_record(error)
            logger.exception(
                "The catalogue entry of %s %s could not be written.",
                record.kind,
                record.public_code,
            )
    return written


def _raise_unless_of_record(error: Exception) -> None:
    """Raise ``error`` again unless the values of a record can be its cause."""
    of_database = isinstance(error, DatabaseError)
    if of_database and not isinstance(error, (DataError, IntegrityError)):
        raise error


def _lock_records(kind: str, codes: list[str]) -> list:
    """The records with these codes, whatever their status, locked and read.

    The status is decided on in the locked rows. No one can publish or withdraw one of
    them while its entry is written or removed.
    """
    model = kind_of(kind).model
    records = model.objects.locked_in_order()
    return list(records.filter(**{f"{model.code_field}__in": codes}))


def _published_codes(kind: str, codes: list[str]) -> set[str]:
    model = {one.code: one.model for one in kinds()}.get(kind)
    if model is None:
        return set()
    published = model.objects.with_published_status()
    found = published.filter(**{f"{model.code_field}__in": codes})
    return {str(code) for code in found.values_list(model.code_field, flat=True)}


def _remove_stale(kind: str, codes: list[str], result: Result) -> list[str]:
    """Remove the entries of records that are not public; the codes of those."""
    entries = Entry.objects.of_kind(kind).filter(code__in=codes).order_by("code")
    stale = list(entries.values_list("code", flat=True))
    if not stale:
        return []
    # A row that was added after the others were locked may be published by now.
    public = _published_codes(kind, stale)
    gone = [code for code in stale if code not in public]
    remove_many(kind=kind, codes=gone)
    result.removed += len(gone)
    result.missed += [(kind, code) for code in gone]
    return gone


def _withdrawals(kind: str, gone: list[str], at: dt.datetime) -> list[changes.Step]:
    """The withdrawals to announce of records whose entries were removed.

    Withdrawing a record removes the entry and announces it. A row that was deleted by
    other means has neither.
    """
    if not gone:
        return []
    last = {
        change.code: change
        for change in Change.objects.filter(kind=kind, code__in=gone).order_by(
            "position"
        )
    }
    return [
        changes.Step(kind, code, Action.WITHDRAWN, change.revision, at)
        for code, change in last.items()
        if change.action != Action.WITHDRAWN
    ]
