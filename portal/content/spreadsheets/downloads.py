"""HTTP response with rows as a spreadsheet download."""

import tempfile

from django.http import FileResponse

from portal.content.spreadsheets.export import MEDIA_TYPES, write_file
from portal.content.spreadsheets.xlsx_writing import SheetLayout

# Maximum size in bytes of a file in memory; larger files are written to disk.
_MAX_MEMORY_SIZE = 8 * 1024 * 1024


def build_file_response(
    rows, *, name: str, form: str, layout: SheetLayout | None = None
) -> FileResponse:
    """Return ``rows`` as a download named ``name`` with the extension ``form``.

    ``form`` is ``xlsx`` or ``csv``; the first row contains the headings. ``layout`` is
    that of the sheet and applies to xlsx only. Raises ExportError.
    """
    out = tempfile.SpooledTemporaryFile(_MAX_MEMORY_SIZE)  # noqa: SIM115 closed by the response
    try:
        write_file(out, rows, form, layout)
    except Exception:
        out.close()
        raise
    out.seek(0)
    return FileResponse(
        out,
        as_attachment=True,
        filename=f"{name}.{form}",
        content_type=MEDIA_TYPES[form],
    )
