"""Encryption of second-factor secrets in the database.

The secrets are encrypted with keys derived from SECRET_KEY, which is not in the
database, so a stolen backup does not disclose them. Secrets that were encrypted with a
key in SECRET_KEY_FALLBACKS can still be decrypted.
"""

import base64
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_ENCRYPTED_PREFIX = "sealed:"
logger = logging.getLogger(__name__)


def encrypt(text: str) -> str:
    """Return ``text`` encrypted with the current SECRET_KEY."""
    return _ENCRYPTED_PREFIX + _get_cipher().encrypt(text.encode()).decode()


def decrypt(stored_value: str) -> str:
    """Decrypt a stored secret; return a value that is not encrypted unchanged.

    Values stored before encryption was introduced are not encrypted. If no configured
    key fits, log an error and return a wrong secret derived from the stored value. All
    codes are then rejected until the user gets new recovery codes or an administrator
    resets the second factor.
    """
    try:
        return _decrypt_or_pass_through(stored_value)
    except InvalidToken:
        logger.error(
            "The secret of a second factor was encrypted with a SECRET_KEY that is no "
            "longer configured: reset the second factor of its user."
        )
        digest = salted_hmac(
            "portal.lost-factor", stored_value, algorithm="sha256"
        ).digest()
        return base64.b32encode(digest[:20]).decode()


def reencrypt(stored_value: str) -> str | None:
    """Encrypt a stored secret again with the current SECRET_KEY.

    Returns None if no configured key can decrypt the secret.
    """
    try:
        return encrypt(_decrypt_or_pass_through(stored_value))
    except InvalidToken:
        return None


def _decrypt_or_pass_through(stored_value: str) -> str:
    if not stored_value.startswith(_ENCRYPTED_PREFIX):
        return stored_value
    return _get_cipher().decrypt(stored_value.removeprefix(_ENCRYPTED_PREFIX)).decode()


def _get_cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derive_key(key)) for key in keys])


def _derive_key(key: str) -> bytes:
    digest = salted_hmac("portal.second-factor", "", key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
