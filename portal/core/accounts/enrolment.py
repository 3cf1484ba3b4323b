"""Permission of a browser session to set up the first second factor of a user.

Sign-in with the password does not give this permission: otherwise a person who found
out the password of an account without a second factor could add their own. The session
must have used a one-time link (model ``Invitation``) for this user. The session stores
the primary key of the link; the database stores the user and the end of the permission.
"""

import datetime as dt

from django.http import HttpRequest

from portal.core.accounts.models import Invitation
from portal.core.accounts.second_factors import has_second_factor

_SESSION_KEY = "used_link"


def remember_link(request: HttpRequest, invitation: Invitation) -> None:
    """Store in the session that the one-time link ``invitation`` was used in it.

    The session gets a new session key, so that a stolen earlier key does not give the
    permission.
    """
    request.session.cycle_key()
    request.session[_SESSION_KEY] = invitation.pk


def get_used_link_id(request: HttpRequest) -> int | None:
    """Return the primary key of the link last used in this session, or None."""
    return request.session.get(_SESSION_KEY)


def may_enrol(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Return whether the signed-in user may add a second factor.

    This is the case if the session used a valid one-time link, or if the user already
    has a second factor.
    """
    links = Invitation.objects.enrolling(at).filter(user_id=request.user.pk)
    has_link = links.filter(pk=get_used_link_id(request)).exists()
    return has_link or has_second_factor(request.user)
