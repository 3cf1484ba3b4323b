"""What is done to a person's account, by themselves or by an administrator."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F

from portal.accounts.choices import InterfaceLanguage
from portal.accounts.models import Invitation, User
from portal.history import operations as history
from portal.history.choices import Verb


def choose_language(user: User, *, language: InterfaceLanguage) -> None:
    """Show the desk to ``user`` in ``language`` from now on."""
    User.objects.filter(pk=user.pk).update(interface_language=language)
    user.interface_language = language


@transaction.atomic
def end_sessions(user: User) -> None:
    """End every session of ``user``, also one that the list of sessions has not.

    The right of a session to set up a second factor after a one-time link ends too.
    A view that is to keep the session it runs in calls Django's
    ``update_session_auth_hash`` afterwards.
    """
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.session_round += 1
    UserSession.objects.filter(user_id=user.pk).delete()
    used = Invitation.objects.filter(user_id=user.pk, enrols_until__isnull=False)
    used.update(enrols_until=None)


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User, at: dt.datetime) -> None:
    """End every session of ``user``, at their wish or at an administrator's."""
    end_sessions(user)
    history.append(user, verb=Verb.SIGNED_OUT, by=by, at=at)
