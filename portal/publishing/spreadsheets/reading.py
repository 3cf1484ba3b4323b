"""A file that a clerk chose, by its content: xlsx or csv, whatever its name says."""

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


def read_sheet(
    content: bytes, judge: Callable[[Sheet], int], answers: Answers | None = None
) -> Sheet:
    """The sheet in ``content``; raises :class:`Unreadable` with what to do.

    ``judge`` says how many headings it finds in a sheet.
    """
    check_size(len(content))
    if content.startswith(_ZIP):
        return read_xlsx(content)
    if content.startswith(_OLE):
        raise Unreadable(
            _("The file is an old xls, or has a password. Save it as xlsx without one.")
        )
    if content.startswith(_OTHERS) or content.lstrip()[:1] == b"<":
        raise Unreadable(
            _("The file is neither xlsx nor csv. Save it as one of these.")
        )
    return read_csv(content, judge)


def check_size(size: int) -> None:
    """Raises :class:`Unreadable` for a file that is empty or too large."""
    if not size:
        raise Unreadable(_("The file is empty. Choose another file."))
    if size > MAX_BYTES:
        raise Unreadable(
            _("The file has %(size)s bytes; the limit is %(limit)s. Split it.")
            % {"size": size, "limit": MAX_BYTES}
        )
