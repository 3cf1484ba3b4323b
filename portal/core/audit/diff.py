"""Comparison of two snapshots of a row, field by field, with values as text."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.db import models

from portal.core.audit.display_names import get_public_key_field
from portal.core.audit.snapshots import (
    REDACTED_VALUE,
    ChildRow,
    Snapshot,
    get_audited_columns,
    get_child_model,
    get_column_language,
    get_field_name,
    get_parent_columns,
)


@dataclass(frozen=True)
class FieldChange:
    """Change of one field, with the old and the new value as text.

    ``language`` is the language code of a translated field, otherwise "".
    ``precisions`` are the old and the new precision (``day``, ``month``, ``year``) of a
    date that may be known only to the month or year, otherwise "". They belong to
    another field and are not stored with the change.
    """

    field: str
    language: str
    old: str
    new: str
    is_personal: bool = False
    precisions: tuple[str, str] = dataclass_field(default=("", ""), compare=False)


@dataclass(frozen=True)
class RowChange:
    """Changes of one row: the record itself or one of its child rows.

    ``relation`` is the name of the reverse relation to which a child row belongs, ""
    for the record itself. ``is_created`` and ``is_deleted`` refer to this row.
    """

    model: type[models.Model]
    pk: int
    relation: str
    changes: tuple[FieldChange, ...]
    is_created: bool = False
    is_deleted: bool = False


def diff_snapshots(
    model: type[models.Model],
    before: Snapshot | None,
    after: Snapshot | None,
    pk: int,
    *,
    by_primary_key: bool = False,
) -> list[RowChange]:
    """Return the changes between two snapshots of the record ``pk`` and its child rows.

    ``before`` is None for a created record, ``after`` is None for a deleted one. Rows
    without changes are left out. Related rows are written as their public keys, or with
    ``by_primary_key`` as ``#`` and their primary keys, which needs no queries.
    """
    own_changes = tuple(_diff_own_fields(model, before, after, by_primary_key))
    row_changes = []
    if own_changes or before is None or after is None:
        row_changes.append(
            RowChange(model, pk, "", own_changes, before is None, after is None)
        )
    names = [*(after.parts if after else ()), *(before.parts if before else ())]
    for name in dict.fromkeys(names):
        old_rows = before.parts.get(name, []) if before else []
        new_rows = after.parts.get(name, []) if after else []
        row_changes += _diff_child_rows(model, name, old_rows, new_rows, by_primary_key)
    return row_changes


def _diff_own_fields(model, before, after, by_primary_key) -> Iterator[FieldChange]:
    old = before.values if before else {}
    new = after.values if after else {}
    yield from diff_values(model, old, new, by_primary_key=by_primary_key)
    for relation in model._meta.many_to_many:
        old_value = before.links.get(relation.name, []) if before else []
        new_value = after.links.get(relation.name, []) if after else []
        if old_value != new_value:
            texts = [
                _format_related(relation.related_model, pks, by_primary_key)
                for pks in (old_value, new_value)
            ]
            yield FieldChange(relation.name, "", *texts)


def _diff_child_rows(
    model,
    name: str,
    before: Sequence[ChildRow],
    after: Sequence[ChildRow],
    by_primary_key: bool,
) -> Iterator[RowChange]:
    child_model = get_child_model(model, name)
    parent_columns = get_parent_columns(model, name)
    old_values = {row.pk: row.values for row in before}
    new_values = {row.pk: row.values for row in after}
    for pk in dict.fromkeys([*old_values, *new_values]):
        is_new, is_gone = pk not in old_values, pk not in new_values
        changes = tuple(
            diff_values(
                child_model,
                old_values.get(pk, {}),
                new_values.get(pk, {}),
                parent_columns,
                by_primary_key=by_primary_key,
            )
        )
        if changes or is_new or is_gone:
            yield RowChange(child_model, pk, name, changes, is_new, is_gone)


def diff_values(
    model: type[models.Model],
    before: dict[str, Any],
    after: dict[str, Any],
    excluded_columns: set[str] = frozenset(),
    *,
    by_primary_key: bool = False,
) -> Iterator[FieldChange]:
    """Yield the changed columns between two states of a row of ``model``.

    ``before`` and ``after`` map column names (``attname``) to values as in
    ``Snapshot.values``. Columns in ``excluded_columns`` are not compared. For
    ``by_primary_key`` see :func:`diff_snapshots`.
    """
    personal_fields = getattr(model, "personal_fields", ())
    for column in get_audited_columns(model):
        old_value, new_value = before.get(column.attname), after.get(column.attname)
        if column.attname in excluded_columns or _is_unchanged(old_value, new_value):
            continue
        texts = [
            _serialize_value(column, value, by_primary_key)
            for value in (old_value, new_value)
        ]
        name = get_field_name(column)
        precisions = [get_precision(model, name, state) for state in (before, after)]
        yield FieldChange(
            name,
            get_column_language(column),
            *texts,
            name in personal_fields,
            tuple(precisions),
        )


def get_precision(
    model: type[models.Model], field: str, values: Mapping[str, Any]
) -> str:
    """Return the precision of the date ``field`` in a row with these column values.

    The precision is ``day``, ``month`` or ``year``; "" for fields whose dates are
    always exact. Models declare such dates in ``date_precisions`` (name of the date
    field → name of the precision field).
    """
    return values.get(getattr(model, "date_precisions", {}).get(field), "") or ""


def _is_unchanged(old_value: Any, new_value: Any) -> bool:
    return old_value == new_value or (
        old_value in (None, "") and new_value in (None, "")
    )


def _serialize_value(column: models.Field, value: Any, by_primary_key: bool) -> str:
    if value is None or value == "":
        return ""
    if column.is_relation:
        return _format_related(column.related_model, [value], by_primary_key)
    return serialize_plain_value(value)


def serialize_plain_value(value: Any) -> str:
    """Return the text that the audit log stores for the value of a plain column.

    Redacted values become the same placeholder, so that their digest is not stored.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return REDACTED_VALUE if value.startswith(REDACTED_VALUE) else value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _format_related(
    model: type[models.Model], pks: Sequence[int], by_primary_key: bool
) -> str:
    """Return the public keys of rows, in the order of ``pks``, separated by "; ".

    A row that has no public key or was deleted is written as ``#`` and its primary key,
    with ``by_primary_key`` each row.
    """
    key_field = get_public_key_field(model)
    if by_primary_key or not key_field:
        return "; ".join(f"#{pk}" for pk in pks)
    keys_by_pk = dict(
        models.QuerySet(model).filter(pk__in=pks).values_list("pk", key_field)
    )
    return "; ".join(str(keys_by_pk.get(pk, f"#{pk}")) for pk in pks)
