"""Update catalogue entries, and publish changes that other records cause in them.

The publishing operations call ``update_entry`` and ``remove_entry`` in their own
transaction. ``refresh`` and ``rebuild`` process entries in short transactions, each
locking at most ``BATCH_SIZE`` records in the order of kind and key. The change
sequence is the last lock of each transaction, after the audit chain head if that is
locked too.
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

from portal.content.catalogue.content_digest import (
    HOST_AXIS,
    ROW_AXIS,
    host_value,
    row_value,
)
from portal.content.catalogue.entry_writer import WrittenEntry, write_entries
from portal.content.catalogue.models import Entry, EntryTag
from portal.content.catalogue.registry import all_kinds, get_kind
from portal.content.catalogue.search.spelling import delete_stale_words
from portal.content.changes import operations as changes
from portal.content.changes.choices import ChangeAction
from portal.content.changes.models import Change
from portal.core.jobs import operations as jobs

logger = logging.getLogger(__name__)

# Number of records locked, read and written in one transaction.
BATCH_SIZE = 100

# Maximum number of rows in the payload of one job.
_MAX_VALUES_PER_JOB = 500

Position = tuple[str, str]


@dataclass
class RefreshResult:
    """Result of one transaction, with the position at which the next one continues.

    ``position`` is None at the end. ``revised`` are the records whose API responses
    changed. ``hidden`` are the records that are not public and whose entries were
    removed. ``missed`` are the (kind, code) of entries that were out of date although
    no upgrade explains it.
    """

    position: Position | None = None
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    revised: list[models.Model] = field(default_factory=list)
    hidden: list[models.Model] = field(default_factory=list)
    missed: list[Position] = field(default_factory=list)

    def count(self, written_entries: Iterable[WrittenEntry]) -> None:
        """Add the outcomes of writing some catalogue entries to this result."""
        for entry in written_entries:
            self.changed += entry.is_changed
            self.unchanged += not entry.is_changed
            if entry.is_revised:
                self.revised.append(entry.record)
            if entry.is_changed and not entry.is_expected:
                self.missed.append((entry.record.kind, entry.record.public_code))


@transaction.atomic
def update_entry(record) -> bool:
    """Create or update the entry of a published record; return True if it changed."""
    return write_entries([record])[0].is_changed


@transaction.atomic
def update_entries(records: Sequence) -> list[bool]:
    """Create or update the entries of published records of one kind.

    Return for each record whether its entry changed. The number of queries does not
    depend on the number of records.
    """
    return [entry.is_changed for entry in write_entries(records)] if records else []


@transaction.atomic
def remove_entry(*, kind: str, code: str) -> bool:
    """Delete the entry of a record; return False if there was none."""
    return remove_entries(kind=kind, codes=[code])


@transaction.atomic
def remove_entries(*, kind: str, codes: list[str]) -> bool:
    """Delete the entries of records of one kind; return False if there were none."""
    deleted, _ = Entry.objects.filter(kind=kind, code__in=codes).delete()
    return bool(deleted)


def enqueue_refresh(
    rows: Iterable[models.Model] = (),
    *,
    hosts: Iterable[str] = (),
    at: dt.datetime,
) -> None:
    """Enqueue a refresh of the entries that were built from ``rows`` or ``hosts``.

    Call this in the transaction that changes the rows, public or not, and after writing
    their audit entry: the audit entry waits for the end of concurrent publications,
    whose dependencies can be read only then. No job is created if no entry depends on
    the rows.
    """
    values_by_axis = {
        ROW_AXIS: sorted({row_value(row) for row in rows}),
        HOST_AXIS: sorted({host_value(host) for host in hosts}),
    }
    for axis, values in values_by_axis.items():
        for start in range(0, len(values), _MAX_VALUES_PER_JOB):
            chunk = values[start : start + _MAX_VALUES_PER_JOB]
            if EntryTag.objects.filter(axis=axis, value__in=chunk).exists():
                jobs.enqueue("catalogue.refresh", at=at, axis=axis, values=chunk)


@transaction.atomic
def refresh(
    *, axis: str, values: Sequence[str], after: Position | None, at: dt.datetime
) -> RefreshResult:
    """Update the next batch of entries that have one of ``values`` on ``axis``.

    ``after`` is the position returned by the previous call, None for the first one. A
    record whose API responses changed gets its next revision and a change in the feed,
    and a refresh of its own dependents is enqueued. The entry of a record that is not
    public is removed.
    """
    entries = Entry.objects.tagged(axis, *values)
    positions = list(
        _filter_after(entries, after).values_list("kind", "code")[:BATCH_SIZE]
    )
    result = _refresh(positions, at)
    if len(positions) == BATCH_SIZE:
        result.position = positions[-1]
    return result


def refresh_all(*, axis: str, values: Sequence[str], at: dt.datetime) -> int:
    """Refresh all entries with one of ``values`` on ``axis``, batch by batch.

    Return the number of entries that were changed or removed.
    """
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
    """Rebuild the catalogue from the published records, batch by batch.

    Return the numbers of entries that were written, removed and left unchanged. The
    first two are 0 if the catalogue was up to date. ``clock`` returns the time of each
    later batch; without it all batches use ``at``.
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
def rebuild_next(*, after: Position | None, at: dt.datetime) -> RefreshResult:
    """Compare the next batch of entries with the published records, and correct them.

    ``after`` is the position returned by the previous call (a kind and the primary key
    of its last record), None for the first one. Outdated entries are logged as errors
    unless a release with another digest version wrote them.
    """
    positions, position = _get_next_positions(after)
    result = _refresh(positions, at)
    result.position = position
    for kind, code in result.missed:
        logger.error("Catalogue entry of %s %s was out of date.", kind, code)
    return result


@transaction.atomic
def clean_search_words(*, after: int) -> int | None:
    """Delete stale words for the correction of typing errors, from the next batch.

    ``after`` is the value returned by the previous call, 0 for the first one. Return
    None at the end.
    """
    return delete_stale_words(after)


def _get_next_positions(
    after: Position | None,
) -> tuple[list[Position], Position | None]:
    """Return (kind, code) of the next entries, and the position after them.

    The position is None at the end. For each kind, entries of records that are not
    public come first. These are removed, so the position does not advance. Then follow
    the published records by primary key.
    """
    positions: list[Position] = []
    models_by_kind = {kind.code: kind.model for kind in all_kinds()}
    unregistered_kinds = Entry.objects.exclude(
        kind__in=list(models_by_kind)
    ).values_list("kind", flat=True)
    first_kind, last_pk = (after[0], int(after[1])) if after else ("", 0)
    for kind in sorted({*models_by_kind, *unregistered_kinds}):
        if kind < first_kind:
            continue
        last_pk_of_kind = last_pk if kind == first_kind else 0
        remaining = BATCH_SIZE - len(positions)
        stale_codes = (
            []
            if last_pk_of_kind
            else list(_get_stale_codes(kind, models_by_kind.get(kind))[:remaining])
        )
        positions += [(kind, code) for code in stale_codes]
        if len(stale_codes) == remaining:
            return positions, (kind, "0")
        rows = list(
            _get_published_after(models_by_kind.get(kind), last_pk_of_kind)[
                : remaining - len(stale_codes)
            ]
        )
        positions += [(kind, str(code)) for _pk, code in rows]
        if len(positions) == BATCH_SIZE:
            return positions, (kind, str(rows[-1][0]))
    return positions, None


def _get_stale_codes(kind: str, model: type[models.Model] | None) -> models.QuerySet:
    """Return the codes of entries of ``kind`` whose records are not published."""
    entries = Entry.objects.of_kind(kind).order_by("code")
    if model is not None:
        code = Cast(model.code_field, CharField())
        # Compare the status only: a record published during the rebuild has a
        # publication time later than the start of this batch.
        published = model.objects.with_published_status()
        published_rows = models.QuerySet(model, query=published.query)
        entries = entries.exclude(code__in=published_rows.order_by().values_list(code))
    return entries.values_list("code", flat=True)


def _get_published_after(
    model: type[models.Model] | None, last_pk: int
) -> models.QuerySet | list:
    if model is None:
        return []
    published = model.objects.with_published_status()
    published = published.filter(pk__gt=last_pk).order_by("pk")
    return published.values_list("pk", model.code_field)


def _filter_after(entries: models.QuerySet, after: Position | None) -> models.QuerySet:
    ordered = entries.order_by("kind", "code")
    if after is None:
        return ordered
    kind, code = after
    return ordered.filter(Q(kind__gt=kind) | Q(kind=kind, code__gt=code))


def _refresh(positions: Sequence[Position], at: dt.datetime) -> RefreshResult:
    """Refresh the entries of ``positions``, which are grouped by kind.

    All records are locked before anything is written, and the change sequence last. A
    record that cannot be written is logged as an error; its old entry is not changed.
    """
    result = RefreshResult()
    registered_kinds = {kind.code for kind in all_kinds()}
    by_kind = {
        kind: [code for _kind, code in pairs]
        for kind, pairs in groupby(sorted(positions), key=itemgetter(0))
    }
    locked_records = {
        kind: _lock_records(kind, codes) if kind in registered_kinds else []
        for kind, codes in by_kind.items()
    }
    pending_changes = []
    for kind, codes in by_kind.items():
        public_records = [
            record for record in locked_records[kind] if record.is_published
        ]
        if public_records:
            result.count(_write_valid_entries(public_records, at))
        public_codes = {record.public_code for record in public_records}
        removed_codes = _remove_stale(
            kind, [c for c in codes if c not in public_codes], result
        )
        result.hidden += [
            record
            for record in locked_records[kind]
            if record.public_code in removed_codes
        ]
        pending_changes += _build_withdrawals(kind, removed_codes, at)
    pending_changes += [
        changes.PendingChange(
            record.kind, record.public_code, ChangeAction.UPDATED, record.revision, at
        )
        for record in result.revised
    ]
    enqueue_refresh([*result.revised, *result.hidden], at=at)
    if pending_changes:
        changes.append_changes(pending_changes)
    return result


def _write_valid_entries(records: list, at: dt.datetime) -> list[WrittenEntry]:
    """Write the entries of published records of one kind in one savepoint.

    If that fails, write them one by one, so that one faulty record does not block the
    others; the row locks of the caller remain. Errors of the database itself, such as a
    lost connection, are raised, so that the job is retried.
    """
    try:
        with transaction.atomic():
            return write_entries(records, revise_at=at)
    except Exception as error:
        _reraise_database_failure(error)
    written_entries = []
    for record in records:
        try:
            with transaction.atomic():
                # Load the record again: the failed call may have incremented its
                # revision.
                written_entries += write_entries(
                    [type(record).objects.get(pk=record.pk)], revise_at=at
                )
        except Exception as error:
            _reraise_database_failure(error)
            logger.exception(
                "Cannot write the catalogue entry of %s %s.",
                record.kind,
                record.public_code,
            )
    return written_entries


def _reraise_database_failure(error: Exception) -> None:
    """Raise ``error`` again unless the data of a single record can have caused it."""
    is_database_error = isinstance(error, DatabaseError)
    if is_database_error and not isinstance(error, (DataError, IntegrityError)):
        raise error


def _lock_records(kind: str, codes: list[str]) -> list:
    """Return the records with these codes, whatever their status, locked for update.

    Read the status from the locked rows: they cannot be published or withdrawn while
    their entries are written or removed.
    """
    model = get_kind(kind).model
    records = model.objects.locked_in_order()
    return list(records.filter(**{f"{model.code_field}__in": codes}))


def _get_published_codes(kind: str, codes: list[str]) -> set[str]:
    model = {
        registered_kind.code: registered_kind.model for registered_kind in all_kinds()
    }.get(kind)
    if model is None:
        return set()
    published = model.objects.with_published_status()
    matching_records = published.filter(**{f"{model.code_field}__in": codes})
    return {
        str(code) for code in matching_records.values_list(model.code_field, flat=True)
    }


def _remove_stale(kind: str, codes: list[str], result: RefreshResult) -> list[str]:
    """Remove the entries of records that are not public; return their codes."""
    entries = Entry.objects.of_kind(kind).filter(code__in=codes).order_by("code")
    stale_codes = list(entries.values_list("code", flat=True))
    if not stale_codes:
        return []
    # A row that was inserted after the others were locked may be published by now.
    public_codes = _get_published_codes(kind, stale_codes)
    removed_codes = [code for code in stale_codes if code not in public_codes]
    remove_entries(kind=kind, codes=removed_codes)
    result.removed += len(removed_codes)
    result.missed += [(kind, code) for code in removed_codes]
    return removed_codes


def _build_withdrawals(
    kind: str, removed_codes: list[str], at: dt.datetime
) -> list[changes.PendingChange]:
    """Return the withdrawals to announce for records whose entries were removed.

    A regular withdrawal removes the entry and announces itself. A row deleted by other
    means does neither, so its withdrawal is announced here.
    """
    if not removed_codes:
        return []
    last_changes = {
        change.code: change
        for change in Change.objects.filter(kind=kind, code__in=removed_codes).order_by(
            "position"
        )
    }
    return [
        changes.PendingChange(kind, code, ChangeAction.WITHDRAWN, change.revision, at)
        for code, change in last_changes.items()
        if change.action != ChangeAction.WITHDRAWN
    ]
