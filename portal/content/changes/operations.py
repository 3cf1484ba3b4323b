"""Append to the log of public changes."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from portal.content.changes.choices import ChangeAction
from portal.content.changes.models import Change, Sequence


class PendingChange(NamedTuple):
    """A public change that is to be appended to the log.

    The fields are those of Change without the position.
    """

    kind: str
    code: str
    action: ChangeAction
    revision: int
    changed_at: dt.datetime


def append_change(
    *, kind: str, code: str, action: ChangeAction, revision: int, at: dt.datetime
) -> Change:
    """Append a change to the log; the sequence stays locked until commit."""
    return append_changes([PendingChange(kind, code, action, revision, at)])[0]


@transaction.atomic
def append_changes(pending_changes: Iterable[PendingChange]) -> list[Change]:
    """Append changes to the log in this order.

    The sequence stays locked until the caller's transaction is committed.
    """
    pending_changes = list(pending_changes)
    sequence = Sequence.objects.locked()
    first_position = sequence.last_position + 1
    sequence.last_position += len(pending_changes)
    sequence.save(update_fields=["last_position"])
    return Change.objects.bulk_create(
        Change(position=position, **pending_change._asdict())
        for position, pending_change in enumerate(pending_changes, start=first_position)
    )


def delete_sample_changes(*, kind: str, codes: list[str]) -> None:
    """Delete the changes of deleted sample records.

    Positions are not reused, so clients do not miss later changes.
    """
    Change.objects.filter(kind=kind, code__in=codes).delete()
