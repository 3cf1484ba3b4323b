"""Rows of record files whose code is that of a record that a person created.

Releases and people may use the same number of a series for different records. Such a
row is not loaded, and references to its code are left out, until the operator decides:
either the row is that record (``adopt``), or it is another one, which is stored under a
new code (``renumber``). The code of the stored record never changes: addresses, the
change feed and other installations have it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import models

from portal.content.publishing import numbering
from portal.content.spreadsheets.columns import ForeignKeyColumn
from portal.content.spreadsheets.import_plan import UnknownCodesError
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE
from portal.content.spreadsheets.row_parsing import ParsedRow, RowParser
from portal.core.audit.field_edits import load_touched_pks
from portal.core.audit.former_keys import load_assigned_codes

_Files = list[tuple[RowParser, list[ParsedRow]]]


@dataclass
class _Series:
    """Codes of one model that do not mean the record of the file.

    ``owners`` are the records that people created, ``assigned`` the codes of the rows
    that are stored under another code, both by the code in the file.
    """

    owners: dict[str, models.Model]
    assigned: dict[str, str]


def resolve_codes(
    files: _Files, *, program, adopt: Collection[str], renumber: Collection[str]
) -> None:
    """Mark rows whose code belongs to another record, and replace codes in cells.

    ``files`` are the normalised rows of all files. ``adopt`` and ``renumber`` are the
    codes that the operator decided about. A code that is renumbered now, or was in an
    earlier load, is replaced in its row and in references. Raises UnknownCodesError if
    nothing has to be decided about one of the codes.
    """
    series_by_label = _load_series(files, program=program)
    unknown = {*adopt, *renumber}
    for row_parser, rows in files:
        if series := series_by_label.get(row_parser.resource.model._meta.label):
            unknown -= _decide(row_parser, rows, series, adopt, renumber)
    if unknown:
        raise UnknownCodesError(sorted(unknown))
    for row, column in _iterate_references(files):
        if series := series_by_label.get(column.model):
            code = row.cells[column.field]
            if code in series.owners:
                row.left_out[column.field] = row.cells.pop(column.field)
            else:
                row.cells[column.field] = series.assigned.get(code, code)


def _load_series(files: _Files, *, program) -> dict[str, _Series]:
    """Return the series of each model whose codes a counter assigns, by label."""
    codes = defaultdict(set)
    for row, column in _iterate_references(files):
        codes[column.model].add(row.cells[column.field])
    series = {}
    for row_parser, rows in files:
        model, key = row_parser.resource.model, row_parser.resource.key
        if not getattr(model, "code_prefix", ""):
            continue
        label = model._meta.label
        codes[label] |= {row.cells[key] for row in rows}
        assigned = load_assigned_codes(model, program=program)
        ambiguous = sorted(codes[label] - assigned.keys())
        series[label] = _Series(
            _load_owners(model, ambiguous, program=program), assigned
        )
    return series


def _iterate_references(files: _Files) -> Iterator[tuple[ParsedRow, ForeignKeyColumn]]:
    for row_parser, rows in files:
        for column in row_parser.resource.columns:
            if isinstance(column, ForeignKeyColumn):
                yield from ((row, column) for row in rows if column.field in row.cells)


def _load_owners(
    model: type[models.Model], codes: list[str], *, program
) -> dict[str, models.Model]:
    """Return the records with one of ``codes`` that were never loaded, by code."""
    records = []
    for start in range(0, len(codes), QUERY_BATCH_SIZE):
        batch = codes[start : start + QUERY_BATCH_SIZE]
        rows = models.QuerySet(model).filter(**{f"{model.code_field}__in": batch})
        records += rows.exclude(created_by=program).select_related("created_by")
    loaded = load_touched_pks(records, by=program)
    return {record.public_code: record for record in records if record.pk not in loaded}


def _decide(
    row_parser: RowParser,
    rows: list[ParsedRow],
    series: _Series,
    adopt: Collection[str],
    renumber: Collection[str],
) -> set[str]:
    """Apply the operator's decisions to the rows of a file; mark undecided rows.

    The decided codes have no owner any more and are returned.
    """
    model, key = row_parser.resource.model, row_parser.resource.key
    decided = set()
    for row in rows:
        code = row.cells[key]
        if code in series.owners and code in {*adopt, *renumber}:
            row.file_code = code
            decided.add(code)
            del series.owners[code]
            if code in renumber:
                series.assigned[code] = numbering.next_code(model.code_prefix)
        row.code_owner = series.owners.get(code)
        if code in series.assigned:
            row.former_cells = {key: code}
            row.cells[key] = series.assigned[code]
            row_parser.key_index.register(model._meta.label, key, row.cells[key])
    return decided
