"""Steps of signing in, for tests of pages that need a signed-in user."""

import time

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.accounts import operations
from portal.core.accounts.models import User
from portal.core.accounts.second_factors import generate_code

# Base32, as stored by an authenticator app.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "sample-password"


def confirmed(client: Client, user: User, *, minutes_ago: float = 0) -> Client:
    """Sign ``user`` in on ``client``, with the password entered ``minutes_ago``."""
    client.force_login(user)
    session = client.session
    at = time.time() - 60 * minutes_ago
    session["account_authentication_methods"] = [{"method": "password", "at": at}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def with_app(user: User, secret: str = SECRET) -> User:
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    return user


def enrolment_link(user: User) -> str:
    """Create a one-time link for setting up a second factor; return its path."""
    by = User.objects.get_system_user("tests")
    token = operations.create_enrolment_link(user, by=by, at=timezone.now())
    return reverse("enrolment", args=[token])


def use_enrolment_link(client: Client, user: User, **more):
    """Press the button on the page of a new enrolment link; return the response."""
    return client.post(enrolment_link(user), **more)


def code(*, steps: int = 0, secret: str = SECRET) -> str:
    """Return the app's current code, or the code ``steps`` periods of 30 s later."""
    step = int(time.time()) // 30 + steps
    return generate_code(secret, step)


def give_password(client: Client, username="sample.clerk", password=PASSWORD, **more):
    """Post user name and password; return the response."""
    data = {"login": username, "password": password}
    return client.post("/accounts/login/", data, **more)


def give_code(client: Client, value: str, **more):
    """Post the code of the second step; return the response."""
    return client.post("/accounts/2fa/authenticate/", {"code": value}, **more)


def is_signed_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
