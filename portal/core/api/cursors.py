"""Encryption of pagination cursors: clients can send cursors but not read them."""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.crypto import salted_hmac

# A cursor contains a date, a number and separators; longer values are not decrypted.
_MAX_TOKEN_LENGTH = 500


def encrypt_cursor(text: str, context: str) -> str:
    """Return ``text`` encrypted as a URL-safe token that is valid for ``context`` only.

    AES-SIV needs no random nonce: equal texts give equal tokens. This is required
    because the token is part of a response with an ETag.
    """
    token = _cipher(settings.SECRET_KEY).encrypt(text.encode(), [context.encode()])
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def decrypt_cursor(token: str, context: str) -> str | None:
    """Return the text in ``token``; None for a token not made by ``encrypt_cursor``.

    The keys in ``SECRET_KEY_FALLBACKS`` are tried too.
    """
    if len(token) > _MAX_TOKEN_LENGTH or not token.isascii():
        return None
    try:
        ciphertext = base64.b64decode(
            token + "=" * (-len(token) % 4), b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        return None
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(key).decrypt(ciphertext, [context.encode()]).decode()
        except (InvalidTag, ValueError):
            continue
    return None


def _cipher(secret: str) -> AESSIV:
    digest = salted_hmac("portal.api.cursor", "", secret, algorithm="sha512").digest()
    return AESSIV(digest)
