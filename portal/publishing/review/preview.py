"""Looking at a record as its page would show it, before anybody else can.

The links expire, and are of use to staff only: ``/admin/preview/`` asks who they are.
"""

import datetime as dt

from django.core import signing
from django.db import models
from django.urls import NoReverseMatch, reverse

from portal.catalogue import operations as catalogue
from portal.history.snapshots import Snapshot
from portal.languages import LANGUAGES
from portal.publishing.choices import Status
from portal.publishing.models import Publishable
from portal.publishing.review.operations import open_proposal
from portal.publishing.review.putting import put
from portal.translations.shown import written_languages

_SALT = "portal.preview"
MAX_AGE = dt.timedelta(hours=1)


def preview_links(record: Publishable, *, at: dt.datetime) -> list[dict]:
    """The preview of ``record`` in each language: ``url``, ``name``, ``tag``.

    [] for a kind whose records have no page of their own.
    """
    if not has_page(record):
        return []
    token = signing.dumps(
        [record._meta.label_lower, record.pk, int(at.timestamp())], salt=_SALT
    )
    return [
        {
            "url": reverse("preview", kwargs={"token": token, "code": language.code}),
            "name": language.own_name,
            "tag": language.tag,
        }
        for language in LANGUAGES
    ]


def has_page(record: Publishable) -> bool:
    try:
        return bool(record.get_absolute_url())
    except (AttributeError, NoReverseMatch):
        return False


def previewed(token: str, *, at: dt.datetime) -> tuple[str, int]:
    """The model and primary key that a link names.

    Raises BadSignature for one that was not made here, or has expired.
    """
    label, pk, made_at = signing.loads(token, salt=_SALT)
    if at.timestamp() - made_at > MAX_AGE.total_seconds():
        raise signing.SignatureExpired
    return label, pk


def show_as_public(record: Publishable, *, at: dt.datetime) -> None:
    """Let the record be public with the change that waits.

    Only within ``undone()``: it asks nobody, and tells no one.
    """
    waiting = open_proposal(record)
    if waiting:
        put(record, Snapshot.from_json(waiting.wanted), keeps_new_keys=True)
        record = type(record).objects.get(pk=record.pk)
    values = {
        "status": Status.PUBLISHED,
        "languages": written_languages(record, record.written_fields),
        "revision": record.revision + 1,
        "published_at": record.published_at or at,
        "changed_at": at,
        "withdrawn_at": None,
    }
    models.QuerySet(type(record)).filter(pk=record.pk).update(**values)
    catalogue.write(type(record).objects.get(pk=record.pk))
