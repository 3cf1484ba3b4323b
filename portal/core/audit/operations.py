"""Operations that append entries to the audit log and erase personal values.

They are called in the transaction of the change that they record, so that an entry is
committed only together with the change.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence

from django.db import models, transaction

from portal.core.audit.chain import (
    compute_entry_hash,
    compute_personal_digest,
    verify_next_entries,
)
from portal.core.audit.choices import AuditAction
from portal.core.audit.diff import FieldChange, RowChange, diff_snapshots
from portal.core.audit.entries import (
    PendingAuditEntry,
    build_pending_entry,
    build_pending_entry_for_change,
)
from portal.core.audit.erasures import find_unexplained_losses
from portal.core.audit.models import ChainVerificationRun, Deed, Head, PersonalValue
from portal.core.audit.snapshots import Snapshot

# Entries that one step of a verification reads, and positions that it can list.
_ENTRIES_PER_STEP = 10_000
_MAX_LOST_POSITIONS = 50


def append_entry(
    row: models.Model,
    *,
    action: str,
    by,
    at: dt.datetime,
    changes: Sequence[FieldChange] = (),
    reason: str = "",
) -> Deed:
    """Append one audit entry about ``row`` and return it.

    ``by`` is the user who acted, ``at`` the time of the action.
    """
    return append_entries(
        [build_pending_entry(row, action, changes=changes, reason=reason)], by=by, at=at
    )[0]


@transaction.atomic
def append_entries(
    pending_entries: Iterable[PendingAuditEntry], *, by, at: dt.datetime
) -> list[Deed]:
    """Append several entries of one user with the same time, in the given order.

    The chain head is locked until the caller's transaction ends.
    """
    pending_entries = list(pending_entries)
    if not pending_entries:
        return []
    head = Head.objects.lock()
    entries, personal_values = [], []
    for pending_entry in pending_entries:
        changes, values = _split_personal_values(pending_entry)
        entry = Deed(
            position=head.position + 1,
            at=at,
            by=by,
            verb=pending_entry.action,
            model=pending_entry.object_model,
            row=pending_entry.object_id,
            name=pending_entry.record_code,
            record_model=pending_entry.record_model,
            record_row=pending_entry.record_id,
            changes=changes,
            note=pending_entry.reason,
            previous_hash=head.hash,
        )
        entry.hash = compute_entry_hash(entry)
        head.position, head.hash = entry.position, entry.hash
        for value in values:
            value.deed = entry
        entries.append(entry)
        personal_values += values
    Deed.objects.bulk_create(entries, batch_size=1000)
    PersonalValue.objects.bulk_create(personal_values, batch_size=1000)
    head.save(update_fields=["position", "hash"])
    return entries


def append_snapshot_diff(
    row: models.Model,
    *,
    before: Snapshot | None,
    after: Snapshot | None,
    by,
    at: dt.datetime,
    reason: str = "",
) -> list[Deed]:
    """Append entries for the differences between two snapshots of ``row``.

    There is one entry for the row and one for each of its child rows that differs.
    ``before`` is None for a created row, ``after`` is None for a deleted one. Returns
    the entries; without differences nothing is written.
    """
    row_changes = diff_snapshots(type(row), before, after, row.pk)
    pending_entries = [
        build_pending_entry_for_change(row, change, _get_action(change), reason)
        for change in row_changes
    ]
    return append_entries(pending_entries, by=by, at=at)


def _get_action(change: RowChange) -> AuditAction:
    if change.is_created:
        return AuditAction.CREATED
    return AuditAction.DELETED if change.is_deleted else AuditAction.CHANGED


def _split_personal_values(
    pending_entry: PendingAuditEntry,
) -> tuple[list[dict], list[PersonalValue]]:
    """Separate the personal values of an entry from its changes.

    Returns the changes as stored in the chain, with digests in place of personal
    values, and the unsaved PersonalValue rows.
    """
    changes, values = [], []
    for change in pending_entry.changes:
        field_key = {"field": change.field, "language": change.language}
        if not change.is_personal:
            changes.append({**field_key, "old": change.old, "new": change.new})
            continue
        salt = secrets.token_hex(16)
        value = PersonalValue(
            subject=pending_entry.subject,
            old=change.old,
            new=change.new,
            salt=salt,
            **field_key,
        )
        values.append(value)
        changes.append(
            {
                **field_key,
                "old_digest": compute_personal_digest(salt, change.old),
                "new_digest": compute_personal_digest(salt, change.new),
            }
        )
    return changes, values


@transaction.atomic
def erase_personal_values(
    subject: str, *, by, at: dt.datetime, reason: str = ""
) -> int:
    """Delete all personal values of ``subject`` from the audit log and record that.

    ``subject`` has the form ``people.person:12``. Returns the number of deleted values.
    The chain remains valid: it contains only digests, and the salts are deleted with
    the values, so that the values cannot be guessed from the digests.
    """
    deleted_count, _counts_by_model = PersonalValue.objects.filter(
        subject=subject
    ).delete()
    model, _separator, object_id = subject.rpartition(":")
    pending_entry = PendingAuditEntry(
        AuditAction.ERASED, model, object_id, "", model, object_id, reason=reason
    )
    append_entries([pending_entry], by=by, at=at)
    return deleted_count


@transaction.atomic
def start_verification(*, by, at: dt.datetime) -> ChainVerificationRun:
    """Create a verification of the whole chain, or return the one that is running.

    The caller enqueues the job that calls ``continue_verification``.
    """
    # The lock makes two simultaneous starts wait for each other.
    head = Head.objects.lock()
    running = ChainVerificationRun.objects.running(at).first()
    if running:
        return running
    return ChainVerificationRun.objects.create(
        started_by=by, started_at=at, progressed_at=at, head_position=head.position
    )


@transaction.atomic
def continue_verification(
    run: ChainVerificationRun, *, at: dt.datetime, limit: int = _ENTRIES_PER_STEP
) -> None:
    """Verify the next ``limit`` entries and store the progress in ``run``.

    ``run`` has ``finished_at`` afterwards if the end or a break of the chain is
    reached. Does nothing for a finished run.
    """
    if run.finished_at:
        return
    result = verify_next_entries(run.position, run.hash, limit=limit)
    losses = find_unexplained_losses(result).values()
    positions = sorted(position for row in losses for position in row)
    run.lost_count += len(positions)
    run.lost_positions = [*run.lost_positions, *positions][:_MAX_LOST_POSITIONS]
    run.position, run.hash = result.entry_count, result.head_hash
    run.first_broken_position = result.first_broken_position
    run.fault = result.fault
    run.progressed_at = at
    run.finished_at = at if result.is_complete else None
    run.save()
