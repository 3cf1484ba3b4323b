"""Secrets of second factors: of no use to who has only the database."""

import io
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from portal.accounts.secrecy import seal, unseal
from tests.factories import publishing as states
from tests.signing_in import (
    SECRET,
    code,
    give_code,
    give_password,
    is_signed_in,
    use_enrolment_link,
    with_app,
)

pytestmark = pytest.mark.django_db

OLD, NEW = "o" * 60, "n" * 60


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    """A clock that stands still, in the middle of a step."""
    time_machine.move_to("2026-05-06T12:00:10+00:00", tick=False)
    return time_machine


@pytest.fixture(autouse=True)
def key(settings):
    settings.SECRET_KEY = OLD


def _kept(type_: str) -> dict:
    return Authenticator.objects.get(type=type_).data


def _signs_in(value: str) -> bool:
    client = Client()
    give_password(client)
    give_code(client, value)
    return is_signed_in(client)


def _seal_all() -> str:
    told = io.StringIO()
    call_command("seal_second_factors", stdout=told)
    return told.getvalue().strip()


def test_what_is_set_up_is_sealed(client):
    use_enrolment_link(client, states.staff())
    give_password(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]

    client.post("/accounts/2fa/totp/activate/", {"code": code(secret=secret)})

    assert secret not in str(_kept("totp"))
    assert _kept("totp")["secret"].startswith("sealed:")
    assert _kept("recovery_codes")["seed"].startswith("sealed:")
    assert _signs_in(code(secret=secret, steps=1))


def test_what_was_kept_before_there_was_a_seal_goes_on():
    with_app(states.staff())
    assert _kept("totp")["secret"] == SECRET

    assert _seal_all() == "1 sealed."

    assert SECRET not in str(_kept("totp"))
    assert _signs_in(code())


def test_key_of_before_opens_until_all_is_sealed_anew(settings):
    with_app(states.staff(), seal(SECRET))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert unseal(_kept("totp")["secret"]) == SECRET

    _seal_all()
    settings.SECRET_KEY_FALLBACKS = []

    assert _signs_in(code(secret=SECRET))


def test_what_no_key_opens_stays_for_the_day_on_which_it_is_found(settings):
    with_app(states.staff(), seal(SECRET))
    with_app(states.staff("sample.other"))
    settings.SECRET_KEY = NEW

    with pytest.raises(CommandError, match="1 cannot be opened"):
        _seal_all()
    settings.SECRET_KEY_FALLBACKS = [OLD]

    assert _seal_all() == "2 sealed."
    assert _signs_in(code())


@pytest.mark.parametrize("tried", [SECRET, "", "A" * 32])
def test_no_code_fits_when_the_key_is_lost(settings, caplog, tried):
    with_app(states.staff(), seal(SECRET))
    settings.SECRET_KEY = NEW

    assert not _signs_in(code(secret=tried))
    assert "its owner needs a reset" in caplog.text


def test_codes_shown_after_the_key_was_lost_are_good(settings):
    """Whoever is in by a passkey may look at them, and write these down."""
    clerk = with_app(states.staff(), seal(SECRET))
    data = {"seed": seal("ab" * 20), "used_mask": 0}
    kept = Authenticator.objects.create(user=clerk, type="recovery_codes", data=data)
    settings.SECRET_KEY = NEW

    first, second, *_others = kept.wrap().get_unused_codes()

    assert _signs_in(first)
    assert _signs_in(second)


def test_no_recovery_code_fits_when_the_key_is_lost(settings):
    clerk = with_app(states.staff())
    data = {"seed": seal("ab" * 20), "used_mask": 0}
    kept = Authenticator.objects.create(user=clerk, type="recovery_codes", data=data)
    first, second, *_others = kept.wrap().get_unused_codes()
    assert _signs_in(first)
    settings.SECRET_KEY = NEW

    assert not _signs_in(second)
