"""Operations on the second factors of a user."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction

from portal.core.accounts.choices import InvitationPurpose
from portal.core.accounts.encryption import reencrypt
from portal.core.accounts.models import Invitation, User
from portal.core.accounts.operations.users import end_sessions
from portal.core.accounts.second_factors import has_second_factor
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction

# Keys of the secrets in allauth's Authenticator.data, by type of authenticator.
_SECRET_KEYS_BY_TYPE = {
    Authenticator.Type.TOTP: "secret",
    Authenticator.Type.RECOVERY_CODES: "seed",
}


@transaction.atomic
def reencrypt_second_factor_secrets() -> tuple[int, int]:
    """Encrypt all stored secrets of second factors again with the current SECRET_KEY.

    Returns the numbers of re-encrypted and of skipped secrets. Secrets that no
    configured key can decrypt are skipped and not changed.
    """
    authenticators = Authenticator.objects.select_for_update().filter(
        type__in=_SECRET_KEYS_BY_TYPE
    )
    reencrypted_count = 0
    for factor in authenticators:
        name = _SECRET_KEYS_BY_TYPE[factor.type]
        if reencrypted := reencrypt(factor.data[name]):
            factor.data[name] = reencrypted
            factor.save(update_fields=["data"])
            reencrypted_count += 1
    return reencrypted_count, len(authenticators) - reencrypted_count


@transaction.atomic
def reset_second_factor(user: User, *, by: User, at: dt.datetime) -> None:
    """Delete app, passkeys and recovery codes of ``user`` and end all their sessions.

    This is for a user who has lost the second factor. To set up a new one, the user
    needs a one-time link.
    """
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    audit.append_entry(user, action=AuditAction.SECOND_FACTOR_RESET, by=by, at=at)


class EnrolmentRefused(Exception):
    """The session may not set up a second factor for the account."""


def lock_factors(user: User, *, link: int | None, at: dt.datetime) -> bool:
    """Lock the row of the signed-in user and return whether they have a second factor.

    Call this in the transaction that shows or adds second factors. ``user`` is the
    instance loaded by the request. ``link`` is the primary key of the Invitation used
    in the session, or None. Raises EnrolmentRefused if the session was ended after
    ``user`` was loaded, or if the user has no second factor and the link does not
    permit setting up the first one.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    # Adding the first factor ends the user's other sessions. One of them must not add
    # its own factor because its request was already running.
    if current.get_session_auth_hash() != user.get_session_auth_hash():
        raise EnrolmentRefused
    has_factor = has_second_factor(current)
    links = Invitation.objects.enrolling(at).filter(user=current, pk=link)
    if not (has_factor or links.exists()):
        raise EnrolmentRefused
    return has_factor


@transaction.atomic
def complete_enrolment(user: User) -> None:
    """Delete unused enrolment links and end all sessions after the first second factor.

    Until then a person who knows the password could sign in without a second factor.
    The calling view keeps its own session as described in ``end_sessions``.
    """
    links = Invitation.objects.filter(user_id=user.pk, used_at=None)
    links.filter(purpose=InvitationPurpose.ENROLMENT).delete()
    end_sessions(user)
