"""Operations that create and use one-time links."""

import datetime as dt
import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.accounts.choices import InvitationPurpose
from portal.core.accounts.models import Invitation, User
from portal.core.accounts.second_factors import has_second_factor
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction
from portal.core.audit.diff import FieldChange
from portal.core.audit.snapshots import REDACTED_VALUE

INVITATION_LIFETIME = dt.timedelta(days=3)
# How long the session in which a link was used may set up a second factor.
ENROLMENT_TIME = dt.timedelta(hours=1)


class InvalidInvitationError(Exception):
    """The one-time link was used, has expired or was replaced by a newer one."""


@transaction.atomic
def create_invitation(user: User, *, by: User, at: dt.datetime) -> str:
    """Create a one-time link with which ``user`` sets a password; return its secret.

    The session in which the password is set may also set up the first second factor.
    The link expires after ``INVITATION_LIFETIME``; unused earlier links of ``user`` are
    deleted. Raises ValidationError for an account that cannot sign in.
    """
    user = _lock_user(user)
    _check_can_sign_in(user)
    Invitation.objects.filter(user=user, used_at=None).delete()
    token = _create_link(user, InvitationPurpose.PASSWORD, at)
    audit.append_entry(user, action=AuditAction.INVITATION_CREATED, by=by, at=at)
    return token


@transaction.atomic
def create_enrolment_link(user: User, *, by: User, at: dt.datetime) -> str:
    """Create a one-time link for the first second factor of ``user``.

    Returns the secret of the link. The user also needs the password. The link expires
    after ``INVITATION_LIFETIME``; unused earlier links for a second factor are deleted.
    Raises ValidationError for an account that cannot sign in, that has no password, or
    that has a second factor.
    """
    user = _lock_user(user)
    _check_can_sign_in(user)
    if not user.has_usable_password():
        message = _(
            "This account does not have a password yet. Create a link "
            "to choose a password."
        )
        raise ValidationError(message, code="no_password")
    if has_second_factor(user):
        message = _(
            "This account already has two-factor authentication. If "
            "the user has lost access to it, reset it first."
        )
        raise ValidationError(message, code="has_factor")
    earlier_links = Invitation.objects.filter(user=user, used_at=None)
    earlier_links.filter(purpose=InvitationPurpose.ENROLMENT).delete()
    token = _create_link(user, InvitationPurpose.ENROLMENT, at)
    audit.append_entry(user, action=AuditAction.ENROLMENT_LINK, by=by, at=at)
    return token


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, password: str, at: dt.datetime
) -> None:
    """Set the password that the invited user chose, which ends their sessions.

    An existing second factor is not changed; the first one may be set up during
    ``ENROLMENT_TIME``. Raises InvalidInvitationError if the link is no longer valid.
    """
    user = _lock_user(invitation.user)
    _use_link(Invitation.objects.for_password(), invitation, at)
    user.set_password(password)
    user.save(update_fields=["password"])
    change = FieldChange("password", "", REDACTED_VALUE, REDACTED_VALUE)
    audit.append_entry(
        user, action=AuditAction.CHANGED, by=user, at=at, changes=[change]
    )


@transaction.atomic
def use_enrolment_link(invitation: Invitation, *, at: dt.datetime) -> None:
    """Mark a link for a second factor as used and start its ``ENROLMENT_TIME``.

    Raises InvalidInvitationError if the link is no longer valid or the user already has
    a second factor.
    """
    _lock_user(invitation.user)
    _use_link(Invitation.objects.for_enrolment(), invitation, at)


def _lock_user(user: User) -> User:
    """Return the row of ``user``, locked until the transaction ends.

    All operations on links and second factors of a user lock this row first.
    """
    return User.objects.select_for_update().get(pk=user.pk)


def _check_can_sign_in(user: User) -> None:
    if user.is_actor or not (user.is_active and user.is_staff):
        message = _("You can only create a link for an active staff account.")
        raise ValidationError(message, code="cannot_sign_in")


def _create_link(user: User, purpose: InvitationPurpose, at: dt.datetime) -> str:
    """Create a link and return its secret.

    Sessions that used an earlier link lose the permission to set up a second factor.
    """
    Invitation.objects.filter(user=user).enrolling(at).update(enrols_until=None)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user,
        purpose=purpose,
        digest=hashlib.sha256(token.encode()).hexdigest(),
        expires_at=at + INVITATION_LIFETIME,
    )
    return token


def _use_link(links, invitation: Invitation, at: dt.datetime) -> None:
    valid_link = links.valid(at).filter(pk=invitation.pk)
    if not valid_link.update(used_at=at, enrols_until=at + ENROLMENT_TIME):
        raise InvalidInvitationError
