"""Secrets of second factors as the database keeps them: of no use in a stolen backup.

They are encrypted with the ``SECRET_KEY``, which lies outside of the database. Keys in
``SECRET_KEY_FALLBACKS`` still open what they have closed.
"""

import base64
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_SEALED = "sealed:"
_log = logging.getLogger(__name__)


def seal(text: str) -> str:
    """``text`` encrypted."""
    return _SEALED + _box().encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """What was sealed; what was kept before there was a seal, as it is.

    Where its key is gone, a secret that nobody has ever seen, always the same: no code
    fits it until its owner is shown new ones, or an administrator takes it away.
    """
    try:
        return _opened(kept)
    except InvalidToken:
        _log.error(
            "The secret of a second factor was sealed with a SECRET_KEY that is gone: "
            "its owner needs a reset."
        )
        digest = salted_hmac("portal.lost-factor", kept, algorithm="sha256").digest()
        return base64.b32encode(digest[:20]).decode()


def reseal(kept: str) -> str | None:
    """The same, sealed with the key of today; None where its key is gone."""
    try:
        return seal(_opened(kept))
    except InvalidToken:
        return None


def _opened(kept: str) -> str:
    if not kept.startswith(_SEALED):
        return kept
    return _box().decrypt(kept.removeprefix(_SEALED)).decode()


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    digest = salted_hmac("portal.second-factor", "", key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
