"""CSV export of the counted figures, with one row per number."""

import csv
import io
from collections.abc import Callable, Iterable

from portal.content.figures.cells import Cell, Figure

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
# First characters that make a spreadsheet program evaluate a cell as a formula.
_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")


def render_figures_csv(
    figures: Iterable[Figure], build_absolute_url: Callable[[str], str]
) -> bytes:
    """Return the figures as CSV for spreadsheet programs: UTF-8 with BOM, CR LF.

    The columns ``group`` and ``key`` identify the number: ``overall``, or a ``year``,
    ``country`` (iso2) or ``kind``. The column ``undated`` is empty for a year, because
    undated records belong to no year. ``build_absolute_url`` adds scheme and host to a
    path.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for figure in figures:
        for cell in figure.cells():
            writer.writerow(
                [_escape_formula(value) for value in _csv_row(cell, build_absolute_url)]
            )
    return text.getvalue().encode("utf-8-sig")


def _csv_row(cell: Cell, build_absolute_url: Callable[[str], str]) -> list:
    indicator = cell.indicator
    return [
        indicator.code,
        indicator.label,
        indicator.definition,
        cell.group,
        cell.key,
        cell.value,
        cell.records,
        cell.without_number,
        "" if cell.group == "year" else cell.undated,
        cell.query.as_of.isoformat(),
        build_absolute_url(cell.url),
        build_absolute_url(cell.api_url),
    ]


def _escape_formula(value) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_PREFIXES) else text
