"""What is done to a person's second factor."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction

from portal.accounts.choices import InvitationPurpose
from portal.accounts.factors import has_second_factor
from portal.accounts.models import Invitation, User
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

    For somebody who has lost them: new ones need a one-time link.
    """
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    history.append(user, verb=Verb.RESET, by=by, at=at)


class EnrolmentRefused(Exception):
    """This session may not set up a second factor for this account."""


def lock_factors(user: User, *, link: int | None, at: dt.datetime) -> bool:
    """Lock the factors of the person signed in; return whether they have one.

    For use in the transaction that shows or adds factors. ``user`` is the person as the
    request read them, ``link`` the key of the Invitation that their session has used.
    Raises EnrolmentRefused if the session has ended since then, or if the person has no
    second factor and ``link`` does not permit a first one.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    # A session without the factor must not add one after another session did.
    if current.get_session_auth_hash() != user.get_session_auth_hash():
        raise EnrolmentRefused
    has_factor = has_second_factor(current)
    links = Invitation.objects.enrolling(at).filter(user=current, pk=link)
    if not (has_factor or links.exists()):
        raise EnrolmentRefused
    return has_factor


@transaction.atomic
def complete_enrolment(user: User) -> None:
    """End what must not outlast the set-up of a first factor: sessions and links.

    Somebody who knows the password may have signed in without the factor. As with
    ``end_sessions``, the view keeps its own session.
    """
    links = Invitation.objects.filter(user_id=user.pk, used_at=None)
    links.filter(purpose=InvitationPurpose.ENROLMENT).delete()
    end_sessions(user)
