"""Operations on user accounts, called for the user or for an administrator."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F

from portal.core.accounts.choices import InterfaceLanguage, MailFrequency
from portal.core.accounts.models import Invitation, User
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction


def set_interface_language(user: User, *, language: InterfaceLanguage) -> None:
    """Store the language in which ``user`` sees the staff admin."""
    User.objects.filter(pk=user.pk).update(interface_language=language)
    user.interface_language = language


def set_mail_frequency(user: User, *, frequency: MailFrequency) -> None:
    """Store when ``user`` gets mail about what waits for them."""
    User.objects.filter(pk=user.pk).update(mail_frequency=frequency)
    user.mail_frequency = frequency


@transaction.atomic
def end_sessions(user: User) -> None:
    """End all sessions of ``user``, including those missing from the list of sessions.

    The permission to set up a second factor after a one-time link ends too. A view that
    has to keep its own session calls Django's ``update_session_auth_hash`` afterwards.
    """
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.session_round += 1
    UserSession.objects.filter(user_id=user.pk).delete()
    used_links = Invitation.objects.filter(user_id=user.pk, enrols_until__isnull=False)
    used_links.update(enrols_until=None)


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User, at: dt.datetime) -> None:
    """End all sessions of ``user`` and write an audit entry.

    ``by`` is the user themselves or an administrator.
    """
    end_sessions(user)
    audit.append_entry(user, action=AuditAction.SIGNED_OUT, by=by, at=at)
