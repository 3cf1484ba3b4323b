"""Packages of xlsx workbooks: other kinds of files and unsafe contents are refused."""

import io

from django.utils.translation import gettext as _

from portal.content.spreadsheets.sheet import UnreadableSpreadsheetError
from portal.core.files.office_packages import (
    EMBEDDED_FILE_MARKERS,
    MACRO_MARKERS,
    OfficePackage,
    PackageProblem,
    has_marker,
)

# Maximum unpacked size in bytes of all parts read: sheet, shared strings and styles.
MAX_UNPACKED = 64 * 1024 * 1024
_MAX_DIRECTORY = 256 * 1024
# Beginnings or ends of part names that identify other file formats.
_BINARY = ("xl/workbook.bin",)
_OPEN_DOCUMENT = ("content.xml",)
_NO_WORKBOOKS = ("word/", "ppt/", "visio/", "index/document.iwa")
_WORKBOOKS = (".xlsx", ".xls", ".csv", ".xlsm")
# Substrings of part names that identify data from other files.
_EXTERNAL_DATA_MARKERS = ("externallinks/", "connections.xml", "querytables/")


def open_workbook(content: bytes) -> OfficePackage:
    """Return the package of a workbook.

    Raises UnsafePackageError, and UnreadableSpreadsheetError if the package is not a
    workbook, holds macros or other files, or fetches data from elsewhere. Only names of
    parts are checked for macros, not content types: a workbook that may have macros but
    has none is harmless to read.
    """
    package = OfficePackage(
        io.BytesIO(content),
        max_directory_bytes=_MAX_DIRECTORY,
        max_parsed_bytes=MAX_UNPACKED,
    )
    # Names first: an encrypted archive, say, is refused as an archive.
    _check_part_names(package.names)
    package.check_parts()
    return package


def describe_problem(problem: PackageProblem) -> str:
    """Return the message for a package that is damaged or unsafe to read."""
    return {
        PackageProblem.DAMAGED: _(
            "The file is damaged. Open it, save it as xlsx again, and "
            "upload the new file."
        ),
        PackageProblem.TOO_MANY_PARTS: _(
            "The file has too many parts. Copy the rows that you need "
            "to a new workbook."
        ),
        PackageProblem.TOO_LARGE: _(
            "The file is too large when unpacked. Save only the rows that you need."
        ),
        PackageProblem.ENCRYPTED: _(
            "The workbook has a password. Save it as xlsx without a password."
        ),
        PackageProblem.DOCTYPE: _(
            "The file contains its own XML declarations. Save it as xlsx again."
        ),
    }[problem]


def _check_part_names(names: list[str]) -> None:
    """Raise UnreadableSpreadsheetError if the package is not a plain workbook."""
    is_workbook = any(
        name.endswith("xl/workbook.xml") or "worksheets/" in name for name in names
    )
    if not is_workbook or any(name in _BINARY for name in names):
        raise UnreadableSpreadsheetError(_why_no_workbook(names))
    for markers, remedy in (
        (MACRO_MARKERS, _("The file contains macros. Save it as xlsx without macros.")),
        (
            _EXTERNAL_DATA_MARKERS,
            _(
                "The file takes values from other files. Paste them as "
                "values and break the links."
            ),
        ),
        (
            EMBEDDED_FILE_MARKERS,
            _("The file contains other files. Remove them and save the file again."),
        ),
    ):
        if has_marker(names, markers):
            raise UnreadableSpreadsheetError(remedy)


def _why_no_workbook(names: list[str]) -> str:
    if any(name in _BINARY for name in names):
        return _("The file is a binary workbook (xlsb). Save it as xlsx.")
    if any(name in _OPEN_DOCUMENT for name in names):
        return _("The file is an OpenDocument file (such as ods). Save it as xlsx.")
    if any(name.startswith(_NO_WORKBOOKS) for name in names):
        return _("The file is a document or presentation. Choose a workbook.")
    if any(name.endswith(_WORKBOOKS) for name in names):
        return _("The file is a zip archive. Unpack it and choose the file inside it.")
    return _("The file is not an xlsx workbook. Save it as xlsx or csv.")
