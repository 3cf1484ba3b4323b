"""Reading of xlsx workbooks in the sandbox process.

Function for :func:`portal.core.files.sandbox.run_sandboxed`: Django has no settings
there, except those that translate the messages.
"""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import translation

from portal.content.spreadsheets.sheet import UnreadableSpreadsheetError
from portal.content.spreadsheets.sheet_json import dump_error, dump_sheet
from portal.content.spreadsheets.xlsx_reading import read_xlsx

_LOCALE_FOLDER = Path(__file__).parents[3] / "locale"


def read_xlsx_as_json(content: bytes, language: str) -> str:
    """Return the sheet of a workbook, or why it cannot be read, as JSON.

    Messages are in ``language``.
    """
    if not settings.configured:
        settings.configure(LOCALE_PATHS=[_LOCALE_FOLDER])
        apps.populate(())
    with translation.override(language):
        try:
            return dump_sheet(read_xlsx(content))
        except UnreadableSpreadsheetError as error:
            return dump_error(error)
