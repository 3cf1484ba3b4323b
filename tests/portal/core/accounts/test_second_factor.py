"""Second factor: forced setup, sign-in with one-time codes, reset after loss."""

import base64
import re

import pytest
from allauth.mfa.models import Authenticator

from portal.core.accounts import operations
from portal.core.accounts.second_factors import generate_code, has_second_factor
from portal.core.audit.models import Deed
from tests.factories import publishing as states
from tests.sign_in import (
    code,
    confirmed,
    give_code,
    give_password,
    is_signed_in,
    use_enrolment_link,
    with_app,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    """Freeze the time in the middle of a 30-second TOTP step."""
    time_machine.move_to("2026-05-06T12:00:10+00:00", tick=False)
    return time_machine


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def _set_up(client):
    page = client.get("/accounts/2fa/totp/activate/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode())[1]
    response = client.post(
        "/accounts/2fa/totp/activate/", {"code": code(secret=secret)}, follow=True
    )
    return secret, response


def test_first_sign_in_redirects_to_second_factor_setup(client, required):
    user = states.staff()

    give_password(client)

    for path in ("/admin/", "/admin/password_change/", "/accounts/sessions/"):
        assert client.get(path)["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200
    assert not has_second_factor(user)


@pytest.mark.django_db(transaction=True)
def test_admin_is_accessible_after_second_factor_setup(client, required):
    use_enrolment_link(client, states.staff())
    give_password(client)

    _secret, response = _set_up(client)

    codes = re.findall(r"<code>(\d{8})</code>", response.content.decode())
    assert response.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    assert len(codes) == 10
    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_first_second_factor_ends_sessions_without_one(client, required):
    user = states.staff()
    thief = client.__class__()
    give_password(thief)
    use_enrolment_link(client, user)
    give_password(client)

    _set_up(client)

    assert thief.get("/admin/")["Location"].startswith("/accounts/login/")


@pytest.mark.django_db(transaction=True)
def test_setup_code_cannot_be_reused_for_sign_in(client, required):
    use_enrolment_link(client, states.staff())
    give_password(client)
    secret, _answer = _set_up(client)
    other_client = client.__class__()

    give_password(other_client)
    give_code(other_client, code(secret=secret))

    assert not is_signed_in(other_client)


def test_password_alone_does_not_sign_in(client):
    with_app(states.staff())

    response = give_password(client)

    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)


def test_code_signs_in(client):
    with_app(states.staff())

    give_password(client)
    response = give_code(client, code())

    assert response["Location"] == "/admin/"
    assert is_signed_in(client)


@pytest.mark.parametrize("steps", [-1, 1])
def test_code_accepts_small_clock_drift(client, steps):
    with_app(states.staff())

    give_password(client)
    give_code(client, code(steps=steps))

    assert is_signed_in(client)


@pytest.mark.parametrize("wrong", ["000000", "", "12345", "x" * 200])
def test_wrong_code_does_not_sign_in(client, wrong):
    with_app(states.staff())

    give_password(client)
    response = give_code(client, wrong)

    assert response.status_code == 200
    assert not is_signed_in(client)


def test_generated_codes_are_those_of_rfc_4226():
    secret = base64.b32encode(b"12345678901234567890").decode()

    codes = [generate_code(secret, step) for step in range(5)]

    assert codes == ["755224", "287082", "359152", "969429", "338314"]


@pytest.mark.parametrize("seconds", [0, 29, 45])
def test_code_cannot_be_reused(client, at_noon, seconds):
    """Used codes stay rejected after the cache where allauth keeps them is emptied."""
    from django.core.cache import cache

    with_app(states.staff())
    used_code = code()
    give_password(client)
    give_code(client, used_code)
    cache.clear()
    at_noon.shift(seconds)
    thief = client.__class__()

    give_password(thief)
    response = give_code(thief, used_code)

    assert response.status_code == 200
    assert not is_signed_in(thief)


def test_next_code_signs_in_again(client, at_noon):
    with_app(states.staff())
    give_password(client)
    give_code(client, code())
    at_noon.shift(30)
    other_client = client.__class__()

    give_password(other_client)
    give_code(other_client, code())

    assert is_signed_in(other_client)


def test_recovery_code_cannot_be_reused(client):
    user = with_app(states.staff())
    authenticator = Authenticator.objects.create(
        user=user, type="recovery_codes", data={"seed": "ab" * 20, "used_mask": 0}
    )
    (first, *_codes) = authenticator.wrap().get_unused_codes()
    give_password(client)
    give_code(client, first)
    other_client = client.__class__()

    give_password(other_client)
    give_code(other_client, first)

    assert is_signed_in(client)
    assert not is_signed_in(other_client)
    authenticator.refresh_from_db()
    assert len(authenticator.wrap().get_unused_codes()) == 9


def test_last_second_factor_cannot_be_removed_while_required(client, required):
    user = with_app(states.staff())
    confirmed(client, user)

    response = client.post("/accounts/2fa/totp/deactivate/")

    assert response.status_code == 200
    assert has_second_factor(user)


def test_second_factor_can_be_removed_when_optional(client):
    user = with_app(states.staff())
    confirmed(client, user)

    client.post("/accounts/2fa/totp/deactivate/")

    assert not has_second_factor(user)


def test_banner_warns_when_second_factor_is_optional(client):
    client.force_login(states.staff())

    assert "factor-banner" in client.get("/admin/").content.decode()


def test_no_banner_when_second_factor_is_required(client, required):
    client.force_login(with_app(states.staff()))

    assert "factor-banner" not in client.get("/admin/").content.decode()


def test_lost_second_factor_is_removed(client, required):
    user, chief = with_app(states.staff()), states.staff("sample.chief")
    client.force_login(user)

    operations.reset_second_factor(user, by=chief, at=states.AT)

    assert not has_second_factor(user)
    assert client.get("/admin/")["Location"].startswith("/accounts/login/")
    (entry,) = Deed.objects.for_record(user)
    assert (entry.verb, entry.by) == ("reset", chief)
    give_password(client)
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


def test_enrolment_requires_recent_password(client, required):
    user = states.staff()
    confirmed(client, user, minutes_ago=11)
    use_enrolment_link(client, user)

    response = client.get("/accounts/2fa/totp/activate/")

    assert response["Location"].startswith("/accounts/reauthenticate/")


def test_public_urls_do_not_require_second_factor(client, required):
    client.force_login(states.staff())

    assert client.get("/en/contact/").status_code == 200
