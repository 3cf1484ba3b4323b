"""Encryption of list cursors: a client can return a cursor but cannot read it."""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.crypto import salted_hmac

# A cursor holds a date, a number and a few signs; anything longer is not ours.
_LONGEST = 500


def seal_cursor(text: str, context: str) -> str:
    """Return ``text`` as a URL-safe token that is valid for ``context`` only.

    The same text gives the same token, because the token is part of a body with an
    ETag: AES-SIV needs no random nonce.
    """
    token = _cipher(settings.SECRET_KEY).encrypt(text.encode(), [context.encode()])
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def unseal_cursor(token: str, context: str) -> str | None:
    """Return the text in ``token``; None for a token not made by ``seal_cursor``.

    ``SECRET_KEY_FALLBACKS`` are tried too.
    """
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(key).decrypt(sealed, [context.encode()]).decode()
        except (InvalidTag, ValueError):
            continue
    return None


def _cipher(secret: str) -> AESSIV:
    digest = salted_hmac("portal.api.cursor", "", secret, algorithm="sha512").digest()
    return AESSIV(digest)
