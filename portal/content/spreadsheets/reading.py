"""Reading of uploaded files as xlsx or CSV, by content and not by file extension."""

import codecs
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.content.spreadsheets.csv_reading import read_csv
from portal.content.spreadsheets.questions import Answers
from portal.content.spreadsheets.sheet import (
    MAX_BYTES,
    Sheet,
    UnreadableSpreadsheetError,
)
from portal.content.spreadsheets.sheet_json import load_sheet
from portal.core.files.sandbox import SandboxLimitError, run_sandboxed

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
# Signatures of other binary formats that users may choose by mistake.
_OTHER_FORMATS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"PK")
# Beginnings of web pages, and substrings near the start of Excel 2003 XML workbooks.
_WEB_PAGE = (
    *("<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<style"),
    *("<div", "<!--", "mime-version:"),
)
_XML_WORKBOOKS = (
    'urn:schemas-microsoft-com:office:spreadsheet"',
    'progid="excel.sheet"',
)
_BEGINNING = 4096
# Stream names in OLE compound files, encoded as UTF-16.
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_XLS_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_OTHER_STREAMS = tuple(
    name.encode("utf-16-le") for name in ("WordDocument", "PowerPoint Document")
)

# A sheet of a million cells takes ten seconds, one of five million empty cells twenty.
_XLSX_CPU_SECONDS, _XLSX_TIMEOUT_SECONDS = 60, 120


def read_sheet(
    content: bytes,
    count_headings: Callable[[Sheet], int],
    answers: Answers | None = None,
) -> Sheet:
    """Return the sheet in ``content``.

    ``count_headings`` returns the number of known headings in a sheet, ``answers`` are
    the user's answers to earlier questions. Raises UnreadableSpreadsheetError with an
    explanation, and NeedsAnswer if the content does not decide how to read it.
    """
    check_size(len(content))
    if content.startswith(_ZIP):
        return _read_xlsx(content)
    if content.startswith(_OLE):
        raise UnreadableSpreadsheetError(_compound_file_message(content))
    if content.startswith(_OTHER_FORMATS):
        raise UnreadableSpreadsheetError(_not_a_spreadsheet_message())
    _check_markup(content)
    return read_csv(content, count_headings, answers)


def _read_xlsx(content: bytes) -> Sheet:
    """Return the sheet of an xlsx workbook, read in the sandbox process.

    Raises UnreadableSpreadsheetError, also if the process exceeds its limits.
    """
    try:
        text = run_sandboxed(
            "portal.content.spreadsheets.xlsx_process.read_xlsx_as_json",
            ContentFile(content),
            get_language() or "en",
            cpu_seconds=_XLSX_CPU_SECONDS,
            timeout_seconds=_XLSX_TIMEOUT_SECONDS,
        )
    except SandboxLimitError:
        raise UnreadableSpreadsheetError(
            _(
                "The file is too large or complex to read. Copy the rows "
                "that you need to a new workbook."
            )
        ) from None
    return load_sheet(text)


def _compound_file_message(content: bytes) -> str:
    """Return the error message for an OLE compound file.

    Both old xls files and xlsx files with a password have this format.
    """
    if _PASSWORD in content:
        return _("The workbook has a password. Save it as xlsx without a password.")
    if any(name in content for name in _OTHER_STREAMS):
        return _not_a_spreadsheet_message()
    if any(name in content for name in _XLS_STREAMS):
        return _("The file is in the old xls format. Open it and save it as xlsx.")
    return _(
        "The file is in the old xls format or has a password. Save "
        "it as xlsx without a password."
    )


def _check_markup(content: bytes) -> None:
    """Raise UnreadableSpreadsheetError for a web page or XML."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if is_utf16 else "utf-8-sig"
    beginning = content[:_BEGINNING].decode(encoding, "ignore").lstrip().lower()
    if not beginning.startswith(("<", "mime-version:")):
        return
    if any(marker in beginning for marker in _XML_WORKBOOKS):
        raise UnreadableSpreadsheetError(
            _("The file is an Excel 2003 XML workbook. Save it as xlsx.")
        )
    if beginning.startswith(_WEB_PAGE):
        raise UnreadableSpreadsheetError(
            _(
                "The file is a web page, although its name has a different "
                "ending. Open it in a spreadsheet program and save it as "
                "xlsx."
            )
        )
    raise UnreadableSpreadsheetError(_not_a_spreadsheet_message())


def _not_a_spreadsheet_message() -> str:
    return _("The file must be xlsx or csv. Save it in one of these formats.")


def check_size(size: int) -> None:
    """Raise UnreadableSpreadsheetError for an empty or too large file."""
    if not size:
        raise UnreadableSpreadsheetError(
            _("The selected file is empty. Choose another file.")
        )
    if size > MAX_BYTES:
        raise UnreadableSpreadsheetError(
            _(
                "The file is %(size)s bytes. It must be %(limit)s bytes or "
                "smaller. Split it into several files."
            )
            % {"size": size, "limit": MAX_BYTES}
        )
