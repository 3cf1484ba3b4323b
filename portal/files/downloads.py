"""A stored file as a download; whoever calls says who may have it."""

from django.http import FileResponse, Http404

from portal.files.models import StoredFile


def download(stored: StoredFile, *, is_shown: bool = False) -> FileResponse:
    """The bytes under their own name; Http404 if they are lost.

    They are an attachment, which no browser opens by itself. ``is_shown`` lets it show
    them, if they are a picture that the portal has encoded anew.
    """
    try:
        content = stored.content.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=not (is_shown and stored.is_picture),
        filename=stored.name,
        content_type=stored.media_type,
    )
