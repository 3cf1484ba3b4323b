"""Reading a csv file: whatever encoding and separator the office's programs wrote."""

import csv
import re
from collections.abc import Callable
from contextlib import suppress

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.publishing.spreadsheets.encodings import decode
from portal.publishing.spreadsheets.questions import Answers
from portal.publishing.spreadsheets.sheets import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    Unreadable,
)

SEPARATORS = (",", ";", "\t")
_SEPARATED = {
    ";": gettext_lazy("Cells are separated by semicolons."),
    "\t": gettext_lazy("Cells are separated by tabs."),
}
# CP/M and DOS ended a text with this sign, and some programs still do.
_END_OF_FILE = "\x1a"
# What a program takes for the start of a formula, and what shields it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")
SHIELD = "'"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
# Where headings may be (see ``headings``), with some empty lines above.
_FIRST_LINES = 60
# In one row, within its texts too.
_MAX_SEPARATORS = 100_000

# A cell may hold a whole text; the file's size is limited before.
csv.field_size_limit(MAX_BYTES)


def read_csv(
    content: bytes, judge: Callable[[Sheet], int], answers: Answers | None = None
) -> Sheet:
    """The rows of the file; raises :class:`Unreadable`.

    Of the separators that one is taken with which ``judge`` finds most headings.
    Raises :class:`~portal.publishing.spreadsheets.questions.NeedsAnswer` where two code
    pages fit the file; ``answers`` are the clerk's to earlier questions.
    """

    def count_headings(text: str) -> int:
        return max((judge(sheet) for sheet in _beginnings(text)), default=0)

    decoded = decode(_without_padding(content), count_headings, answers or {})
    text = _without_end_of_file(decoded.text)
    sheet = _separated(text, judge)
    sheet.decisions.insert(0, decoded.decision)
    return sheet


def _separated(text: str, judge: Callable[[Sheet], int]) -> Sheet:
    sheets, problems = [], []
    for separator in SEPARATORS:
        if separator not in text and sheets:
            continue
        try:
            sheets.append(_parsed(text, separator))
        except Unreadable as problem:
            problems.append(problem)
    if not sheets:
        raise problems[0]
    best = max(sheets, key=judge)
    if problems and not judge(best):
        raise problems[0]
    return best


def _beginnings(text: str) -> list[Sheet]:
    """The first rows of a file whose code page is not decided yet, per separator."""
    lines = text.splitlines(keepends=True)[:_FIRST_LINES]
    sheets = []
    for separator in SEPARATORS:
        rows = csv.reader(lines, delimiter=separator)
        with suppress(csv.Error):
            sheets.append(Sheet(rows=list(enumerate(rows, start=1))))
    return sheets


def _without_padding(content: bytes) -> bytes:
    """``content`` without the zeros that fill its last block after the end sign."""
    text = content.rstrip(b"\0")
    return text if text.endswith(b"\x1a") and b"\0" not in text else content


def _without_end_of_file(text: str) -> str:
    """``text`` without the sign of its end, which may be a cell of its last row."""
    size = len(text.rstrip(f'{_END_OF_FILE} \r\n"{"".join(SEPARATORS)}'))
    if _END_OF_FILE not in text[size:]:
        return text
    return text[:size] + text[size:].replace(_END_OF_FILE, "")


def shielded(value: str) -> str:
    """``value`` as a csv cell that no program takes for a formula."""
    return f"{SHIELD}{value}" if value.startswith(FORMULA_SIGNS) else value


def unshielded(cell: str) -> str:
    """The value of a csv cell: one shield is taken off, where it shields anything."""
    if cell[:1] == SHIELD and cell[1:].startswith(FORMULA_SIGNS):
        return cell[1:]
    return cell


def _parsed(text: str, separator: str) -> Sheet:
    sheet, lines = Sheet(), _Lines(text, separator)
    if separator in _SEPARATED:
        sheet.decisions.append(str(_SEPARATED[separator]))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            lines.begin_row()
            if any(cell.strip() for cell in cells):
                sheet.rows.append((number, _row(cells)))
            if len(sheet.rows) > MAX_ROWS:
                raise Unreadable(
                    _("The sheet has more than %(count)s rows. Split it into several.")
                    % {"count": MAX_ROWS}
                )
    except csv.Error as problem:
        raise Unreadable(
            _("Line %(line)s has a quotation mark in the wrong place. Correct it.")
            % {"line": reader.line_num}
        ) from problem
    return sheet


class _Lines:
    """The lines of a text, which end when one row has cells without end."""

    def __init__(self, text: str, separator: str):
        self._lines, self._separator = _LINE.finditer(text), separator
        self._separators = 0

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line = next(self._lines)[0]
        self._separators += line.count(self._separator)
        if self._separators > _MAX_SEPARATORS:
            raise _too_wide()
        return line

    def begin_row(self) -> None:
        self._separators = 0


def _too_wide() -> Unreadable:
    return Unreadable(
        _("The sheet has more than %(count)s columns. Remove those not needed.")
        % {"count": MAX_COLUMNS}
    )


def _row(cells: list[str]) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        while cells and not cells[-1].strip():
            cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise _too_wide()
    return [unshielded(cell) for cell in cells]
