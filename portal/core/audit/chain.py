"""Hash chain of the audit log: computing hashes and verifying the whole chain."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field, replace

from portal.core.audit.choices import ChainFault, get_fault_label
from portal.core.audit.models import Deed, Head, PersonalValue

# Number of audit entries loaded at a time while the chain is verified.
VERIFICATION_BATCH_SIZE = 2000


def compute_entry_hash(entry: Deed) -> str:
    """Compute the hash of an audit entry.

    Returns the hexadecimal SHA-256 of a JSON list with all values of the entry and the
    hash of the previous entry.
    """
    hashed_values = [
        entry.position,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.by_id,
        entry.verb,
        entry.model,
        entry.row,
        entry.name,
        entry.record_model,
        entry.record_row,
        entry.changes,
        entry.note,
        entry.previous_hash,
    ]
    text = json.dumps(
        hashed_values, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def compute_personal_digest(salt: str, value: str) -> str:
    """Return the salted SHA-256 digest that the chain stores for a personal value."""
    return hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest()


@dataclass(frozen=True)
class ChainVerification:
    """Result of verifying the hash chain of the audit log, or a part of it.

    ``entry_count`` is the position of the last valid entry and ``head_hash`` its hash.
    ``first_broken_position`` is None if all entries that were read are valid; otherwise
    ``fault`` says why the chain is broken there. ``is_complete`` is False if entries
    follow that were not read yet. ``without_values`` lists entries whose personal
    values are missing from the database, up to the break: it maps (model label, primary
    key as text) to positions.
    """

    entry_count: int
    head_hash: str
    first_broken_position: int | None = None
    fault: str = ""
    is_complete: bool = True
    without_values: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Explanation of the break in the active language, "" if there is none."""
        return get_fault_label(self.fault)


def verify_chain() -> ChainVerification:
    """Verify all audit entries from the first one, including their personal values.

    Stops at the first entry that is missing or altered.
    """
    result = ChainVerification(0, "", is_complete=False)
    missing_values: dict[tuple[str, str], list[int]] = {}
    while not result.is_complete:
        result = verify_next_entries(result.entry_count, result.head_hash)
        for row, positions in result.without_values.items():
            missing_values.setdefault(row, []).extend(positions)
    return replace(result, without_values=missing_values)


def verify_next_entries(
    position: int, previous_hash: str, *, limit: int = VERIFICATION_BATCH_SIZE
) -> ChainVerification:
    """Verify up to ``limit`` audit entries that follow a valid one.

    ``position`` and ``previous_hash`` are those of the valid entry; 0 and "" start at
    the first one. Entries may be appended meanwhile. Stops at the first entry that is
    missing or altered; the result is then complete.
    """
    missing_values: dict[tuple[str, str], list[int]] = {}
    entries = Deed.objects.filter(position__gt=position).order_by("position")
    batch = list(entries[:limit])
    values = _load_personal_values(batch)
    for entry in batch:
        fault = _find_break(entry, position, previous_hash, values)
        if fault:
            return ChainVerification(
                position, previous_hash, position + 1, fault, True, missing_values
            )
        if _lacks_values(entry, values):
            missing_values.setdefault((entry.model, entry.row), []).append(
                entry.position
            )
        position, previous_hash = entry.position, entry.hash
    if len(batch) == limit:
        return ChainVerification(
            position, previous_hash, is_complete=False, without_values=missing_values
        )
    # Read after the entries: the chain may have become longer meanwhile.
    head = Head.objects.filter(pk=1).first() or Head()
    if (head.position, head.hash) == (position, previous_hash):
        return ChainVerification(position, previous_hash, without_values=missing_values)
    if head.position > position and Deed.objects.filter(position=position + 1).exists():
        return ChainVerification(
            position, previous_hash, is_complete=False, without_values=missing_values
        )
    return ChainVerification(
        position,
        previous_hash,
        position + 1,
        ChainFault.END,
        without_values=missing_values,
    )


def _load_personal_values(entries: list[Deed]) -> dict[tuple, PersonalValue]:
    values = PersonalValue.objects.filter(deed__in=entries)
    return {(value.deed_id, value.field, value.language): value for value in values}


def _find_break(entry: Deed, position: int, previous_hash: str, values: dict) -> str:
    """Return the fault if the entry is no valid successor of the previous one, else "".

    The position and hash passed are those of the previous entry. ``values`` are the
    stored personal values by (position, field, language).
    """
    if entry.position != position + 1:
        return ChainFault.MISSING
    if entry.previous_hash != previous_hash:
        return ChainFault.ORDER
    if entry.hash != compute_entry_hash(entry):
        return ChainFault.CHANGED
    for change in entry.changes:
        value = values.get((entry.position, change["field"], change["language"]))
        if value and not _matches_digests(change, value):
            return ChainFault.PERSONAL_VALUE
    return ""


def _lacks_values(entry: Deed, values: dict) -> bool:
    return any(
        "new_digest" in change
        and (entry.position, change["field"], change["language"]) not in values
        for change in entry.changes
    )


def _matches_digests(change: dict, value: PersonalValue) -> bool:
    return change.get("old_digest") == compute_personal_digest(
        value.salt, value.old
    ) and change.get("new_digest") == compute_personal_digest(value.salt, value.new)
