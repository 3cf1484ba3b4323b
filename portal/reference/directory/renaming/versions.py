"""Signed versions and values of shared names in pages and forms.

A decision about a change submits the version of the change that was displayed; the form
of a name submits the values that it was opened with.
"""

import hashlib
import json

from django.core import signing
from django.db import models

from portal.core.audit.snapshots import get_column_values
from portal.reference.directory.models import NameChange

_VERSION_SALT = "portal.directory.name-change"
_VALUES_SALT = "portal.directory.name-form"


def version_of(change: NameChange, row: models.Model | None) -> str:
    """Return a SHA-256 of a name change and of all current values of its row.

    ``row`` is None if the topic, place or party was deleted.
    """
    version_data = [
        change.pk,
        change.content_type_id,
        change.object_id,
        change.state,
        change.before,
        change.wanted,
        get_column_values(row) if row else None,
    ]
    text = json.dumps(version_data, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def sign_version(version: str, *, user) -> str:
    """Return the version of a name change, signed for the user who sees the page."""
    return _signer(user).sign(version)


def read_version(text: str, *, user) -> str:
    """Return the signed version of a name change, "" if the signature is invalid.

    A version signed for another user is invalid too.
    """
    try:
        return _signer(user).unsign(text)
    except signing.BadSignature:
        return ""


def sign_values(values: dict) -> str:
    """Return the values of a form (column → value), signed for its hidden field."""
    return signing.Signer(salt=_VALUES_SALT).sign_object(values, compress=True)


def read_values(text: str) -> dict | None:
    """Return the values that a form was opened with, None if the text is forged."""
    try:
        return signing.Signer(salt=_VALUES_SALT).unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None


def _signer(user) -> signing.Signer:
    return signing.Signer(salt=f"{_VERSION_SALT}:{user.pk}")
