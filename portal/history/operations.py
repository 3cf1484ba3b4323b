"""Writing the history. Called by the operations and doors that write anything else, in
their transaction: what is not committed is not told either."""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence

from django.db import models, transaction

from portal.history.chain import digest, link
from portal.history.choices import Verb
from portal.history.comparing import FieldChange, RowChange, differences
from portal.history.deeds import Told, of_change, tell
from portal.history.models import Deed, Head, PersonalValue
from portal.history.snapshots import Snapshot


def append(
    row: models.Model,
    *,
    verb: str,
    by,
    at: dt.datetime,
    changes: Sequence[FieldChange] = (),
    note: str = "",
) -> Deed:
    """Write that ``by`` did ``verb`` to ``row`` at ``at``, for the reason ``note``."""
    return append_many([tell(row, verb, changes=changes, note=note)], by=by, at=at)[0]


@transaction.atomic
def append_many(told: Iterable[Told], *, by, at: dt.datetime) -> list[Deed]:
    """Write several deeds of one person at one time, in this order.

    The end of the chain stays locked until the caller's commit.
    """
    told = list(told)
    if not told:
        return []
    head = Head.objects.held()
    deeds, personal = [], []
    for one in told:
        changes, values = _parted(one)
        deed = Deed(
            position=head.position + 1,
            at=at,
            by=by,
            verb=one.verb,
            model=one.model,
            row=one.row,
            name=one.name,
            record_model=one.record_model,
            record_row=one.record_row,
            changes=changes,
            note=one.note,
            previous_hash=head.hash,
        )
        deed.hash = link(deed)
        head.position, head.hash = deed.position, deed.hash
        for value in values:
            value.deed = deed
        deeds.append(deed)
        personal += values
    Deed.objects.bulk_create(deeds, batch_size=1000)
    PersonalValue.objects.bulk_create(personal, batch_size=1000)
    head.save(update_fields=["position", "hash"])
    return deeds


def append_changes(
    row: models.Model,
    *,
    before: Snapshot | None,
    after: Snapshot | None,
    by,
    at: dt.datetime,
    note: str = "",
) -> list[Deed]:
    """Write what is different between two snapshots of ``row`` and its parts.

    ``before`` None: the row was made; ``after`` None: it was deleted. Nothing is
    written where nothing is different.
    """
    found = differences(type(row), before, after, row.pk)
    told = [of_change(row, one, _verb_of(one), note) for one in found]
    return append_many(told, by=by, at=at)


def _verb_of(change: RowChange) -> Verb:
    if change.is_new:
        return Verb.CREATED
    return Verb.DELETED if change.is_gone else Verb.CHANGED


def _parted(told: Told) -> tuple[list[dict], list[PersonalValue]]:
    """The changes as the chain holds them, and what stands outside it."""
    changes, values = [], []
    for one in told.changes:
        same = {"field": one.field, "language": one.language}
        if not one.is_personal:
            changes.append({**same, "old": one.old, "new": one.new})
            continue
        salt = secrets.token_hex(16)
        value = PersonalValue(
            subject=told.subject, old=one.old, new=one.new, salt=salt, **same
        )
        values.append(value)
        changes.append(
            {
                **same,
                "old_digest": digest(salt, one.old),
                "new_digest": digest(salt, one.new),
            }
        )
    return changes, values


@transaction.atomic
def erase(subject: str, *, by, at: dt.datetime, note: str = "") -> int:
    """Erase every personal value about ``subject``; how many there were.

    ``note`` is the reason. The chain still verifies: it never held more than digests,
    whose salt goes too.
    """
    erased, _kinds = PersonalValue.objects.filter(subject=subject).delete()
    model, _colon, row = subject.rpartition(":")
    told = Told(Verb.ERASED, model, row, "", model, row, note=note)
    append_many([told], by=by, at=at)
    return erased
