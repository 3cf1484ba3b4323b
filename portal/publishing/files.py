"""Handing out files: only while attached in public to something published."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, Value
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from portal.catalogue.registry import kinds
from portal.files.downloads import download
from portal.files.models import Picture, StoredFile
from portal.publishing.models import Attachment, Illustration, Publishable
from portal.translations.blank import is_blank

Holder = Callable[[StoredFile, dt.datetime], bool]
_holders: list[Holder] = []
_ATTACHED, _SHOWN = 0, 1


class Undescribed(ValueError):
    """A picture of the record has no alternative text, so it cannot become public."""


def register_holder(holder: Holder) -> Holder:
    """Let a domain say whether one of its own rows holds a file in public at a time."""
    _holders.append(holder)
    return holder


def is_public(stored: StoredFile, *, at: dt.datetime) -> bool:
    """Whether anything that is published holds ``stored`` in public."""
    return bool(_held(stored, at)) or _held_by_others(stored, at)


def missing_alternatives(record: Publishable) -> list[Picture]:
    """Pictures of ``record`` of which neither Chinese nor English says what they show.

    While there is one, the record is not published.
    """
    shown = record.illustrations.values("picture")
    pictures = Picture.objects.filter(pk__in=shown).select_related("file")
    return [one for one in pictures.order_by("pk") if not _is_described(one)]


def _is_described(picture: Picture) -> bool:
    """The database takes a text for one that shows nothing."""
    words = (picture.alternative_zh_hans, picture.alternative_en)
    return not all(is_blank(text or "") for text in words)


def require_alternatives(record: Publishable) -> None:
    """Raise Undescribed when a picture of ``record`` has no alternative text."""
    if bare := missing_alternatives(record):
        raise Undescribed(
            _(
                "“%(record)s” shows pictures without alternative text: %(names)s. "
                "Write in Chinese or English what is to be seen on them."
            )
            % {"record": record.public_code, "names": ", ".join(map(str, bare))}
        )


def _held_by_others(stored: StoredFile, at: dt.datetime) -> bool:
    return any(holder(stored, at) for holder in _holders)


def _held(stored: StoredFile, at: dt.datetime) -> set[int]:
    """How published records hold ``stored`` in public, asked in one query."""
    attached = Attachment.objects.filter(file=stored, is_public=True)
    shown = Illustration.objects.filter(picture__in=Picture.objects.described())
    shown = shown.filter(picture__file=stored)
    arms = [
        rows.filter(_of_published(at)).order_by().values_list(Value(how)).distinct()
        for how, rows in ((_ATTACHED, attached), (_SHOWN, shown))
    ]
    return {how for (how,) in arms[0].union(arms[1])}


def _of_published(at: dt.datetime) -> Q:
    """Rows that hang on a record of any kind which is published."""
    found = Q(pk__in=[])
    for kind in kinds():
        meta = kind.model._meta
        published = kind.model.objects.published(at).filter(pk=OuterRef("object_id"))
        found |= Q(
            Exists(published),
            content_type__app_label=meta.app_label,
            content_type__model=meta.model_name,
        )
    return found


def is_public_file(sha256: str, name: str, *, at: dt.datetime) -> bool:
    """Whether there is a file of this hash and name, and it is public."""
    stored = _stored(sha256, name)
    return stored is not None and is_public(stored, at=at)


def send_file(sha256: str, name: str, *, at: dt.datetime) -> FileResponse:
    """The file of this hash and name while it is public.

    It is a download, unless a published record shows it as a picture. Raises Http404
    when it is not public, and when its bytes are lost.
    """
    stored = _stored(sha256, name)
    held = _held(stored, at) if stored else set()
    if stored is None or not (held or _held_by_others(stored, at)):
        raise Http404
    response = download(stored, is_shown=_SHOWN in held)
    response["Cache-Control"] = "public, max-age=0, s-maxage=10"
    return response


def _stored(sha256: str, name: str) -> StoredFile | None:
    return StoredFile.objects.filter(sha256=sha256, name=name).first()
