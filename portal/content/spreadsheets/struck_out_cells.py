"""Detection of hidden rows, hidden columns and struck-out rows in a workbook.

Such rows are imported with a warning, because they may not be intended.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from portal.content.spreadsheets.sheet import MAX_COLUMNS, number_ranges
from portal.content.spreadsheets.xlsx_writing import column_letters

# Strikethrough of a text's runs: undefined, so the cell style decides; all runs struck
# out; at least one run not struck out.
AS_STYLE, STRUCK, NOT_STRUCK = range(3)
_OFF = ("0", "false", "off")
_ON = ("1", "true")
# A row counts as struck out if three quarters of its filled cells are: a serial number
# or a remark is often left unformatted.
_STRUCK_OF, _FILLED = 3, 4


def is_strike(tag: str, attributes: dict[str, str]) -> bool:
    """Return whether an element of a font definition enables strikethrough."""
    return tag == "strike" and attributes.get("val") not in _OFF


class Runs:
    """Tracks whether the rich-text runs of one text are struck out."""

    def __init__(self):
        self.clear()

    def clear(self) -> None:
        self._has_font, self._is_struck = False, False
        self._kinds: set[int] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element other than ``t``."""
        if tag == "r":
            self._has_font, self._is_struck = False, False
        elif tag == "rPr":
            self._has_font = True
        elif is_strike(tag, attributes):
            self._is_struck = True

    def text(self, text: str) -> None:
        if text.isspace():
            return
        kind = STRUCK if self._is_struck else NOT_STRUCK
        self._kinds.add(kind if self._has_font else AS_STYLE)

    def strike(self) -> int:
        """Return AS_STYLE, STRUCK or NOT_STRUCK for the text read since ``clear``."""
        if NOT_STRUCK in self._kinds:
            return NOT_STRUCK
        return STRUCK if self._kinds == {STRUCK} else AS_STYLE


@dataclass
class Struck:
    """Number of struck-out cells by row.

    ``styles`` are the indexes of cell styles with a struck-out font. ``texts`` holds
    the strikethrough state of the runs of each shared string.
    """

    styles: set[int] = field(default_factory=set)
    texts: bytearray = field(default_factory=bytearray)
    _cells: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self.is_possible = bool(self.styles) or STRUCK in self.texts

    def count(self, row: int, style: int, runs: int) -> None:
        """Count a filled cell if it is struck out.

        ``runs`` is the strikethrough state of the runs of its text.
        """
        if runs == STRUCK or (runs == AS_STYLE and style in self.styles):
            self._cells[row] += 1

    def rows(self, filled: dict[int, dict[int, str]]) -> list[int]:
        """Return the numbers of the rows in ``filled`` that count as struck out."""
        return sorted(
            row
            for row, count in self._cells.items()
            if count * _FILLED >= len(filled[row]) * _STRUCK_OF
        )


@dataclass
class Hidden:
    """Row numbers and column indexes that are hidden in the workbook."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    is_row_hidden: bool = False

    def start_row(self, attributes: dict[str, str]) -> None:
        self.is_row_hidden = (
            attributes.get("hidden") in _ON or attributes.get("ht") == "0"
        )

    def add_columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") not in _ON and attributes.get("width") != "0":
            return
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdecimal() and last.isdecimal() and len(first + last) < 12:
            self.columns.update(range(int(first) - 1, min(int(last), MAX_COLUMNS)))


def build_warnings(
    rows: dict[int, dict[int, str]], hidden: Hidden, struck: Struck
) -> list[tuple[list[int], str]]:
    """Return warnings as (row numbers, sentence) for the filled ``rows``."""
    warnings = []
    numbers = sorted(hidden.rows)
    if numbers:
        text = ngettext(
            "Row %(rows)s is hidden in the workbook. It has been included.",
            "Rows %(rows)s are hidden in the workbook. They have been included.",
            len(numbers),
        )
        warnings.append((numbers, text % {"rows": number_ranges(numbers)}))
    numbers = struck.rows(rows)
    if numbers:
        text = ngettext(
            "Row %(rows)s is crossed out in the workbook. It has been included.",
            "Rows %(rows)s are crossed out in the workbook. They have been included.",
            len(numbers),
        )
        warnings.append((numbers, text % {"rows": number_ranges(numbers)}))
    if hidden.columns:
        warnings += _build_column_warnings(rows, hidden.columns)
    return warnings


def _build_column_warnings(rows, hidden: set[int]) -> list[tuple[list[int], str]]:
    filled = {column for cells in rows.values() for column in hidden & cells.keys()}
    if not filled:
        return []
    text = ngettext(
        "Column %(columns)s is hidden in the workbook. It has been included.",
        "Columns %(columns)s are hidden in the workbook. They have been included.",
        len(filled),
    )
    return [([], text % {"columns": number_ranges(filled, column_letters)})]
