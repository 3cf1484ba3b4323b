"""Reading a csv file: whatever encoding and separator the office's programs wrote."""

import codecs
import csv
import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from portal.publishing.spreadsheets.sheets import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    Unreadable,
)

SEPARATORS = (",", ";", "\t")
# What a program takes for the start of a formula, and what shields it.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")
SHIELD = "'"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
# In one row, within its texts too.
_MAX_SEPARATORS = 100_000

# A cell may hold a whole text; the file's size is limited before.
csv.field_size_limit(MAX_BYTES)


def read_csv(content: bytes, judge: Callable[[Sheet], int]) -> Sheet:
    """The rows of the file; raises :class:`Unreadable`.

    Of the separators that one is taken with which ``judge`` finds most headings.
    """
    text = _decoded(content)
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


def shielded(value: str) -> str:
    """``value`` as a csv cell that no program takes for a formula."""
    return f"{SHIELD}{value}" if value.startswith(FORMULA_SIGNS) else value


def unshielded(cell: str) -> str:
    """The value of a csv cell: one shield is taken off, where it shields anything."""
    if cell[:1] == SHIELD and cell[1:].startswith(FORMULA_SIGNS):
        return cell[1:]
    return cell


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Unreadable(
        _("The file is neither xlsx nor text in UTF-8 or GB18030. Save it as xlsx.")
    )


def _parsed(text: str, separator: str) -> Sheet:
    sheet, lines = Sheet(), _Lines(text, separator)
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
