"""Appending to the sequence of public changes."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from portal.changes.choices import Action
from portal.changes.models import Change, Sequence


class Step(NamedTuple):
    """What is to be told of a record: fields as in Change."""

    kind: str
    code: str
    action: Action
    revision: int
    changed_at: dt.datetime


def append(
    *, kind: str, code: str, action: Action, revision: int, at: dt.datetime
) -> Change:
    """Write the next change. The position's lock is held until the caller's commit."""
    return append_many([Step(kind, code, action, revision, at)])[0]


@transaction.atomic
def append_many(steps: Iterable[Step]) -> list[Change]:
    """Write the next changes, in this order, as :func:`append` does one."""
    steps = list(steps)
    sequence = Sequence.objects.locked()
    first = sequence.last_position + 1
    sequence.last_position += len(steps)
    sequence.save(update_fields=["last_position"])
    return Change.objects.bulk_create(
        Change(position=position, **step._asdict())
        for position, step in enumerate(steps, start=first)
    )


def forget(*, kind: str, codes: list[str]) -> None:
    """Delete what was told of records that are erased: invented ones only.

    Positions are not given out again, so nobody misses a later change.
    """
    Change.objects.filter(kind=kind, code__in=codes).delete()
