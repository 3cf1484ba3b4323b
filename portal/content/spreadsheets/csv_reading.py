"""Reader of CSV files in various encodings and with various separators."""

import csv
import re
from collections.abc import Callable
from contextlib import suppress

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.spreadsheets.encodings import decode
from portal.content.spreadsheets.questions import Answers
from portal.content.spreadsheets.sheet import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    UnreadableSpreadsheetError,
)

SEPARATORS = (",", ";", "\t")
_SEPARATOR_MESSAGES = {
    ";": gettext_lazy("Cells are separated by semicolons."),
    "\t": gettext_lazy("Cells are separated by tabs."),
}
# End-of-file character (Ctrl-Z) of CP/M and DOS, which some programs still append.
_END_OF_FILE = "\x1a"
# Prefixes that programs interpret as a formula, and the character that escapes them.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "'")
FORMULA_ESCAPE = "'"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
# Covers the rows that are searched for headings, with some empty lines above.
_FIRST_LINES = 60
# Maximum number of separator characters in one row, including quoted text.
_MAX_SEPARATORS = 100_000

# The size of a cell is limited only by the size of the file, which is checked earlier.
csv.field_size_limit(MAX_BYTES)


def read_csv(
    content: bytes,
    count_headings: Callable[[Sheet], int],
    answers: Answers | None = None,
) -> Sheet:
    """Return the rows of a CSV file.

    ``count_headings`` returns the number of known headings in a sheet; the separator
    with the most is used. ``answers`` are the user's answers to earlier questions.
    Raises UnreadableSpreadsheetError, and NeedsAnswer if two code pages fit.
    """

    def count_headings_in_text(text: str) -> int:
        return max(
            (count_headings(sheet) for sheet in _first_rows_by_separator(text)),
            default=0,
        )

    decoded = decode(_without_padding(content), count_headings_in_text, answers or {})
    text = _without_end_of_file(decoded.text)
    sheet = _choose_separator(text, count_headings)
    sheet.decisions.insert(0, decoded.decision)
    return sheet


def _choose_separator(text: str, count_headings: Callable[[Sheet], int]) -> Sheet:
    sheets, problems = [], []
    for separator in SEPARATORS:
        if separator not in text and sheets:
            continue
        try:
            sheets.append(_parse(text, separator))
        except UnreadableSpreadsheetError as error:
            problems.append(error)
    if not sheets:
        raise problems[0]
    best = max(sheets, key=count_headings)
    if problems and not count_headings(best):
        raise problems[0]
    return best


def _first_rows_by_separator(text: str) -> list[Sheet]:
    """Return the first rows of a text, once for each separator."""
    lines = text.splitlines(keepends=True)[:_FIRST_LINES]
    sheets = []
    for separator in SEPARATORS:
        rows = csv.reader(lines, delimiter=separator)
        with suppress(csv.Error):
            sheets.append(Sheet(rows=list(enumerate(rows, start=1))))
    return sheets


def _without_padding(content: bytes) -> bytes:
    """Return ``content`` without the zero bytes after the end-of-file character.

    DOS programs fill the last block of a file with zero bytes.
    """
    text = content.rstrip(b"\0")
    return text if text.endswith(b"\x1a") and b"\0" not in text else content


def _without_end_of_file(text: str) -> str:
    """Return ``text`` without a trailing end-of-file character.

    The character can be inside the last cell, before separators and quotation marks.
    """
    size = len(text.rstrip(f'{_END_OF_FILE} \r\n"{"".join(SEPARATORS)}'))
    if _END_OF_FILE not in text[size:]:
        return text
    return text[:size] + text[size:].replace(_END_OF_FILE, "")


def escape_formula(value: str) -> str:
    """Return ``value`` as a CSV cell that no program interprets as a formula."""
    return f"{FORMULA_ESCAPE}{value}" if value.startswith(FORMULA_PREFIXES) else value


def unescape_formula(cell: str) -> str:
    """Return the value of a CSV cell without the formula escape character.

    The first character is removed only if it escapes a formula prefix.
    """
    if cell[:1] == FORMULA_ESCAPE and cell[1:].startswith(FORMULA_PREFIXES):
        return cell[1:]
    return cell


def _parse(text: str, separator: str) -> Sheet:
    sheet, lines = Sheet(), _BoundedLines(text, separator)
    if separator in _SEPARATOR_MESSAGES:
        sheet.decisions.append(str(_SEPARATOR_MESSAGES[separator]))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            lines.begin_row()
            if any(cell.strip() for cell in cells):
                sheet.rows.append((number, _row(cells)))
            if len(sheet.rows) > MAX_ROWS:
                raise UnreadableSpreadsheetError(
                    _(
                        "The sheet has more than %(count)s rows. Split it into "
                        "several files."
                    )
                    % {"count": MAX_ROWS}
                )
    except csv.Error as error:
        raise UnreadableSpreadsheetError(
            _("Line %(line)s has a quotation mark in the wrong place. Correct it.")
            % {"line": reader.line_num}
        ) from error
    return sheet


class _BoundedLines:
    """Iterator over lines that limits the number of separators in one row.

    The limit bounds the memory for a row with a quoted cell that never ends.
    """

    def __init__(self, text: str, separator: str):
        self._lines, self._separator = _LINE.finditer(text), separator
        self._separators = 0

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line = next(self._lines)[0]
        self._separators += line.count(self._separator)
        if self._separators > _MAX_SEPARATORS:
            raise _too_many_columns_error()
        return line

    def begin_row(self) -> None:
        self._separators = 0


def _too_many_columns_error() -> UnreadableSpreadsheetError:
    return UnreadableSpreadsheetError(
        _(
            "The sheet has more than %(count)s columns. Remove the "
            "columns that you do not need."
        )
        % {"count": MAX_COLUMNS}
    )


def _row(cells: list[str]) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        while cells and not cells[-1].strip():
            cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise _too_many_columns_error()
    return [unescape_formula(cell) for cell in cells]
