"""What the page of values shows of an import before it is written.

The preview is kept as JSON with the import, in the language of the clerk:

- ``headings``: the headings of the columns that are read;
- ``rows``: the first rows, each ``{"number", "action", "cells"}``, a cell ``[value]``
  or, where it changes, ``[value, value on record]``;
- ``changes``: changed cells of all rows, ``[row, record, heading, before, after]``;
- ``change_count``: how many cells are changed in all.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from portal.publishing.columns import (
    Choice,
    Column,
    Day,
    Items,
    Parties,
    Reference,
    References,
    Sources,
    YesNo,
    split,
)
from portal.publishing.columns.cells import model_of
from portal.publishing.columns.others import Of, innermost
from portal.publishing.plans import UNCHANGED, UPDATED, Plan, RowPlan
from portal.publishing.spreadsheets.exporting import cell_of
from portal.publishing.spreadsheets.headings import Placed, Table, heading
from portal.publishing.spreadsheets.rows import own_columns

# Rows that are shown in full, and changed cells that are listed.
MOST_ROWS = 20
MOST_CHANGES = 200
# A cell may hold a whole text.
_MOST_CHARACTERS = 300
# Columns whose value is not on the row itself.
_RELATED = (Items, Parties, Reference, References, Sources)


def preview_of(plans: list[Plan], table: Table) -> dict:
    """The preview of ``plans``, of which the last is that of the file's own records."""
    plan = plans[-1]
    planned = {_identity(row.record): row for one in plans for row in one.rows}
    shown = plan.rows[:MOST_ROWS]
    changes, count = _changed_cells(plans)
    headings = _headings(plans, table)
    labels = _Labels()
    labels.expect_cells(
        (placed.column, row.cells.get(placed.column.field, ""))
        for row in shown
        for placed in table.columns
    )
    labels.expect_cells(
        (column, cell) for _row, column, *cells in changes for cell in cells
    )
    return {
        "headings": [placed.heading for placed in table.columns],
        "rows": [_row(row, table.columns, planned, labels) for row in shown],
        "changes": [
            [
                row.number,
                _short(str(row.record)),
                headings.get((resource.code(), column))
                or str(heading(resource, column)),
                labels.shown(column, before),
                labels.shown(column, after),
            ]
            for (row, resource), column, before, after in changes
        ],
        "change_count": count,
    }


def digest_of(plans: list[Plan]) -> str:
    """SHA-256 of all that ``plans`` would write, hexadecimal."""
    digest = hashlib.sha256()
    encoder = DjangoJSONEncoder(sort_keys=True)
    numbers = {id(row.record): row.number for plan in plans for row in plan.rows}
    for plan in plans:
        columns = plan.resource.columns
        relations = sorted({one.relation for one in columns if isinstance(one, Of)})
        for row in plan.rows:
            # Whom a row is about is no value of it; who is new has no number yet.
            related = [getattr(row.record, relation) for relation in relations]
            written = [
                plan.resource.code(),
                row.number,
                row.action,
                row.record.pk,
                row.values,
                row.before,
                [(one.pk, numbers.get(id(one))) for one in related],
            ]
            digest.update(encoder.encode(written).encode())
    return digest.hexdigest()


def _headings(plans: list[Plan], table: Table) -> dict[tuple[str, Column], str]:
    """The headings in the file, by the code of the resource and its column."""
    own = plans[-1].resource.code()
    found = {
        (plan.resource.code(), innermost(placed.column)): placed.heading
        for plan in plans[:-1]
        for placed in table.columns
        if isinstance(placed.column, Of)
    }
    return found | {(own, placed.column): placed.heading for placed in table.columns}


def _row(row: RowPlan, columns: list[Placed], planned: dict, labels: "_Labels") -> dict:
    cells = [
        [
            labels.shown(placed.column, text)
            for text in _texts(row, placed.column, row.cells, planned)
        ]
        for placed in columns
    ]
    # The row may change another record only, such as the person of a participant.
    is_changed = row.action == UNCHANGED and any(len(cell) > 1 for cell in cells)
    return {
        "number": row.number,
        "action": UPDATED if is_changed else row.action,
        "cells": cells,
    }


def _identity(record: models.Model) -> tuple:
    """The same for two instances of one row; a new row is its only instance."""
    return type(record), record.pk or id(record)


def _texts(row: RowPlan, column: Column, cells: dict, planned: dict) -> list[str]:
    """The cell as it will be saved and, where it changes, as it is on record."""
    cell = cells.get(column.field, "")
    if isinstance(column, Of):
        related = getattr(row.record, column.relation)
        inner, path = planned.get(_identity(related)), f"{column.relation}."
        if inner is None:
            inner = RowPlan(row.number, {}, "", related, {})
        below = {
            name.removeprefix(path): text
            for name, text in cells.items()
            if name.startswith(path)
        }
        return _texts(inner, column.column, below, planned)
    if column.field in row.before:
        return [_cell(row, column, row.values), _cell(row, column, row.before)]
    if column.field in row.values:
        return [_cell(row, column, row.values)]
    if isinstance(column, _RELATED) or column.field == "id":
        return [cell]
    return [_cell(row, column, {column.field: column.value(row.record, {})})]


def _cell(row: RowPlan, column: Column, values: dict[str, object]) -> str:
    """The cell of ``column`` for ``values``; the precision may be on the record."""
    if isinstance(column, Day) and column.precision:
        name = column.precision
        return cell_of(column, {name: getattr(row.record, name), **values})
    return cell_of(column, values)


def _changed_cells(plans: list[Plan]) -> tuple[list[tuple], int]:
    """((row, resource), column, before, after) of the first changes, and the count."""
    changed = [
        (row, plan.resource) for plan in plans for row in plan.rows if row.before
    ]
    changed.sort(key=lambda pair: pair[0].number)
    columns = {
        (plan.resource.code(), column.field): column
        for plan in plans
        for column in own_columns(plan.resource)
    }
    found: list[tuple] = []
    for row, resource in changed:
        if len(found) >= MOST_CHANGES:
            break
        for name in row.before:
            column = columns[resource.code(), name]
            before, after = (_cell(row, column, of) for of in (row.before, row.values))
            found.append(((row, resource), column, before, after))
    count = sum(len(row.before) for row, _resource in changed)
    return found[:MOST_CHANGES], count


class _Labels:
    """Cells as shown: names with keys, labels of codes. One query for each model."""

    def __init__(self):
        self._keys: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._names: dict[tuple[str, str], dict[str, str]] = {}

    def expect_cells(self, cells: Iterable[tuple[Column, str]]) -> None:
        for column, cell in cells:
            column = innermost(column)
            if isinstance(column, (Reference, References)):
                self._keys[column.model, column.key].update(_keys(column, cell))

    def shown(self, column: Column, cell: str) -> str:
        column = innermost(column)
        if not cell:
            return ""
        if isinstance(column, Choice):
            return str(dict(column.choices.choices).get(cell, cell))
        if isinstance(column, YesNo):
            return {"yes": _("Yes"), "no": _("No")}.get(cell, cell)
        if isinstance(column, (Reference, References)):
            names = self._names_of(column.model, column.key)
            return _short("; ".join(names.get(k, k) for k in _keys(column, cell)))
        return _short(cell)

    def _names_of(self, model: str, key: str) -> dict[str, str]:
        if (model, key) not in self._names:
            asked = {f"{key}__in": sorted(self._keys[model, key])}
            rows = models.QuerySet(model_of(model)).filter(**asked)
            self._names[model, key] = {
                str(getattr(row, key)): _with_key(str(row), str(getattr(row, key)))
                for row in rows
            }
        return self._names[model, key]


def _with_key(name: str, key: str) -> str:
    """``name`` and the key, which the names of some records contain."""
    return name if key in name else f"{name} ({key})"


def _keys(column: Column, cell: str) -> list[str]:
    if isinstance(column, References):
        return split(cell)
    return [cell] if cell else []


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
