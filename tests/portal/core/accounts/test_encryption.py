"""Encryption of second-factor secrets: the database alone does not disclose them."""

import io
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from portal.core.accounts.encryption import decrypt, encrypt
from tests.factories import publishing as states
from tests.sign_in import (
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
    """Freeze the time in the middle of a 30-second TOTP step."""
    time_machine.move_to("2026-05-06T12:00:10+00:00", tick=False)
    return time_machine


@pytest.fixture(autouse=True)
def key(settings):
    settings.SECRET_KEY = OLD


def _stored_data(type_: str) -> dict:
    return Authenticator.objects.get(type=type_).data


def _signs_in(value: str) -> bool:
    client = Client()
    give_password(client)
    give_code(client, value)
    return is_signed_in(client)


def _seal_all() -> str:
    output = io.StringIO()
    call_command("seal_second_factors", stdout=output)
    return output.getvalue().strip()


def test_new_second_factor_secret_is_encrypted(client):
    use_enrolment_link(client, states.staff())
    give_password(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]

    client.post("/accounts/2fa/totp/activate/", {"code": code(secret=secret)})

    assert secret not in str(_stored_data("totp"))
    assert _stored_data("totp")["secret"].startswith("sealed:")
    assert _stored_data("recovery_codes")["seed"].startswith("sealed:")
    assert _signs_in(code(secret=secret, steps=1))


def test_unencrypted_secret_still_works_and_gets_encrypted():
    with_app(states.staff())
    assert _stored_data("totp")["secret"] == SECRET

    assert _seal_all() == "1 re-encrypted."

    assert SECRET not in str(_stored_data("totp"))
    assert _signs_in(code())


def test_fallback_key_decrypts_until_reencryption(settings):
    with_app(states.staff(), encrypt(SECRET))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert decrypt(_stored_data("totp")["secret"]) == SECRET

    _seal_all()
    settings.SECRET_KEY_FALLBACKS = []

    assert _signs_in(code(secret=SECRET))


def test_undecryptable_secret_is_kept_until_key_returns(settings):
    with_app(states.staff(), encrypt(SECRET))
    with_app(states.staff("sample.other"))
    settings.SECRET_KEY = NEW

    with pytest.raises(CommandError, match="1 cannot be decrypted"):
        _seal_all()
    settings.SECRET_KEY_FALLBACKS = [OLD]

    assert _seal_all() == "2 re-encrypted."
    assert _signs_in(code())


@pytest.mark.parametrize("tried", [SECRET, "", "A" * 32])
def test_no_code_is_accepted_when_key_is_lost(settings, caplog, tried):
    with_app(states.staff(), encrypt(SECRET))
    settings.SECRET_KEY = NEW

    assert not _signs_in(code(secret=tried))
    assert "reset the second factor of its user" in caplog.text


def test_recovery_codes_regenerated_after_key_loss_work(settings):
    """A user who signs in with a passkey can view and write down recovery codes."""
    user = with_app(states.staff(), encrypt(SECRET))
    data = {"seed": encrypt("ab" * 20), "used_mask": 0}
    authenticator = Authenticator.objects.create(
        user=user, type="recovery_codes", data=data
    )
    settings.SECRET_KEY = NEW

    first, second, *_codes = authenticator.wrap().get_unused_codes()

    assert _signs_in(first)
    assert _signs_in(second)


def test_no_recovery_code_is_accepted_when_key_is_lost(settings):
    user = with_app(states.staff())
    data = {"seed": encrypt("ab" * 20), "used_mask": 0}
    authenticator = Authenticator.objects.create(
        user=user, type="recovery_codes", data=data
    )
    first, second, *_codes = authenticator.wrap().get_unused_codes()
    assert _signs_in(first)
    settings.SECRET_KEY = NEW

    assert not _signs_in(second)
