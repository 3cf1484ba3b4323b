"""Deeds as they are to be written: what is told of a row, before it has its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from portal.history.comparing import FieldChange, RowChange


@dataclass(frozen=True)
class Told:
    """What is to be written of one deed; fields as in :class:`Deed`.

    ``subject`` names the person whom personal values are about.
    """

    verb: str
    model: str
    row: str
    name: str
    record_model: str
    record_row: str
    changes: tuple[FieldChange, ...] = ()
    note: str = ""
    subject: str = ""


def tell(
    row: models.Model,
    verb: str,
    *,
    changes: Sequence[FieldChange] = (),
    note: str = "",
) -> Told:
    """A deed done to ``row`` itself, not written yet."""
    label = row._meta.label_lower
    return Told(
        verb,
        label,
        str(row.pk),
        str(getattr(row, "public_code", None) or getattr(row, "key", "")),
        label,
        str(row.pk),
        tuple(changes),
        note,
        subject_of(row),
    )


def subject_of(row: models.Model) -> str:
    """Whom the personal values of ``row`` are about: the row itself, unless it says."""
    told = getattr(row, "personal_subject", None)
    return told or f"{row._meta.label_lower}:{row.pk}"


def of_change(row: models.Model, change: RowChange, verb: str, note: str = "") -> Told:
    """A deed done to ``row`` or to one of its parts, not written yet."""
    own = tell(row, verb, changes=change.changes, note=note)
    return Told(
        verb,
        change.model._meta.label_lower,
        str(change.pk),
        own.name,
        own.record_model,
        own.record_row,
        change.changes,
        note,
        own.subject,
    )
