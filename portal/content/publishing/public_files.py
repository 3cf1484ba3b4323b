"""Access to files, which are public only while a published record or other row uses
them."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing.models import Attachment, Illustration, Publishable
from portal.core.files.downloads import build_download_response
from portal.core.files.models import Picture, StoredFile
from portal.core.translations.invisible_text import is_blank


class MissingAltText(ValueError):
    """Raised when a record cannot become public because a picture lacks alternative
    text."""


def is_file_public(stored_file: StoredFile, *, at: dt.datetime) -> bool:
    """Return whether a published record or a row of another app uses ``stored_file``
    publicly."""
    return _is_public_picture(stored_file, at) or _is_public_download(stored_file, at)


def find_pictures_without_alt_text(record: Publishable) -> list[Picture]:
    """Return the pictures of ``record`` without Chinese or English alternative text.

    A record with such a picture cannot be published.
    """
    picture_pks = record.illustrations.values("picture")
    pictures = Picture.objects.filter(pk__in=picture_pks).select_related("file")
    return [
        picture for picture in pictures.order_by("pk") if not _has_alt_text(picture)
    ]


def _has_alt_text(picture: Picture) -> bool:
    """Return whether the picture has visible alternative text in Chinese or English.

    The database accepts texts that consist of invisible characters only.
    """
    texts = (picture.alternative_zh_hans, picture.alternative_en)
    return not all(is_blank(text or "") for text in texts)


def require_alt_texts(record: Publishable) -> None:
    """Raise MissingAltText if a picture of ``record`` has no alternative text."""
    if pictures := find_pictures_without_alt_text(record):
        raise MissingAltText(
            _(
                "“%(record)s” has pictures without alternative text: "
                "%(names)s. Add alternative text in Chinese or English."
            )
            % {"record": record.public_code, "names": ", ".join(map(str, pictures))}
        )


def _is_public_picture(stored_file: StoredFile, at: dt.datetime) -> bool:
    """Return whether a published record shows ``stored_file`` as a picture."""
    illustrations = Illustration.objects.filter(
        picture__in=Picture.objects.with_alt_text(), picture__file=stored_file
    )
    return illustrations.filter(_build_published_record_filter(at)).exists()


def _is_public_download(stored_file: StoredFile, at: dt.datetime) -> bool:
    """Return whether a published record offers ``stored_file``, or another app does."""
    attachments = Attachment.objects.filter(file=stored_file, is_public=True)
    return attachments.filter(_build_published_record_filter(at)).exists() or any(
        kind.uses_file_publicly(stored_file, at)
        for kind in all_kinds()
        if kind.uses_file_publicly
    )


def _build_published_record_filter(at: dt.datetime) -> Q:
    """Build the filter for rows whose generic foreign key points to a published
    record."""
    condition = Q(pk__in=[])
    for kind in all_kinds():
        meta = kind.model._meta
        published = kind.model.objects.published(at).filter(pk=OuterRef("object_id"))
        condition |= Q(
            Exists(published),
            content_type__app_label=meta.app_label,
            content_type__model=meta.model_name,
        )
    return condition


def is_public_file(sha256: str, name: str, *, at: dt.datetime) -> bool:
    """Return whether a file with this hash and name exists and is public."""
    stored_file = _find_stored_file(sha256, name)
    return stored_file is not None and is_file_public(stored_file, at=at)


def serve_public_file(sha256: str, name: str, *, at: dt.datetime) -> FileResponse:
    """Return a response with the file if it is public.

    The response is a download unless a published record shows the file as a picture.
    Raises Http404 if the file is not public or its content is missing from storage.
    """
    stored_file = _find_stored_file(sha256, name)
    if stored_file is None:
        raise Http404
    is_inline = _is_public_picture(stored_file, at)
    if not (is_inline or _is_public_download(stored_file, at)):
        raise Http404
    response = build_download_response(stored_file, is_inline=is_inline)
    response["Cache-Control"] = "public, max-age=0, s-maxage=10"
    return response


def _find_stored_file(sha256: str, name: str) -> StoredFile | None:
    return StoredFile.objects.filter(sha256=sha256, name=name).first()
