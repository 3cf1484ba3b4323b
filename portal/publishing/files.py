"""Handing out files: only while attached in public to something published."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404

from portal.catalogue.registry import kinds
from portal.files.downloads import download
from portal.files.models import StoredFile
from portal.publishing.models import Attachment

Holder = Callable[[StoredFile, dt.datetime], bool]
_holders: list[Holder] = []


def register_holder(holder: Holder) -> Holder:
    """Let a domain say whether one of its own rows holds a file in public at a time."""
    _holders.append(holder)
    return holder


def is_public(stored: StoredFile, *, at: dt.datetime) -> bool:
    """Whether anything that is published holds ``stored`` in public."""
    return _is_attached(stored, at) or any(holder(stored, at) for holder in _holders)


def _is_attached(stored: StoredFile, at: dt.datetime) -> bool:
    attached = Attachment.objects.filter(file=stored, is_public=True)
    for kind in kinds():
        meta = kind.model._meta
        published = kind.model.objects.published(at).filter(pk=OuterRef("object_id"))
        of_kind = attached.filter(
            content_type__app_label=meta.app_label,
            content_type__model=meta.model_name,
        )
        if of_kind.filter(Exists(published)).exists():
            return True
    return False


def send_file(sha256: str, name: str, *, at: dt.datetime) -> FileResponse:
    """The file of this hash and name, as a download, while it is public.

    Raises Http404 otherwise, and when its bytes are lost.
    """
    stored = StoredFile.objects.filter(sha256=sha256, name=name).first()
    if stored is None or not is_public(stored, at=at):
        raise Http404
    response = download(stored)
    response["Cache-Control"] = "public, max-age=0, s-maxage=10"
    return response
