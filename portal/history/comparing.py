"""What is different between two snapshots of a row, field by field, in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.db import models

from portal.history.naming import key_of
from portal.history.snapshots import (
    SECRET,
    Part,
    Snapshot,
    columns_of,
    language_of,
    name_of,
    owner_columns,
    part_model,
)


@dataclass(frozen=True)
class FieldChange:
    """What a field said and says, as text; ``language`` is "" if it has none.

    ``precisions`` are those of a date that may not be known to the day, before and
    after. They are values of another field, and are not kept with the change.
    """

    field: str
    language: str
    old: str
    new: str
    is_personal: bool = False
    precisions: tuple[str, str] = dataclass_field(default=("", ""), compare=False)


@dataclass(frozen=True)
class RowChange:
    """What changed in one row: a record, or a part of it.

    ``relation`` is "" for the record itself. ``is_new`` and ``is_gone`` tell of parts.
    """

    model: type[models.Model]
    pk: int
    relation: str
    changes: tuple[FieldChange, ...]
    is_new: bool = False
    is_gone: bool = False


def differences(
    model: type[models.Model], before: Snapshot | None, after: Snapshot | None, pk: int
) -> list[RowChange]:
    """What differs between two snapshots of the row ``pk``; None: it is not there."""
    own = tuple(_own_changes(model, before, after))
    found = []
    if own or before is None or after is None:
        found.append(RowChange(model, pk, "", own, before is None, after is None))
    names = [*(after.parts if after else ()), *(before.parts if before else ())]
    for name in dict.fromkeys(names):
        old = before.parts.get(name, []) if before else []
        new = after.parts.get(name, []) if after else []
        found += _part_changes(model, name, old, new)
    return found


def _own_changes(model, before, after) -> Iterator[FieldChange]:
    old = before.values if before else {}
    new = after.values if after else {}
    yield from value_changes(model, old, new)
    for relation in model._meta.many_to_many:
        was = before.links.get(relation.name, []) if before else []
        now = after.links.get(relation.name, []) if after else []
        if was != now:
            told = [_names(relation.related_model, pks) for pks in (was, now)]
            yield FieldChange(relation.name, "", *told)


def _part_changes(
    model, name: str, before: Sequence[Part], after: Sequence[Part]
) -> Iterator[RowChange]:
    rows = part_model(model, name)
    skipped = owner_columns(model, name)
    old = {part.pk: part.values for part in before}
    new = {part.pk: part.values for part in after}
    for pk in dict.fromkeys([*old, *new]):
        is_new, is_gone = pk not in old, pk not in new
        changes = tuple(value_changes(rows, old.get(pk, {}), new.get(pk, {}), skipped))
        if changes or is_new or is_gone:
            yield RowChange(rows, pk, name, changes, is_new, is_gone)


def value_changes(
    model: type[models.Model],
    before: dict[str, Any],
    after: dict[str, Any],
    skipped: set[str] = frozenset(),
) -> Iterator[FieldChange]:
    """What differs between the columns of two states of a row of ``model``."""
    personal = getattr(model, "personal_fields", ())
    for column in columns_of(model):
        was, now = before.get(column.attname), after.get(column.attname)
        if column.attname in skipped or _same(was, now):
            continue
        told = [_told(column, value) for value in (was, now)]
        name = name_of(column)
        precisions = [precision_of(model, name, state) for state in (before, after)]
        yield FieldChange(
            name, language_of(column), *told, name in personal, tuple(precisions)
        )


def precision_of(
    model: type[models.Model], field: str, values: Mapping[str, Any]
) -> str:
    """How exactly the date ``field`` is known in a row with ``values``; "" for fields
    whose dates are always exact."""
    return values.get(getattr(model, "date_precisions", {}).get(field), "") or ""


def _same(was: Any, now: Any) -> bool:
    return was == now or (was in (None, "") and now in (None, ""))


def _told(column: models.Field, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.is_relation:
        return _names(column.related_model, [value])
    return plain_text(value)


def plain_text(value: Any) -> str:
    """Return the text by which the audit log keeps the value of a plain column."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return SECRET if value.startswith(SECRET) else value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _names(model: type[models.Model], pks: Sequence[int]) -> str:
    """The public keys of rows, in order; ``#12`` for one that has none or is gone."""
    key = key_of(model)
    if not key:
        return "; ".join(f"#{pk}" for pk in pks)
    found = dict(models.QuerySet(model).filter(pk__in=pks).values_list("pk", key))
    return "; ".join(str(found.get(pk, f"#{pk}")) for pk in pks)
