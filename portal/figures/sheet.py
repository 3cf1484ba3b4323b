"""The numbers as a spreadsheet: one row a number."""

import csv
import io
from collections.abc import Callable, Iterable

from portal.figures.cells import Cell, Figure

COLUMNS = (
    "code",
    "label",
    "definition",
    "group",
    "key",
    "value",
    "records",
    "without_number",
    "undated",
    "as_of",
    "list",
    "api",
)
# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(figures: Iterable[Figure], absolute: Callable[[str], str]) -> bytes:
    """CSV as spreadsheets open it: UTF-8 with its mark, lines that end with CR LF.

    ``group`` and ``key`` say what the number is of: ``overall``, or a ``year``, a
    ``country`` (iso2) or a ``kind``. ``undated`` is empty for a year: what has no date
    belongs to none. ``absolute`` puts the host before an address.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for figure in figures:
        for cell in figure.cells():
            writer.writerow([_safe(value) for value in _row(cell, absolute)])
    return text.getvalue().encode("utf-8-sig")


def _row(cell: Cell, absolute: Callable[[str], str]) -> list:
    fact = cell.fact
    return [
        fact.code,
        fact.label,
        fact.definition,
        cell.group,
        cell.key,
        cell.value,
        cell.records,
        cell.unnumbered,
        "" if cell.group == "year" else cell.undated,
        cell.asked.as_of.isoformat(),
        absolute(cell.url),
        absolute(cell.api_url),
    ]


def _safe(value) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
