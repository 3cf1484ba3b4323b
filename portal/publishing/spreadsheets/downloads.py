"""Rows as a file that a browser keeps."""

import tempfile

from django.http import FileResponse

from portal.publishing.spreadsheets.exporting import MEDIA_TYPES, write_file

# In memory up to here, on disk above.
_SPOOLED = 8 * 1024 * 1024


def answer_file(rows, *, name: str, form: str) -> FileResponse:
    """``rows`` as a download called ``name``. Raises :class:`Unwritable`."""
    out = tempfile.SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115 closed by the answer
    try:
        write_file(out, rows, form)
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
