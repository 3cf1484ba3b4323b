"""Preview of a record as its public page would display it.

The links contain a signed token and expire. ``/admin/preview/`` additionally requires a
signed-in staff user.
"""

import datetime as dt

from django.core import signing
from django.db import models
from django.urls import NoReverseMatch, reverse

from portal.content.catalogue import operations as catalogue
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Publishable
from portal.content.review.operations import get_open_proposal
from portal.content.review.snapshot_apply import apply_snapshot
from portal.core.audit.snapshots import Snapshot
from portal.core.languages import LANGUAGES
from portal.core.translations.localized_text import written_languages

_SALT = "portal.preview"
MAX_AGE = dt.timedelta(hours=1)


def build_preview_links(record: Publishable, *, at: dt.datetime) -> list[dict]:
    """Return the preview link of ``record`` in each language as ``url``, ``name`` and
    ``tag``.

    Returns [] for kinds whose records have no page of their own.
    """
    if not has_public_page(record):
        return []
    token = signing.dumps(
        [record._meta.label_lower, record.pk, int(at.timestamp())], salt=_SALT
    )
    return [
        {
            "url": reverse("preview", kwargs={"token": token, "code": language.code}),
            "name": language.native_name,
            "tag": language.tag,
        }
        for language in LANGUAGES
    ]


def has_public_page(record: Publishable) -> bool:
    """Return whether records of this kind have a public page of their own."""
    try:
        return bool(record.get_absolute_url())
    except (AttributeError, NoReverseMatch):
        return False


def load_preview_token(token: str, *, at: dt.datetime) -> tuple[str, int]:
    """Return the model label and primary key in a preview token.

    Raises BadSignature if the token is forged or older than ``MAX_AGE``.
    """
    label, pk, issued_at = signing.loads(token, salt=_SALT)
    if at.timestamp() - issued_at > MAX_AGE.total_seconds():
        raise signing.SignatureExpired
    return label, pk


def publish_for_preview(record: Publishable, *, at: dt.datetime) -> None:
    """Publish the record, with its open proposal applied, for rendering a preview.

    Call it only within ``rolled_back_transaction()``: it checks no permission and
    writes no audit entry or change. Raises ConstraintViolationError if the proposal
    violates a constraint by now.
    """
    open_proposal = get_open_proposal(record)
    if open_proposal:
        apply_snapshot(
            record, Snapshot.from_json(open_proposal.wanted), keep_temporary_keys=True
        )
        record = type(record).objects.get(pk=record.pk)
    values = {
        "status": Status.PUBLISHED,
        "languages": written_languages(record, record.text_fields),
        "revision": record.revision + 1,
        "published_at": record.published_at or at,
        "changed_at": at,
        "withdrawn_at": None,
    }
    models.QuerySet(type(record)).filter(pk=record.pk).update(**values)
    catalogue.update_entry(type(record).objects.get(pk=record.pk))
