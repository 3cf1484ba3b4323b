"""Second factors: whether somebody has one, and that a code is good only once."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction

# Recovery codes stand in for these; they are none themselves.
FIRST_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_LAST_STEP = "last_step"


def has_second_factor(user, types=None) -> bool:
    """Whether ``user`` has set up one of ``types``, by default an app or a passkey."""
    if not user.is_authenticated:
        return False
    found = Authenticator.objects.filter(user_id=user.pk)
    return found.filter(type__in=types or FIRST_FACTORS).exists()


def step_of(secret: str, code: str) -> int | None:
    """The 30-second step, near to now, whose code this is; None if it is of none."""
    digits = "".join(code.split())
    for step in yield_hotp_counters_from_time():
        if format_hotp_value(hotp_value(secret, step)) == digits:
            return step
    return None


@transaction.atomic
def use_step(authenticator: Authenticator, step: int) -> bool:
    """Mark the code of ``step`` as used; False if it or a later one was used before.

    Kept with the factor and not in the cache, which may be away or emptied.
    """
    held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    if held.data.get(_LAST_STEP, 0) >= step:
        return False
    held.data[_LAST_STEP] = step
    held.save(update_fields=["data"])
    authenticator.data = held.data
    return True
