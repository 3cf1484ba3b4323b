"""Rows of the record as a file that a clerk can open, and bring in again unchanged."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from portal.publishing.columns import Column, Day
from portal.publishing.resources import AT_ONCE, Resource
from portal.publishing.spreadsheets.csv_reading import shielded
from portal.publishing.spreadsheets.headings import heading
from portal.publishing.spreadsheets.sheets import MAX_ROWS
from portal.publishing.spreadsheets.xlsx_writing import Unwritable, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# By the ending of the file's name.
MEDIA_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


def rows_of(resource: Resource, pks: list[int]) -> Iterator[list[str]]:
    """The headings, then a row for each of the records ``pks``, in their order."""
    yield [heading(resource, column) for column in resource.columns]
    for start in range(0, len(pks), AT_ONCE):
        some = pks[start : start + AT_ONCE]
        records = list(resource.records().filter(pk__in=some))
        told = {
            record.pk: values
            for record, values in zip(records, resource.tell(records), strict=True)
        }
        for pk in some:
            if pk in told:
                yield [cell_of(column, told[pk]) for column in resource.columns]


def cell_of(column: Column, values: dict[str, object]) -> str:
    """The cell of ``column`` in a row with ``values``; a date as exactly as known."""
    value = values[column.field]
    if isinstance(column, Day) and column.precision:
        return column.cell(value, values[column.precision])
    return column.cell(value)


def check_count(count: int) -> None:
    """Raises :class:`Unwritable` for more records than can be brought in again."""
    if count > MAX_ROWS:
        raise Unwritable(
            _("There are more than %(most)s records. Filter the list.")
            % {"most": MAX_ROWS}
        )


def write_file(out: BinaryIO, rows: Iterable[list[str]], form: str) -> None:
    """Write ``rows`` as ``form``, ``xlsx`` or ``csv``. Raises :class:`Unwritable`."""
    if form == "xlsx":
        write_xlsx(out, rows)
    else:
        write_csv(out, rows)


def write_csv(out: BinaryIO, rows: Iterable[list[str]]) -> None:
    """With a mark for Excel that it is UTF-8, and nothing that runs as a formula."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    for row in rows:
        writer.writerow([shielded(value) for value in row])
    text.detach()
