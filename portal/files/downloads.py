"""A stored file as a download; whoever calls says who may have it."""

from django.http import FileResponse, Http404

from portal.files.models import StoredFile


def download(stored: StoredFile) -> FileResponse:
    """The bytes as an attachment under its own name; Http404 if they are lost."""
    try:
        content = stored.content.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=stored.name,
        content_type=stored.media_type,
    )
