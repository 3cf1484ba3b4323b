"""What an upload is and whether it is taken: read from its bytes, never its name."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.files.pictures import encode_anew

PDF = "application/pdf"


@dataclass(frozen=True)
class Examined:
    """Bytes that may be kept, and how: a picture is no longer what was uploaded.

    ``ending`` is that of its file name; ``width`` and ``height`` are in pixels.
    """

    content: File
    media_type: str
    ending: str
    width: int | None = None
    height: int | None = None


def examine(content: File) -> Examined:
    """What ``content`` is, ready to be kept.

    Raises ValidationError when it is empty, larger than its kind may be (FILE_KINDS),
    of a kind that is not taken, or refused by the examination of its kind.
    """
    if not content.size:
        raise ValidationError(_("The file is empty. Choose another file."))
    kind = _kind_of(content)
    most = settings.FILE_KINDS[kind]
    if content.size > most:
        raise ValidationError(
            _("The file has %(size)s bytes; the limit is %(limit)s. Make it smaller."),
            params={"size": content.size, "limit": most},
        )
    content.seek(0)
    return _EXAMINERS[kind](content)


def _kind_of(content: File) -> str:
    content.seek(0)
    head = content.read(16)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature) and kind in settings.FILE_KINDS:
            return kind
    names = ", ".join(kind.upper() for kind in settings.FILE_KINDS)
    raise ValidationError(
        _("The file is none of these: %(names)s. Save it as one of them."),
        params={"names": names},
    )


def _pdf(content: File) -> Examined:
    return Examined(content, PDF, ".pdf")


def _picture(form: str, media_type: str, ending: str) -> Callable[[File], Examined]:
    def examined(content: File) -> Examined:
        encoded = encode_anew(content, form)
        return Examined(
            encoded.content, media_type, ending, encoded.width, encoded.height
        )

    return examined


_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"RIFF", "webp"),
)
_EXAMINERS = {
    "pdf": _pdf,
    "jpeg": _picture("JPEG", "image/jpeg", ".jpg"),
    "png": _picture("PNG", "image/png", ".png"),
    "webp": _picture("WEBP", "image/webp", ".webp"),
}
