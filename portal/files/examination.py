"""What an upload is and whether it is taken: read from its bytes, never its name."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.files.clamav import check_clean
from portal.files.films import check_film, is_film
from portal.files.packages import KINDS as PACKAGES
from portal.files.packages import kind_of_package
from portal.files.pdfs import check_pdf
from portal.files.pictures import LONGEST_HEAD, check_no_heif, encode_anew

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MIB = 1024 * 1024
PICTURES = ("jpeg", "png", "webp")


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

    def digest(self) -> str:
        """The SHA-256 of the bytes, in hex digits."""
        digest = hashlib.sha256()
        for chunk in self.content.chunks():
            digest.update(chunk)
        return digest.hexdigest()


def examine(content: File) -> Examined:
    """What ``content`` is, ready to be kept.

    Raises ValidationError when it is empty, of a kind that is not taken, larger than
    its kind may be (FILE_KINDS), refused by the virus scanner, or by the examination
    of its kind.
    """
    if not content.size:
        raise ValidationError(_("The file is empty. Choose another file."))
    # The largest that any kind may be: what is larger is not looked into.
    _check_size(content, max(settings.FILE_KINDS.values()))
    kind = _kind_of(content)
    if kind not in settings.FILE_KINDS:
        raise ValidationError(
            _("The file is none of these: %(names)s. Save it as one of them."),
            params={"names": _names(settings.FILE_KINDS)},
        )
    _check_size(content, settings.FILE_KINDS[kind])
    check_clean(content)
    content.seek(0)
    return _EXAMINERS[kind](content)


def _names(kinds: Iterable[str]) -> str:
    return ", ".join(kind.upper() for kind in kinds)


def _check_size(content: File, most: int) -> None:
    if content.size > most * _MIB:
        raise ValidationError(
            _("The file has %(size)s MiB; the limit is %(limit)s. Make it smaller."),
            params={"size": -(-content.size // _MIB), "limit": most},
        )


def _kind_of(content: File) -> str:
    """The kind by its first bytes, a package by its main part; "" for any other.

    Raises ValidationError for a picture of a kind that is often met and not accepted.
    """
    content.seek(0)
    head = content.read(LONGEST_HEAD)
    if head.startswith(b"PK\x03\x04"):
        kinds = settings.FILE_KINDS
        _check_size(content, max(kinds.get(kind, 0) for kind in PACKAGES))
        return kind_of_package(content)
    if head.startswith(b"RIFF"):
        return "webp" if head[8:12] == b"WEBP" else ""
    check_no_heif(
        head, _names(kind for kind in settings.FILE_KINDS if kind in PICTURES)
    )
    if is_film(head):
        return "mp4"
    found = (kind for signature, kind in _SIGNATURES if head.startswith(signature))
    return next(found, "")


def _as_it_is(
    media_type: str, ending: str, check: Callable[[File], None] | None = None
) -> Callable[[File], Examined]:
    def examined(content: File) -> Examined:
        if check:
            check(content)
        content.seek(0)
        return Examined(content, media_type, ending)

    return examined


def _picture(form: str, media_type: str, ending: str) -> Callable[[File], Examined]:
    def examined(content: File) -> Examined:
        encoded = encode_anew(content, form)
        size = encoded.width, encoded.height
        return Examined(encoded.content, media_type, ending, *size)

    return examined


_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
)
_EXAMINERS = {
    "pdf": _as_it_is(PDF, ".pdf", check_pdf),
    # Looked into already, as only its parts say which of them it is.
    "docx": _as_it_is(f"{_OFFICE}.wordprocessingml.document", ".docx"),
    "xlsx": _as_it_is(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx"),
    "pptx": _as_it_is(f"{_OFFICE}.presentationml.presentation", ".pptx"),
    "jpeg": _picture("JPEG", "image/jpeg", ".jpg"),
    "png": _picture("PNG", "image/png", ".png"),
    "webp": _picture("WEBP", "image/webp", ".webp"),
    "mp4": _as_it_is("video/mp4", ".mp4", check_film),
}
