"""Making one-time links, and using them."""

import datetime as dt
import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.choices import InvitationPurpose
from portal.accounts.factors import has_second_factor
from portal.accounts.models import Invitation, User
from portal.history import operations as history
from portal.history.choices import Verb
from portal.history.comparing import FieldChange
from portal.history.snapshots import SECRET

VALID_FOR = dt.timedelta(days=3)
# How long the session that used a link may set up a second factor.
ENROLMENT_TIME = dt.timedelta(hours=1)


class Spent(Exception):
    """The invitation was used, has expired, or was replaced by a newer one."""


@transaction.atomic
def invite(user: User, *, by: User, at: dt.datetime) -> str:
    """Create a link by which ``user`` sets a password, once, and return its secret.

    The session in which they do so may also set up their first second factor. The link
    expires after ``VALID_FOR``; earlier links of ``user`` end. Raises ValidationError
    for an account that cannot sign in.
    """
    user = _lock(user)
    _check_can_sign_in(user)
    Invitation.objects.filter(user=user, used_at=None).delete()
    token = _create(user, InvitationPurpose.PASSWORD, at)
    history.append(user, verb=Verb.INVITED, by=by, at=at)
    return token


@transaction.atomic
def create_enrolment_link(user: User, *, by: User, at: dt.datetime) -> str:
    """Create a link by which ``user`` sets up a first second factor; return its secret.

    Works once, and the password is needed too. Expires after ``VALID_FOR``; earlier
    links of this kind end. Raises ValidationError for an account that cannot sign in,
    that has no password, or that has a second factor.
    """
    user = _lock(user)
    _check_can_sign_in(user)
    if not user.has_usable_password():
        problem = _("This account has no password yet. Make a link for a password.")
        raise ValidationError(problem, code="no_password")
    if has_second_factor(user):
        problem = _(
            "This account has a second factor. If it is lost, take it away first."
        )
        raise ValidationError(problem, code="has_factor")
    earlier = Invitation.objects.filter(user=user, used_at=None)
    earlier.filter(purpose=InvitationPurpose.ENROLMENT).delete()
    token = _create(user, InvitationPurpose.ENROLMENT, at)
    history.append(user, verb=Verb.ENROLMENT_LINK, by=by, at=at)
    return token


@transaction.atomic
def accept(invitation: Invitation, *, password: str, at: dt.datetime) -> None:
    """Set the password that the invited person chose; their sessions end by it.

    An existing second factor stays as it is; a first one may be set up for
    ``ENROLMENT_TIME``. Raises Spent unless the link is still good.
    """
    user = _lock(invitation.user)
    _use(Invitation.objects.for_password(), invitation, at)
    user.set_password(password)
    user.save(update_fields=["password"])
    change = FieldChange("password", "", SECRET, SECRET)
    history.append(user, verb=Verb.CHANGED, by=user, at=at, changes=[change])


@transaction.atomic
def use_enrolment_link(invitation: Invitation, *, at: dt.datetime) -> None:
    """Use up a link for a second factor, which starts its ``ENROLMENT_TIME``.

    Raises Spent unless the link is still good and the person has no second factor.
    """
    _lock(invitation.user)
    _use(Invitation.objects.for_enrolment(), invitation, at)


def _lock(user: User) -> User:
    """The row of ``user``, locked until the transaction ends.

    Everything that concerns links and second factors of one person locks it first.
    """
    return User.objects.select_for_update().get(pk=user.pk)


def _check_can_sign_in(user: User) -> None:
    if user.is_actor or not (user.is_active and user.is_staff):
        problem = _("Only an active member of staff can be given a link.")
        raise ValidationError(problem, code="cannot_sign_in")


def _create(user: User, purpose: InvitationPurpose, at: dt.datetime) -> str:
    """A new link; sessions that used an earlier one may not set up a factor now."""
    Invitation.objects.filter(user=user).enrolling(at).update(enrols_until=None)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user,
        purpose=purpose,
        digest=hashlib.sha256(token.encode()).hexdigest(),
        expires_at=at + VALID_FOR,
    )
    return token


def _use(links, invitation: Invitation, at: dt.datetime) -> None:
    held = links.open(at).filter(pk=invitation.pk)
    if not held.update(used_at=at, enrols_until=at + ENROLMENT_TIME):
        raise Spent
