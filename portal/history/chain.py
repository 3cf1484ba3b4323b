"""The links of the chain: how one is made, and how all of them are verified."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.history.models import Deed, Head, PersonalValue

# So many deeds are held in memory while the chain is read.
CHUNK = 2000


def link(deed: Deed) -> str:
    """The hash of ``deed``: SHA-256 over everything it says and the hash before it."""
    told = [
        deed.position,
        deed.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        deed.by_id,
        deed.verb,
        deed.model,
        deed.row,
        deed.name,
        deed.record_model,
        deed.record_row,
        deed.changes,
        deed.note,
        deed.previous_hash,
    ]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest(salt: str, value: str) -> str:
    """What the chain holds of a personal value."""
    return hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What reading the whole chain found: the first broken position (None: it is
    whole) with the reason, how many deeds there are, and the hash at the end.

    ``without_values`` are the entries whose personal values are not there any more, as
    far as the chain was read: positions by the model label and the key of the row.
    """

    deeds: int
    hash: str
    broken_at: int | None = None
    reason: str = ""
    without_values: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def verify() -> Verdict:
    """Read the whole chain from its beginning, and the personal values beside it."""
    position, last = 0, ""
    lost: dict[tuple[str, str], list[int]] = {}
    deeds = Deed.objects.order_by("position")
    while some := list(deeds.filter(position__gt=position)[:CHUNK]):
        values = _values(some)
        for deed in some:
            reason = _broken(deed, position, last, values)
            if reason:
                return Verdict(position, last, position + 1, reason, lost)
            if _lacks_values(deed, values):
                lost.setdefault((deed.model, deed.row), []).append(deed.position)
            position, last = deed.position, deed.hash
    head = Head.objects.filter(pk=1).first() or Head()
    if (head.position, head.hash) != (position, last):
        reason = _("The end of the chain is missing or another.")
        return Verdict(position, last, position + 1, reason, lost)
    return Verdict(position, last, without_values=lost)


def _values(deeds: list[Deed]) -> dict[tuple, PersonalValue]:
    found = PersonalValue.objects.filter(deed__in=deeds)
    return {(one.deed_id, one.field, one.language): one for one in found}


def _broken(deed: Deed, position: int, last: str, values: dict) -> str:
    """Why this deed does not follow the one before it; "" when it does."""
    if deed.position != position + 1:
        return _("An entry is missing.")
    if deed.previous_hash != last:
        return _("The entry does not follow the one before it.")
    if deed.hash != link(deed):
        return _("The entry says something else than when it was written.")
    for change in deed.changes:
        value = values.get((deed.position, change["field"], change["language"]))
        if value and not _is_as_digested(change, value):
            return _("A personal value is another than when it was written.")
    return ""


def _lacks_values(deed: Deed, values: dict) -> bool:
    return any(
        "new_digest" in change
        and (deed.position, change["field"], change["language"]) not in values
        for change in deed.changes
    )


def _is_as_digested(change: dict, value: PersonalValue) -> bool:
    return change.get("old_digest") == digest(value.salt, value.old) and change.get(
        "new_digest"
    ) == digest(value.salt, value.new)
