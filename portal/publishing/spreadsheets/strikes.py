"""Rows and columns of a workbook that may not be meant: hidden or struck out."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from portal.publishing.spreadsheets.sheets import MAX_COLUMNS, number_ranges
from portal.publishing.spreadsheets.xlsx_writing import letters

# What the runs of a text say: nothing, so that the style of the cell decides; all are
# struck out; or some are not.
AS_STYLE, STRUCK, NOT_STRUCK = range(3)
_OFF = ("0", "false", "off")
_ON = ("1", "true")
# A row counts as struck out where so many of its filled cells are: a serial number or
# a remark is often left as it is.
_STRUCK_OF, _FILLED = 3, 4


def is_strike(tag: str, attributes: dict[str, str]) -> bool:
    """Whether the element of a font strikes out."""
    return tag == "strike" and attributes.get("val") not in _OFF


class Runs:
    """Follows the runs of one text: are they struck out?"""

    def __init__(self):
        self.clear()

    def clear(self) -> None:
        self._has_font, self._is_struck = False, False
        self._kinds: set[int] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element of the text begins that is no ``t``."""
        if tag == "r":
            self._has_font, self._is_struck = False, False
        elif tag == "rPr":
            self._has_font = True
        elif is_strike(tag, attributes):
            self._is_struck = True

    def text(self, words: str) -> None:
        if words.isspace():
            return
        kind = STRUCK if self._is_struck else NOT_STRUCK
        self._kinds.add(kind if self._has_font else AS_STYLE)

    def strike(self) -> int:
        if NOT_STRUCK in self._kinds:
            return NOT_STRUCK
        return STRUCK if self._kinds == {STRUCK} else AS_STYLE


@dataclass
class Struck:
    """Counts cells that are struck out, by row.

    ``styles`` are the styles with such a font; ``texts`` says of each shared text what
    its runs say.
    """

    styles: set[int] = field(default_factory=set)
    texts: bytearray = field(default_factory=bytearray)
    _cells: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self.is_possible = bool(self.styles) or STRUCK in self.texts

    def count(self, row: int, style: int, runs: int) -> None:
        """A cell is filled; ``runs`` is what the runs of its text say."""
        if runs == STRUCK or (runs == AS_STYLE and style in self.styles):
            self._cells[row] += 1

    def rows(self, filled: dict[int, dict[int, str]]) -> list[int]:
        """Rows of ``filled`` of which nearly all cells are struck out."""
        return sorted(
            row
            for row, count in self._cells.items()
            if count * _FILLED >= len(filled[row]) * _STRUCK_OF
        )


@dataclass
class Hidden:
    """Rows and columns that the workbook does not show."""

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


def warnings_of(
    rows: dict[int, dict[int, str]], hidden: Hidden, struck: Struck
) -> list[tuple[list[int], str]]:
    """Warnings for filled ``rows``: (row numbers, sentence)."""
    found = []
    numbers = sorted(hidden.rows)
    if numbers:
        text = ngettext(
            "Row %(rows)s is hidden in the workbook and was read.",
            "Rows %(rows)s are hidden in the workbook and were read.",
            len(numbers),
        )
        found.append((numbers, text % {"rows": number_ranges(numbers)}))
    numbers = struck.rows(rows)
    if numbers:
        text = ngettext(
            "Row %(rows)s is struck out in the workbook and was read.",
            "Rows %(rows)s are struck out in the workbook and were read.",
            len(numbers),
        )
        found.append((numbers, text % {"rows": number_ranges(numbers)}))
    if hidden.columns:
        found += _warnings_of_columns(rows, hidden.columns)
    return found


def _warnings_of_columns(rows, hidden: set[int]) -> list[tuple[list[int], str]]:
    filled = {column for cells in rows.values() for column in hidden & cells.keys()}
    if not filled:
        return []
    text = ngettext(
        "Column %(columns)s is hidden in the workbook and was read.",
        "Columns %(columns)s are hidden in the workbook and were read.",
        len(filled),
    )
    return [([], text % {"columns": number_ranges(filled, letters)})]
