"""What is done to a person's second factor."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction

from portal.accounts.models import User
from portal.accounts.operations.people import end_sessions
from portal.accounts.secrecy import reseal
from portal.history import operations as history
from portal.history.choices import Verb

# Where allauth keeps the secrets.
_SECRETS = {
    Authenticator.Type.TOTP: "secret",
    Authenticator.Type.RECOVERY_CODES: "seed",
}


@transaction.atomic
def seal_second_factors() -> tuple[int, int]:
    """Seal every secret anew with the key of today: how many were, and were not.

    Those whose key is gone stay as they are.
    """
    held = Authenticator.objects.select_for_update().filter(type__in=_SECRETS)
    sealed = 0
    for factor in held:
        name = _SECRETS[factor.type]
        if again := reseal(factor.data[name]):
            factor.data[name] = again
            factor.save(update_fields=["data"])
            sealed += 1
    return sealed, len(held) - sealed


@transaction.atomic
def reset_second_factor(user: User, *, by: User, at: dt.datetime) -> None:
    """Take away app, passkeys and recovery codes of ``user``, and end their sessions.

    For somebody who has lost them: at their next sign-in they set up new ones.
    """
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    history.append(user, verb=Verb.RESET, by=by, at=at)
