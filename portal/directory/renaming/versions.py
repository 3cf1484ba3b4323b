"""What a page or form showed of a name, as a text that it carries, signed.

The decision about a change carries the version of the change that was shown; the form
of a name carries the values that it was opened with.
"""

import hashlib
import json

from django.core import signing
from django.db import models

from portal.directory.models import NameChange
from portal.history.snapshots import values_of

_VERSION_SALT = "portal.directory.name-change"
_VALUES_SALT = "portal.directory.name-form"


def version_of(change: NameChange, row: models.Model | None) -> str:
    """Return a SHA-256 of the change and of everything that ``row`` says now.

    ``row`` is None where the topic, place or party was deleted.
    """
    shown = [
        change.pk,
        change.content_type_id,
        change.object_id,
        change.state,
        change.before,
        change.wanted,
        values_of(row) if row else None,
    ]
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def sign_version(version: str, *, user) -> str:
    """Return ``version`` as the page that was shown to ``user`` carries it."""
    return _signer(user).sign(version)


def read_version(text: str, *, user) -> str:
    """Return the version in ``text``; "" if it is forged or was shown to another."""
    try:
        return _signer(user).unsign(text)
    except signing.BadSignature:
        return ""


def sign_values(values: dict) -> str:
    """Return the values of a form (column → value) as the form carries them."""
    return signing.Signer(salt=_VALUES_SALT).sign_object(values, compress=True)


def read_values(text: str) -> dict | None:
    """Return the values that a form was opened with; None if ``text`` is forged."""
    try:
        return signing.Signer(salt=_VALUES_SALT).unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None


def _signer(user) -> signing.Signer:
    return signing.Signer(salt=f"{_VERSION_SALT}:{user.pk}")
