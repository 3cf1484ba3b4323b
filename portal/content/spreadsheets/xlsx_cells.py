"""Handler for the XML of one sheet of an xlsx workbook."""

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from portal.content.spreadsheets.number_formats import DAY, format_cell_number
from portal.content.spreadsheets.sheet import (
    LOST_CHARACTER,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    BrokenCell,
    Sheet,
    UnreadableSpreadsheetError,
)
from portal.content.spreadsheets.struck_out_cells import (
    AS_STYLE,
    Hidden,
    Runs,
    Struck,
    build_warnings,
)
from portal.core.files.office_packages import XmlReader

_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
# Maximum number of XML elements, including empty cells; far above any office file.
_MAX_ELEMENTS = 5_000_000
_MAX_MERGED = 10_000
_FIRST_DAY = dt.datetime(1899, 12, 30)  # noqa: DTZ001 workbooks have no time zones
# First serial number with a certain date: before 1 March 1900 programs differ.
_FIRST_SURE_DAY = 61
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass
class CellHandler:
    """Collects the cells of a sheet from parser events.

    ``shared_strings`` are the workbook's shared strings, ``number_formats`` the number
    format class of each cell style. Empty cells are not stored.
    """

    shared_strings: list[str]
    number_formats: list[str]
    is_1904: bool
    struck: Struck = field(default_factory=Struck)
    _hidden: Hidden = field(default_factory=Hidden)
    _runs: Runs = field(default_factory=Runs)
    _rows: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    _broken: list[BrokenCell] = field(default_factory=list)
    _merged: list[str] = field(default_factory=list)
    _row: int = 0
    _column: int = 0
    _type: str = ""
    _style: int = 0
    _has_formula: bool = False
    _has_runs: bool = False
    _is_value: bool = False
    _phonetic_depth: int = 0
    _pieces: list[str] = field(default_factory=list)
    _elements: int = 0
    _stored_count: int = 0
    _filled: int = 0

    def create_reader(self) -> XmlReader:
        return XmlReader(self._start, self._end, self._text)

    def build_sheet(self) -> Sheet:
        """Return the filled rows; merged cells are filled downwards."""
        warnings = build_warnings(self._rows, self._hidden, self.struck)
        for area in self._merged:
            self._fill(area)
        rows = []
        for number, cells in sorted(self._rows.items()):
            row = [""] * (max(cells) + 1)
            for column, value in cells.items():
                row[column] = value
            rows.append((number, row))
        return Sheet(rows=rows, broken_cells=self._broken, warnings=warnings)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MAX_ELEMENTS:
            raise UnreadableSpreadsheetError(
                _(
                    "The sheet has too many cells. Copy the rows that you need "
                    "to a new sheet."
                )
            )
        self._is_value = False
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "v":
            self._is_value = True
        elif tag == "t":
            self._is_value = not self._phonetic_depth
        elif tag == "f":
            self._has_formula = True
        elif tag != "is":
            self._start_other(tag, attributes)

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self._row = parse_integer_attribute(attributes.get("r")) or self._row + 1
            self._column = -1
            self._hidden.start_row(attributes)
        elif tag == "rPh":
            self._phonetic_depth += 1
        elif tag == "mergeCell" and len(self._merged) < _MAX_MERGED:
            self._merged.append(attributes.get("ref", ""))
        elif tag == "col":
            self._hidden.add_columns(attributes)
        elif self._type == "inlineStr":
            self._start_run(tag, attributes)

    def _start_run(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._has_runs:
            self._runs.clear()
        self._has_runs = True
        self._runs.start(tag, attributes)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        match = _ADDRESS.fullmatch(attributes.get("r", ""))
        if match:
            self._column, self._row = _index(match[1]), int(match[2])
        else:
            self._column += 1
        self._type = attributes.get("t", "n")
        style = attributes.get("s")
        self._style = parse_integer_attribute(style) if style else 0
        self._has_formula = self._has_runs = False
        self._pieces.clear()

    def _text(self, text: str) -> None:
        if self._is_value:
            self._pieces.append(text)
            if self._has_runs:
                self._runs.text(text)

    def _end(self, tag: str) -> None:
        self._is_value = False
        if tag == "rPh":
            self._phonetic_depth -= 1
        elif tag == "c":
            self._close_cell("".join(self._pieces))

    def _close_cell(self, text: str) -> None:
        if not text:
            if self._has_formula and self._type != "str":
                self._add_broken_cell(
                    "", _("The formula has no result. Enter the value.")
                )
            return
        if self._type == "e":
            self._add_broken_cell(text, _("The formula has an error. Enter the value."))
            return
        value = self._value(text)
        if value.strip():
            self._store_value(value)
            if self._has_runs or self.struck.is_possible:
                self.struck.count(self._row, self._style, self._strike(text))

    def _strike(self, text: str) -> int:
        """Return the strikethrough state of the runs of the cell's text."""
        if self._has_runs:
            return self._runs.strike()
        number = parse_integer_attribute(text)
        is_shared = self._type == "s" and number < len(self.struck.texts)
        return self.struck.texts[number] if is_shared else AS_STYLE

    def _value(self, text: str) -> str:
        if self._type == "s":
            number = parse_integer_attribute(text)
            return (
                self.shared_strings[number] if number < len(self.shared_strings) else ""
            )
        if self._type in ("str", "inlineStr"):
            return unescape_text(text)
        if self._type == "b":
            return "TRUE" if text == "1" else "FALSE"
        kind = (
            self.number_formats[self._style]
            if self._style < len(self.number_formats)
            else ""
        )
        if self._type == "d":
            return _format_iso_date(text, kind)
        return format_cell_number(text, kind, is_1904=self.is_1904)

    def _store_value(self, value: str) -> None:
        if self._column >= MAX_COLUMNS:
            raise UnreadableSpreadsheetError(
                _(
                    "The sheet has more than %(count)s columns. Remove the "
                    "columns that you do not need."
                )
                % {"count": MAX_COLUMNS}
            )
        self._rows[self._row][self._column] = value
        if self._hidden.is_row_hidden:
            self._hidden.rows.add(self._row)
        self._stored_count += 1
        if len(self._rows) > MAX_ROWS or self._stored_count > MAX_CELLS:
            raise UnreadableSpreadsheetError(
                _(
                    "The sheet has more than %(count)s rows. Split it into "
                    "several files."
                )
                % {"count": MAX_ROWS}
            )

    def _add_broken_cell(self, value: str, remedy: str) -> None:
        if self._column < MAX_COLUMNS and len(self._broken) < MAX_ROWS:
            self._broken.append(BrokenCell(self._row, self._column, value, remedy))

    def _fill(self, area: str) -> None:
        """Copy the value of a merged area into all of its rows.

        Only the first column of the area is filled.
        """
        first, _colon, last = area.partition(":")
        start, end = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last)
        if not start or not end or _index(start[1]) >= MAX_COLUMNS:
            return
        column, top = _index(start[1]), int(start[2])
        value = self._rows.get(top, {}).get(column)
        rows = range(top + 1, min(int(end[2]), top + MAX_ROWS) + 1) if value else ()
        self._filled += len(rows)
        if self._filled > MAX_CELLS:
            return
        for row in rows:
            # Rows without a value of their own stay empty.
            if row in self._rows:
                self._rows[row].setdefault(column, value)


@lru_cache(maxsize=1024)
def _index(letters: str) -> int:
    """Return the index of a column from its letters: ``A`` is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def parse_integer_attribute(text: str | None) -> int:
    """Return the integer in the text of an XML attribute, 0 if there is none."""
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def unescape_text(text: str) -> str:
    """Return ``text`` with ``_x000D_`` and similar escapes decoded.

    Surrogate pairs are joined. Unpaired surrogates and NUL, which PostgreSQL cannot
    store, become ``LOST_CHARACTER``.
    """
    if "_x" not in text:
        return text
    unescaped = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    joined = unescaped.encode("utf-16-le", "surrogatepass").decode(
        "utf-16-le", "replace"
    )
    return joined.replace("\0", LOST_CHARACTER)


def _format_iso_date(text: str, kind: str) -> str:
    """Return an ISO 8601 date of a strict workbook as text like other dates."""
    try:
        moment = dt.datetime.fromisoformat(text)
        days = moment.replace(tzinfo=None) - _FIRST_DAY
    except ValueError:
        return text
    if days.days < _FIRST_SURE_DAY:
        return moment.date().isoformat()
    serial = days.days + Decimal(days.seconds) / 86_400
    return format_cell_number(str(serial), kind or DAY, is_1904=False)
