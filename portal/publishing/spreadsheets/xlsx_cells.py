"""The cells of one sheet of an xlsx workbook, taken in as they are read."""

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from portal.publishing.spreadsheets.number_formats import DAY, shown_number
from portal.publishing.spreadsheets.package import Reader
from portal.publishing.spreadsheets.sheets import (
    LOST_CHARACTER,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    BrokenCell,
    Sheet,
    Unreadable,
)
from portal.publishing.spreadsheets.strikes import (
    AS_STYLE,
    Hidden,
    Runs,
    Struck,
    warnings_of,
)

_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
# Elements of a sheet, cells without a value among them: no office file has more.
_MAX_ELEMENTS = 5_000_000
_MAX_MERGED = 10_000
_FIRST_DAY = dt.datetime(1899, 12, 30)  # noqa: DTZ001 a workbook has no time zones
# Before 1 March 1900 programs do not agree which day a number means.
_FIRST_SURE_DAY = 61
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass
class Cells:
    """Takes in what a reader of the sheet's XML is told.

    ``texts`` are the workbook's shared texts, ``formats`` say how each style shows a
    number. Only cells that hold something are kept.
    """

    texts: list[str]
    formats: list[str]
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
    _readings: int = 0
    _pieces: list[str] = field(default_factory=list)
    _elements: int = 0
    _kept: int = 0
    _filled: int = 0

    def reader(self) -> Reader:
        return Reader(self._start, self._end, self._text)

    def sheet(self) -> Sheet:
        """The rows that hold something, merged cells filled downwards."""
        warnings = warnings_of(self._rows, self._hidden, self.struck)
        for area in self._merged:
            self._fill(area)
        rows = []
        for number, cells in sorted(self._rows.items()):
            row = [""] * (max(cells) + 1)
            for column, value in cells.items():
                row[column] = value
            rows.append((number, row))
        return Sheet(rows=rows, broken=self._broken, warnings=warnings)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MAX_ELEMENTS:
            raise Unreadable(
                _("The sheet has too many cells. Copy its rows to a new one.")
            )
        self._is_value = False
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "v":
            self._is_value = True
        elif tag == "t":
            self._is_value = not self._readings
        elif tag == "f":
            self._has_formula = True
        elif tag != "is":
            self._start_other(tag, attributes)

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self._row = whole(attributes.get("r")) or self._row + 1
            self._column = -1
            self._hidden.start_row(attributes)
        elif tag == "rPh":
            self._readings += 1
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
        address = _ADDRESS.fullmatch(attributes.get("r", ""))
        if address:
            self._column, self._row = _index(address[1]), int(address[2])
        else:
            self._column += 1
        self._type = attributes.get("t", "n")
        style = attributes.get("s")
        self._style = whole(style) if style else 0
        self._has_formula = self._has_runs = False
        self._pieces.clear()

    def _text(self, words: str) -> None:
        if self._is_value:
            self._pieces.append(words)
            if self._has_runs:
                self._runs.text(words)

    def _end(self, tag: str) -> None:
        self._is_value = False
        if tag == "rPh":
            self._readings -= 1
        elif tag == "c":
            self._close_cell("".join(self._pieces))

    def _close_cell(self, written: str) -> None:
        if not written:
            if self._has_formula and self._type != "str":
                self._tell_broken("", _("The formula has no value. Write the value."))
            return
        if self._type == "e":
            self._tell_broken(written, _("The formula failed. Write the value."))
            return
        value = self._value(written)
        if value.strip():
            self._keep(value)
            if self._has_runs or self.struck.is_possible:
                self.struck.count(self._row, self._style, self._strike(written))

    def _strike(self, written: str) -> int:
        """What the runs of the cell's text say of being struck out."""
        if self._has_runs:
            return self._runs.strike()
        number = whole(written)
        is_shared = self._type == "s" and number < len(self.struck.texts)
        return self.struck.texts[number] if is_shared else AS_STYLE

    def _value(self, written: str) -> str:
        if self._type == "s":
            number = whole(written)
            return self.texts[number] if number < len(self.texts) else ""
        if self._type in ("str", "inlineStr"):
            return unescaped(written)
        if self._type == "b":
            return "TRUE" if written == "1" else "FALSE"
        kind = self.formats[self._style] if self._style < len(self.formats) else ""
        if self._type == "d":
            return _shown_day(written, kind)
        return shown_number(written, kind, is_1904=self.is_1904)

    def _keep(self, value: str) -> None:
        if self._column >= MAX_COLUMNS:
            raise Unreadable(
                _("The sheet has more than %(count)s columns. Remove those not needed.")
                % {"count": MAX_COLUMNS}
            )
        self._rows[self._row][self._column] = value
        if self._hidden.is_row_hidden:
            self._hidden.rows.add(self._row)
        self._kept += 1
        if len(self._rows) > MAX_ROWS or self._kept > MAX_CELLS:
            raise Unreadable(
                _("The sheet has more than %(count)s rows. Split it into several.")
                % {"count": MAX_ROWS}
            )

    def _tell_broken(self, value: str, remedy: str) -> None:
        if self._column < MAX_COLUMNS and len(self._broken) < MAX_ROWS:
            self._broken.append(BrokenCell(self._row, self._column, value, remedy))

    def _fill(self, area: str) -> None:
        """What is merged downwards says the same in each of its rows."""
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
            # Rows that hold nothing of their own are no rows.
            if row in self._rows:
                self._rows[row].setdefault(column, value)


@lru_cache(maxsize=1024)
def _index(letters: str) -> int:
    """Column ``A`` is 0."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found - 1


def whole(written: str | None) -> int:
    """The number that an attribute gives, 0 for what is none."""
    written = (written or "").strip()
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def unescaped(text: str) -> str:
    """``text`` with what stands as ``_x000D_`` for characters that XML would lose.

    Two halves of a character beyond U+FFFF are joined; half a character, and the zero
    that no database keeps, become ``LOST_CHARACTER``.
    """
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    joined = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\0", LOST_CHARACTER)


def _shown_day(written: str, kind: str) -> str:
    """A day in ISO 8601, as strict workbooks keep it, in the form of other days."""
    try:
        moment = dt.datetime.fromisoformat(written)
        days = moment.replace(tzinfo=None) - _FIRST_DAY
    except ValueError:
        return written
    if days.days < _FIRST_SURE_DAY:
        return moment.date().isoformat()
    serial = days.days + Decimal(days.seconds) / 86_400
    return shown_number(str(serial), kind or DAY, is_1904=False)
