"""A file that a clerk chose, by its content: xlsx or csv, whatever its name says."""

import codecs
from collections.abc import Callable

from django.utils.translation import gettext as _

from portal.publishing.spreadsheets.csv_reading import read_csv
from portal.publishing.spreadsheets.questions import Answers
from portal.publishing.spreadsheets.sheets import MAX_BYTES, Sheet, Unreadable
from portal.publishing.spreadsheets.xlsx_reading import read_xlsx

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
# Kinds that clerks choose by mistake; the first bytes tell them from text.
_OTHERS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"PK")
# How a page of the web begins, and what a workbook of Excel 2003 has near its start.
_WEB_PAGE = (
    *("<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<style"),
    *("<div", "<!--", "mime-version:"),
)
_XML_WORKBOOKS = (
    'urn:schemas-microsoft-com:office:spreadsheet"',
    'progid="excel.sheet"',
)
_BEGINNING = 4096
# Names of streams in a compound file, which has them in UTF-16.
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_XLS_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_OTHER_STREAMS = tuple(
    name.encode("utf-16-le") for name in ("WordDocument", "PowerPoint Document")
)


def read_sheet(
    content: bytes, judge: Callable[[Sheet], int], answers: Answers | None = None
) -> Sheet:
    """The sheet in ``content``; raises :class:`Unreadable` with what to do.

    ``judge`` says how many headings it finds in a sheet. Raises
    :class:`~portal.publishing.spreadsheets.questions.NeedsAnswer` where the content
    does not decide how it is read; ``answers`` are the clerk's to earlier questions.
    """
    check_size(len(content))
    if content.startswith(_ZIP):
        return read_xlsx(content)
    if content.startswith(_OLE):
        raise Unreadable(_problem_of_compound_file(content))
    if content.startswith(_OTHERS):
        raise Unreadable(_neither())
    _check_markup(content)
    return read_csv(content, judge, answers)


def _problem_of_compound_file(content: bytes) -> str:
    """Old xls files are of this kind, and xlsx files that have a password."""
    if _PASSWORD in content:
        return _("The workbook has a password. Save it as xlsx without one.")
    if any(name in content for name in _OTHER_STREAMS):
        return _neither()
    if any(name in content for name in _XLS_STREAMS):
        return _("The file is an old xls. Open it, and save it as xlsx.")
    return _("The file is an old xls, or has a password. Save it as xlsx without one.")


def _check_markup(content: bytes) -> None:
    """Raises :class:`Unreadable` for a web page or XML, whatever its name is."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if is_utf16 else "utf-8-sig"
    beginning = content[:_BEGINNING].decode(encoding, "ignore").lstrip().lower()
    if not beginning.startswith(("<", "mime-version:")):
        return
    if any(word in beginning for word in _XML_WORKBOOKS):
        raise Unreadable(
            _("The file is a workbook of Excel 2003 in XML. Save it as xlsx.")
        )
    if beginning.startswith(_WEB_PAGE):
        raise Unreadable(
            _(
                "The file is a web page, whatever its name says. Open it in the "
                "spreadsheet program, and save it as xlsx."
            )
        )
    raise Unreadable(_neither())


def _neither() -> str:
    return _("The file is neither xlsx nor csv. Save it as one of these.")


def check_size(size: int) -> None:
    """Raises :class:`Unreadable` for a file that is empty or too large."""
    if not size:
        raise Unreadable(_("The file is empty. Choose another file."))
    if size > MAX_BYTES:
        raise Unreadable(
            _("The file has %(size)s bytes; the limit is %(limit)s. Split it.")
            % {"size": size, "limit": MAX_BYTES}
        )
