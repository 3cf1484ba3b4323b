"""Second factors: which types there are, and codes that can be used only once."""

import base64
import hmac
import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.db import transaction

# Recovery codes replace a second factor, but do not count as one.
SECOND_FACTOR_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_LAST_USED_STEP_KEY = "last_step"


def has_second_factor(user, types=None) -> bool:
    """Return whether ``user`` has set up a second factor.

    ``types`` are the accepted types of Authenticator; the default is an authenticator
    app or a passkey.
    """
    if not user.is_authenticated:
        return False
    authenticators = Authenticator.objects.filter(user_id=user.pk)
    return authenticators.filter(type__in=types or SECOND_FACTOR_TYPES).exists()


def generate_code(secret: str, step: int) -> str:
    """Return the code of an authenticator app for a time step (RFC 4226, 5.3).

    ``secret`` is the shared key in Base32.
    """
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    digits = app_settings.TOTP_DIGITS
    return f"{number % 10**digits:0{digits}}"


def get_totp_step(secret: str, code: str) -> int | None:
    """Return the TOTP time step (RFC 6238) for which a code is valid, or None.

    Steps have 30 seconds. Only the current step and its neighbours within
    MFA_TOTP_TOLERANCE are tried. allauth verifies codes, but does not return the step.
    """
    digits = "".join(code.split())
    current = int(time.time()) // app_settings.TOTP_PERIOD
    tolerance = app_settings.TOTP_TOLERANCE
    for step in range(current - tolerance, current + tolerance + 1):
        if generate_code(secret, step) == digits:
            return step
    return None


@transaction.atomic
def consume_totp_step(authenticator: Authenticator, step: int) -> bool:
    """Mark the code of a TOTP time step as used.

    Returns False if that code or a later one was used before. The last used step is
    stored with the Authenticator and not in the cache, which may be unavailable or lose
    its content.
    """
    locked_authenticator = Authenticator.objects.select_for_update().get(
        pk=authenticator.pk
    )
    if locked_authenticator.data.get(_LAST_USED_STEP_KEY, 0) >= step:
        return False
    locked_authenticator.data[_LAST_USED_STEP_KEY] = step
    locked_authenticator.save(update_fields=["data"])
    authenticator.data = locked_authenticator.data
    return True
