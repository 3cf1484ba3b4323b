"""The right of a browser session to set up somebody's first second factor.

The password alone does not give it: otherwise a person who has found out the password
of an account without a factor could add their own. The session must have used a
one-time link for this person (:class:`~portal.accounts.models.Invitation`). It holds
the key of that link; until when the right lasts, and for whom, is in the database.
"""

import datetime as dt

from django.http import HttpRequest

from portal.accounts.factors import has_second_factor
from portal.accounts.models import Invitation

_SESSION_KEY = "used_link"


def remember_link(request: HttpRequest, invitation: Invitation) -> None:
    """Mark the session as the one in which ``invitation`` has been used.

    The session gets a new key, so that the earlier one does not give the right.
    """
    request.session.cycle_key()
    request.session[_SESSION_KEY] = invitation.pk


def used_link(request: HttpRequest) -> int | None:
    """The key of the link that this session has used last, None if there is none."""
    return request.session.get(_SESSION_KEY)


def may_enrol(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Whether the person signed in may add a second factor, the first or another."""
    links = Invitation.objects.enrolling(at).filter(user_id=request.user.pk)
    has_link = links.filter(pk=used_link(request)).exists()
    return has_link or has_second_factor(request.user)
