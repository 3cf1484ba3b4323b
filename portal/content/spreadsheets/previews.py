"""Preview of an import: the values that would be written.

The preview is stored with the import as JSON, in the language of the user:

- ``headings``: headings of the columns that are read;
- ``rows``: the first rows, each ``{"number", "action", "cells"}``; a cell is
  ``[value]``, or ``[new value, stored value]`` if it changes;
- ``changes``: the first changed cells of all rows, each ``[row number, record, heading,
  before, after]``;
- ``change_count``: number of changed cells in all rows.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from portal.content.spreadsheets.columns import (
    ChildTextsColumn,
    ChoiceColumn,
    Column,
    DateColumn,
    ForeignKeyColumn,
    ManyToManyColumn,
    NullBooleanColumn,
    PartiesColumn,
    SourcesColumn,
    split_list,
)
from portal.content.spreadsheets.columns.related_field import (
    RelatedFieldColumn,
    innermost,
)
from portal.content.spreadsheets.export import format_value
from portal.content.spreadsheets.headings import PlacedColumn, SheetTable, get_heading
from portal.content.spreadsheets.import_plan import (
    UNCHANGED,
    UPDATED,
    ImportPlan,
    RowPlan,
)
from portal.content.spreadsheets.row_parsing import get_direct_columns

# Maximum number of rows and of changed cells in a preview.
MAX_PREVIEW_ROWS = 20
MAX_PREVIEW_CHANGES = 200
# Longer cell texts are cut.
_MAX_CELL_LENGTH = 300
# Columns whose value is a relation or a set of child rows.
_RELATION_COLUMNS = (
    ChildTextsColumn,
    PartiesColumn,
    ForeignKeyColumn,
    ManyToManyColumn,
    SourcesColumn,
)


def build_preview(plans: list[ImportPlan], table: SheetTable) -> dict:
    """Return the preview of ``plans``.

    The last plan is that of the sheet's own resource; plans of related records come
    first.
    """
    plan = plans[-1]
    planned_by_record = {
        _identity(row.record): row for plan in plans for row in plan.rows
    }
    preview_rows = plan.rows[:MAX_PREVIEW_ROWS]
    changes, count = _changed_cells(plans)
    headings = _headings(plans, table)
    labels = _Labels()
    labels.expect_cells(
        (placed.column, row.cells.get(placed.column.field, ""))
        for row in preview_rows
        for placed in table.columns
    )
    labels.expect_cells(
        (column, cell) for _row, column, *cells in changes for cell in cells
    )
    return {
        "headings": [placed.heading for placed in table.columns],
        "rows": [
            _row(row, table.columns, planned_by_record, labels) for row in preview_rows
        ],
        "changes": [
            [
                row.number,
                _shorten(str(row.record)),
                headings.get((resource.code(), column))
                or str(get_heading(resource, column)),
                labels.get_label(column, before),
                labels.get_label(column, after),
            ]
            for (row, resource), column, before, after in changes
        ],
        "change_count": count,
    }


def compute_plan_digest(plans: list[ImportPlan]) -> str:
    """Return the SHA-256 hex digest of everything that ``plans`` would write."""
    digest = hashlib.sha256()
    encoder = DjangoJSONEncoder(sort_keys=True)
    numbers = {id(row.record): row.number for plan in plans for row in plan.rows}
    for plan in plans:
        columns = plan.resource.columns
        relations = sorted(
            {
                column.relation
                for column in columns
                if isinstance(column, RelatedFieldColumn)
            }
        )
        for row in plan.rows:
            # The related record of a row is not among its values; a new one has no
            # primary key yet and is identified by its row number.
            related = [getattr(row.record, relation) for relation in relations]
            row_data = [
                plan.resource.code(),
                row.number,
                row.action,
                row.record.pk,
                row.values,
                row.before,
                [
                    (related_record.pk, numbers.get(id(related_record)))
                    for related_record in related
                ],
            ]
            digest.update(encoder.encode(row_data).encode())
    return digest.hexdigest()


def _headings(
    plans: list[ImportPlan], table: SheetTable
) -> dict[tuple[str, Column], str]:
    """Return the file's headings by resource code and column."""
    resource_code = plans[-1].resource.code()
    related_headings = {
        (plan.resource.code(), innermost(placed.column)): placed.heading
        for plan in plans[:-1]
        for placed in table.columns
        if isinstance(placed.column, RelatedFieldColumn)
    }
    return related_headings | {
        (resource_code, placed.column): placed.heading for placed in table.columns
    }


def _row(
    row: RowPlan,
    columns: list[PlacedColumn],
    planned_by_record: dict,
    labels: "_Labels",
) -> dict:
    cells = [
        [
            labels.get_label(placed.column, text)
            for text in _texts(row, placed.column, row.cells, planned_by_record)
        ]
        for placed in columns
    ]
    # A row can change only a related record, such as the person of a participant.
    is_changed = row.action == UNCHANGED and any(len(cell) > 1 for cell in cells)
    return {
        "number": row.number,
        "action": UPDATED if is_changed else row.action,
        "cells": cells,
    }


def _identity(record: models.Model) -> tuple:
    """Return a key that is equal for two instances of the same database row.

    An unsaved record is identified by its Python object.
    """
    return type(record), record.pk or id(record)


def _texts(
    row: RowPlan, column: Column, cells: dict, planned_by_record: dict
) -> list[str]:
    """Return the new text of a row's cell, and the stored text if it changes."""
    cell = cells.get(column.field, "")
    if isinstance(column, RelatedFieldColumn):
        related = getattr(row.record, column.relation)
        related_row = planned_by_record.get(_identity(related))
        path = f"{column.relation}."
        if related_row is None:
            related_row = RowPlan(row.number, {}, "", related, {})
        related_cells = {
            name.removeprefix(path): text
            for name, text in cells.items()
            if name.startswith(path)
        }
        return _texts(related_row, column.column, related_cells, planned_by_record)
    if column.field in row.before:
        return [_cell(row, column, row.values), _cell(row, column, row.before)]
    if column.field in row.values:
        return [_cell(row, column, row.values)]
    if isinstance(column, _RELATION_COLUMNS) or column.field == "id":
        return [cell]
    return [_cell(row, column, {column.field: column.get_value(row.record, {})})]


def _cell(row: RowPlan, column: Column, values: dict[str, object]) -> str:
    """Return the text of the cell of ``column`` for ``values``, by field name.

    A date precision that is missing in ``values`` is taken from the record.
    """
    if isinstance(column, DateColumn) and column.precision:
        name = column.precision
        return format_value(column, {name: getattr(row.record, name), **values})
    return format_value(column, values)


def _changed_cells(plans: list[ImportPlan]) -> tuple[list[tuple], int]:
    """Return the first changed cells and the number of all changed cells.

    Each changed cell is a tuple ((row plan, resource), column, old text, new text).
    """
    changed_rows = [
        (row, plan.resource) for plan in plans for row in plan.rows if row.before
    ]
    changed_rows.sort(key=lambda pair: pair[0].number)
    columns = {
        (plan.resource.code(), column.field): column
        for plan in plans
        for column in get_direct_columns(plan.resource)
    }
    changed_cells: list[tuple] = []
    for row, resource in changed_rows:
        if len(changed_cells) >= MAX_PREVIEW_CHANGES:
            break
        for name in row.before:
            column = columns[resource.code(), name]
            before, after = (
                _cell(row, column, values) for values in (row.before, row.values)
            )
            changed_cells.append(((row, resource), column, before, after))
    count = sum(len(row.before) for row, _resource in changed_rows)
    return changed_cells[:MAX_PREVIEW_CHANGES], count


class _Labels:
    """Display texts of cells: record names with keys, and labels of codes.

    Runs one query for each referenced model.
    """

    def __init__(self):
        self._keys: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._names: dict[tuple[str, str], dict[str, str]] = {}

    def expect_cells(self, cells: Iterable[tuple[Column, str]]) -> None:
        for column, cell in cells:
            column = innermost(column)
            if isinstance(column, (ForeignKeyColumn, ManyToManyColumn)):
                self._keys[column.model, column.key].update(_keys(column, cell))

    def get_label(self, column: Column, cell: str) -> str:
        column = innermost(column)
        if not cell:
            return ""
        if isinstance(column, ChoiceColumn):
            return str(dict(column.choices.choices).get(cell, cell))
        if isinstance(column, NullBooleanColumn):
            return {"yes": _("Yes"), "no": _("No")}.get(cell, cell)
        if isinstance(column, (ForeignKeyColumn, ManyToManyColumn)):
            names = self._names_of(column.model, column.key)
            return _shorten("; ".join(names.get(k, k) for k in _keys(column, cell)))
        return _shorten(cell)

    def _names_of(self, model: str, key: str) -> dict[str, str]:
        if (model, key) not in self._names:
            lookup = {f"{key}__in": sorted(self._keys[model, key])}
            rows = models.QuerySet(apps.get_model(model)).filter(**lookup)
            self._names[model, key] = {
                str(getattr(row, key)): _with_key(str(row), str(getattr(row, key)))
                for row in rows
            }
        return self._names[model, key]


def _with_key(name: str, key: str) -> str:
    """Return ``name`` followed by ``key``, unless the name contains the key."""
    return name if key in name else f"{name} ({key})"


def _keys(column: Column, cell: str) -> list[str]:
    if isinstance(column, ManyToManyColumn):
        return split_list(cell)
    return [cell] if cell else []


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_CELL_LENGTH else f"{text[:_MAX_CELL_LENGTH]}…"
