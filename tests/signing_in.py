"""Signing in as a person does, for tests of what stands behind the door."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import operations
from portal.accounts.models import User

# Base32, as an app holds it.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "sample-password"


def confirmed(client: Client, user: User, *, minutes_ago: float = 0) -> Client:
    """``client`` signed in as ``user``, who showed the password so long ago."""
    client.force_login(user)
    session = client.session
    at = time.time() - 60 * minutes_ago
    session["account_authentication_methods"] = [{"method": "password", "at": at}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def with_app(user: User, secret: str = SECRET) -> User:
    """``user`` with an authenticator app set up."""
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    return user


def enrolment_link(user: User) -> str:
    """The address of a new one-time link for the first second factor of ``user``."""
    by = User.objects.actor("tests")
    token = operations.create_enrolment_link(user, by=by, at=timezone.now())
    return reverse("enrolment", args=[token])


def use_enrolment_link(client: Client, user: User, **more):
    """The answer to the button on the page behind such a link."""
    return client.post(enrolment_link(user), **more)


def code(*, steps: int = 0, secret: str = SECRET) -> str:
    """The code that an app shows now, or so many thirty-second steps later."""
    step = int(time.time()) // 30 + steps
    return format_hotp_value(hotp_value(secret, step))


def give_password(client: Client, username="sample.clerk", password=PASSWORD, **more):
    """The answer to name and password."""
    data = {"login": username, "password": password}
    return client.post("/accounts/login/", data, **more)


def give_code(client: Client, value: str, **more):
    """The answer to the code of the second step."""
    return client.post("/accounts/2fa/authenticate/", {"code": value}, **more)


def is_signed_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
