"""Inviting a colleague, and taking the invitation up."""

import datetime as dt
import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Invitation, User
from portal.history import operations as history
from portal.history.choices import Verb
from portal.history.comparing import FieldChange
from portal.history.snapshots import SECRET

VALID_FOR = dt.timedelta(days=3)


class Spent(Exception):
    """The invitation was used, has expired, or was replaced by a newer one."""


@transaction.atomic
def invite(user: User, *, by: User, at: dt.datetime) -> str:
    """The secret of a link by which ``user`` sets a password, once, within three days.

    Known at this moment only. An earlier link of the same person ends. Raises
    ValidationError for an account that cannot sign in.
    """
    if user.is_actor or not (user.is_active and user.is_staff):
        told = _("Only an active member of staff can be given a link.")
        raise ValidationError(told)
    Invitation.objects.filter(user=user, used_at=None).delete()
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user,
        digest=hashlib.sha256(token.encode()).hexdigest(),
        expires_at=at + VALID_FOR,
    )
    history.append(user, verb=Verb.INVITED, by=by, at=at)
    return token


@transaction.atomic
def accept(invitation: Invitation, *, password: str, at: dt.datetime) -> None:
    """Set the password that the invited person chose; their sessions end by it.

    The second factor stays as it is. Raises Spent unless the link is still good.
    """
    invitations = Invitation.objects.select_for_update(of=("self",))
    held = invitations.select_related("user").open(at).filter(pk=invitation.pk).first()
    if held is None:
        raise Spent
    held.used_at = at
    held.save(update_fields=["used_at"])
    held.user.set_password(password)
    held.user.save(update_fields=["password"])
    told = FieldChange("password", "", SECRET, SECRET)
    history.append(held.user, verb=Verb.CHANGED, by=held.user, at=at, changes=[told])
