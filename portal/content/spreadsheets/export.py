"""Export of records as files that can be imported again unchanged."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from portal.content.spreadsheets.columns import Column, DateColumn
from portal.content.spreadsheets.csv_reading import escape_formula
from portal.content.spreadsheets.headings import get_heading
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE, Resource
from portal.content.spreadsheets.sheet import MAX_ROWS
from portal.content.spreadsheets.xlsx_writing import (
    ExportError,
    SheetLayout,
    write_xlsx,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# By file extension.
MEDIA_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


def iterate_export_rows(resource: Resource, pks: list[int]) -> Iterator[list[str]]:
    """Yield the headings, then a row for each of the records ``pks``, in order."""
    yield [get_heading(resource, column) for column in resource.columns]
    for start in range(0, len(pks), QUERY_BATCH_SIZE):
        batch = pks[start : start + QUERY_BATCH_SIZE]
        records = list(resource.get_queryset().filter(pk__in=batch))
        values_by_pk = {
            record.pk: values
            for record, values in zip(
                records, resource.get_values(records), strict=True
            )
        }
        for pk in batch:
            if pk in values_by_pk:
                yield [
                    format_value(column, values_by_pk[pk])
                    for column in resource.columns
                ]


def format_value(column: Column, values: dict[str, object]) -> str:
    """Return the text of a cell for ``values``; dates with their precision."""
    value = values[column.field]
    if isinstance(column, DateColumn) and column.precision:
        return column.format_cell(value, values[column.precision])
    return column.format_cell(value)


def check_export_limit(count: int) -> None:
    """Raise ExportError for more records than an import accepts."""
    if count > MAX_ROWS:
        raise ExportError(
            _(
                "There are more than %(most)s records. Filter the list "
                "before you export it."
            )
            % {"most": MAX_ROWS}
        )


def write_file(
    out: BinaryIO,
    rows: Iterable[list[str]],
    form: str,
    layout: SheetLayout | None = None,
) -> None:
    """Write ``rows`` to ``out`` as ``xlsx`` or ``csv``.

    ``layout`` is that of the sheet and applies to xlsx only. Raises ExportError.
    """
    if form == "xlsx":
        write_xlsx(out, rows, layout or SheetLayout())
    else:
        write_csv(out, rows)


def write_csv(out: BinaryIO, rows: Iterable[list[str]]) -> None:
    """Write ``rows`` as CSV with formulas escaped.

    The encoding is UTF-8 with a byte order mark, without which Excel assumes another
    one.
    """
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    for row in rows:
        writer.writerow([escape_formula(value) for value in row])
    text.detach()
