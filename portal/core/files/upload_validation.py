"""Validation of uploads; file types are detected from the bytes, not the names."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.core.files.clamav import check_for_viruses
from portal.core.files.mp4 import check_and_strip_mp4, is_mp4
from portal.core.files.office_documents import DOCUMENT_TYPES, detect_office_document
from portal.core.files.pdf_validation import check_pdf_is_passive
from portal.core.files.picture_encoding import (
    HEAD_LENGTH,
    check_no_heif,
    reencode_picture,
)

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MIB = 1024 * 1024
PICTURE_TYPES = ("jpeg", "png", "webp")


@dataclass(frozen=True)
class ValidatedUpload:
    """Validated upload, ready to be stored.

    ``content`` of a picture is the re-encoded picture, not the uploaded bytes.
    ``extension`` is the file name extension of the type, with its dot. ``width`` and
    ``height`` are in pixels and only set for pictures.
    """

    content: File
    media_type: str
    extension: str
    width: int | None = None
    height: int | None = None

    def compute_sha256(self) -> str:
        """Return the SHA-256 of the bytes as hexadecimal digits."""
        digest = hashlib.sha256()
        for chunk in self.content.chunks():
            digest.update(chunk)
        return digest.hexdigest()


def validate_upload(content: File) -> ValidatedUpload:
    """Validate an upload and return it ready to be stored.

    Raises ValidationError if the file is empty, has a type that is not accepted, is
    larger than the limit of its type, or is rejected by the virus scanner or by the
    validator of its type.
    """
    if not content.size:
        raise ValidationError(_("The selected file is empty. Choose another file."))
    # Files above the largest limit of all types are rejected before they are read.
    _check_size(content, max(settings.UPLOAD_MAX_MIB.values()))
    file_type = _detect_file_type(content)
    if file_type not in settings.UPLOAD_MAX_MIB:
        raise ValidationError(
            _(
                "The file type is not accepted. Save the file as one of "
                "these types: %(names)s."
            ),
            params={"names": _format_types(settings.UPLOAD_MAX_MIB)},
        )
    _check_size(content, settings.UPLOAD_MAX_MIB[file_type])
    check_for_viruses(content)
    content.seek(0)
    return _VALIDATORS_BY_TYPE[file_type](content)


def _format_types(file_types: Iterable[str]) -> str:
    return ", ".join(file_type.upper() for file_type in file_types)


def _check_size(content: File, max_mib: int) -> None:
    if content.size > max_mib * _MIB:
        raise ValidationError(
            _(
                "The file is %(size)s MiB. It must be %(limit)s MiB or "
                "smaller. Make it smaller."
            ),
            params={"size": -(-content.size // _MIB), "limit": max_mib},
        )


def _detect_file_type(content: File) -> str:
    """Return the file type by its first bytes, or "" if it is not accepted.

    Office documents are ZIP files and identified by their main part. Raises
    ValidationError for a HEIC, HEIF or AVIF picture, which people often upload, and for
    an Office document that is damaged or unsafe.
    """
    content.seek(0)
    head = content.read(HEAD_LENGTH)
    if head.startswith(b"PK\x03\x04"):
        limits = settings.UPLOAD_MAX_MIB
        _check_size(
            content, max(limits.get(file_type, 0) for file_type in DOCUMENT_TYPES)
        )
        return detect_office_document(content)
    if head.startswith(b"RIFF"):
        return "webp" if head[8:12] == b"WEBP" else ""
    check_no_heif(
        head,
        _format_types(
            file_type
            for file_type in settings.UPLOAD_MAX_MIB
            if file_type in PICTURE_TYPES
        ),
    )
    if is_mp4(head):
        return "mp4"
    matching_types = (
        file_type for signature, file_type in _SIGNATURES if head.startswith(signature)
    )
    return next(matching_types, "")


def _build_unchanged_validator(
    media_type: str, extension: str, check: Callable[[File], None] | None = None
) -> Callable[[File], ValidatedUpload]:
    """Return a validator that runs ``check`` and keeps the bytes unchanged."""

    def validate(content: File) -> ValidatedUpload:
        if check:
            check(content)
        content.seek(0)
        return ValidatedUpload(content, media_type, extension)

    return validate


def _build_picture_validator(
    image_format: str, media_type: str, extension: str
) -> Callable[[File], ValidatedUpload]:
    """Return a validator that re-encodes a picture in Pillow's ``image_format``."""

    def validate(content: File) -> ValidatedUpload:
        encoded = reencode_picture(content, image_format)
        size = encoded.width, encoded.height
        return ValidatedUpload(encoded.content, media_type, extension, *size)

    return validate


_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
)
_VALIDATORS_BY_TYPE = {
    "pdf": _build_unchanged_validator(PDF, ".pdf", check_pdf_is_passive),
    # Already validated: detecting the type of an Office document reads its parts.
    "docx": _build_unchanged_validator(f"{_OFFICE}.wordprocessingml.document", ".docx"),
    "xlsx": _build_unchanged_validator(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx"),
    "pptx": _build_unchanged_validator(
        f"{_OFFICE}.presentationml.presentation", ".pptx"
    ),
    "jpeg": _build_picture_validator("JPEG", "image/jpeg", ".jpg"),
    "png": _build_picture_validator("PNG", "image/png", ".png"),
    "webp": _build_picture_validator("WEBP", "image/webp", ".webp"),
    "mp4": _build_unchanged_validator("video/mp4", ".mp4", check_and_strip_mp4),
}
