"""HTTP response for downloading a stored file.

The caller checks whether the client may have the file.
"""

from django.http import FileResponse, Http404

from portal.core.files.models import StoredFile


def build_download_response(
    stored: StoredFile, *, is_inline: bool = False
) -> FileResponse:
    """Return a response that streams the file under its own name.

    Files are sent as attachments, so that browsers save them instead of opening them.
    With ``is_inline`` browsers display the file, but only if it is a picture that the
    portal has re-encoded. Raises Http404 if the bytes are missing from the storage.
    """
    try:
        content = stored.content.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=not (is_inline and stored.is_picture),
        filename=stored.name,
        content_type=stored.media_type,
    )
