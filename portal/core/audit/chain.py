"""Hash chain of the audit log: computing hashes and verifying the whole chain."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

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
    """Result of verifying the hash chain of the audit log.

    ``entry_count`` is the number of valid entries and ``head_hash`` the hash of the
    last of them. ``first_broken_position`` is None if the whole chain is valid;
    otherwise ``reason`` explains the break. ``without_values`` lists entries whose
    personal values are missing from the database, up to the break: it maps
    (model label, primary key as text) to positions.
    """

    entry_count: int
    head_hash: str
    first_broken_position: int | None = None
    reason: str = ""
    without_values: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def verify_chain() -> ChainVerification:
    """Verify all audit entries from the first one, including their personal values.

    Stops at the first entry that is missing or altered.
    """
    position, previous_hash = 0, ""
    missing_values: dict[tuple[str, str], list[int]] = {}
    entries = Deed.objects.order_by("position")
    while batch := list(
        entries.filter(position__gt=position)[:VERIFICATION_BATCH_SIZE]
    ):
        values = _load_personal_values(batch)
        for entry in batch:
            reason = _find_break(entry, position, previous_hash, values)
            if reason:
                return ChainVerification(
                    position, previous_hash, position + 1, reason, missing_values
                )
            if _lacks_values(entry, values):
                missing_values.setdefault((entry.model, entry.row), []).append(
                    entry.position
                )
            position, previous_hash = entry.position, entry.hash
    head = Head.objects.filter(pk=1).first() or Head()
    if (head.position, head.hash) != (position, previous_hash):
        reason = _("The end of the audit log is missing or has changed.")
        return ChainVerification(
            position, previous_hash, position + 1, reason, missing_values
        )
    return ChainVerification(position, previous_hash, without_values=missing_values)


def _load_personal_values(entries: list[Deed]) -> dict[tuple, PersonalValue]:
    values = PersonalValue.objects.filter(deed__in=entries)
    return {(value.deed_id, value.field, value.language): value for value in values}


def _find_break(entry: Deed, position: int, previous_hash: str, values: dict) -> str:
    """Return why the entry is not a valid successor of the previous one, else "".

    The position and hash passed are those of the previous entry. ``values`` are the
    stored personal values by (position, field, language).
    """
    if entry.position != position + 1:
        return _("An entry is missing.")
    if entry.previous_hash != previous_hash:
        return _("The entry does not follow the one before it.")
    if entry.hash != compute_entry_hash(entry):
        return _("This entry has been changed since it was written.")
    for change in entry.changes:
        value = values.get((entry.position, change["field"], change["language"]))
        if value and not _matches_digests(change, value):
            return _("A personal value is another than when it was written.")
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
