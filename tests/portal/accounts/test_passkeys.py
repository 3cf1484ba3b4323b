"""A passkey that does not fit is logged, and is not tried endlessly.

One that fits is tried in a browser: tests/browser/test_passkeys.py.
"""

import base64
import datetime as dt
import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.utils.module_loading import import_string

from portal.accounts.factor_forms import PasskeyForm
from portal.accounts.models import SignIn
from portal.accounts.passkey_forms import (
    CountedForm,
    PasskeyAgainForm,
    PasskeyAloneForm,
)
from tests.factories import publishing as states
from tests.signing_in import give_password, is_signed_in, with_app

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC)
LOGIN = "/accounts/2fa/webauthn/login/"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(AT, tick=False)
    return time_machine


def _coded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _signed(user=None, **response) -> str:
    """What a browser sends for a passkey of ``user``, signed by another key."""
    challenge = json.dumps(
        {"type": "webauthn.get", "challenge": "AAAA", "origin": "http://testserver"}
    )
    parts = {
        "clientDataJSON": _coded(challenge.encode()),
        "authenticatorData": _coded(b"\0" * 37),
        "signature": _coded(b"sample"),
        **({"userHandle": _coded(user_pk_to_url_str(user).encode())} if user else {}),
        **response,
    }
    told = {"id": _coded(b"sample"), "rawId": _coded(b"sample"), "type": "public-key"}
    return json.dumps({**told, "response": parts})


def _show(client, credential: str, path: str = LOGIN, **more):
    """The answer to a passkey, of which the page had asked for one."""
    client.get(LOGIN, headers={"x-requested-with": "XMLHttpRequest"}, **more)
    return client.post(path, {"credential": credential}, **more)


def _failed() -> list[tuple]:
    told = SignIn.objects.order_by("pk")
    return list(told.values_list("user__username", "outcome", "factor"))


def test_passkey_that_another_key_signed_is_logged(client):
    clerk = states.staff()

    answer = _show(client, _signed(clerk))

    assert answer["Location"] == "/accounts/login/"
    assert not is_signed_in(client)
    assert _failed() == [("sample.clerk", "failed", "webauthn")]


@pytest.mark.parametrize(
    "credential",
    [
        _signed(),
        _signed(userHandle=_coded(b"9" * 40)),
        _signed(userHandle="%%%"),
        _signed(userHandle=""),
        '"sample"',
        "[1]",
        '{"response": []}',
        '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": 5}',
    ],
)
def test_passkey_of_nobody_is_logged(client, credential):
    states.staff()

    answer = _show(client, credential)

    assert answer["Location"] == "/accounts/login/"
    assert _failed() == [(None, "failed", "webauthn")]
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "no JSON", "\0", "[" * 100_000, '{"a":' * 100_000],
    ids=range(7),
)
def test_what_is_no_passkey_at_all_is_only_refused(client, credential):
    answer = _show(client, credential)

    assert answer["Location"] == "/accounts/login/"
    assert _failed() == []


@pytest.mark.parametrize("handle", [10**30, 600, True, [1], {}, "A" * 101])
def test_handle_that_no_browser_sends_is_refused(client, handle):
    answer = _show(client, _signed(userHandle=handle))

    assert answer["Location"] == "/accounts/login/"
    assert _failed() == [(None, "failed", "webauthn")]


PARTS = ("userHandle", "clientDataJSON", "authenticatorData", "signature")


@pytest.mark.parametrize("number", [600_000_000, 10**30, -600_000_000, 1e300])
@pytest.mark.parametrize("part", [*PARTS, "id", "rawId"])
def test_number_is_never_read_as_bytes(client, monkeypatch, part, number):
    """They would be so many, made by anybody who asks."""
    told = json.loads(_signed(states.staff()))
    (told["response"] if part in PARTS else told)[part] = number
    read = []
    parsed = "allauth.mfa.webauthn.internal.auth.parse_authentication_response"
    monkeypatch.setattr(parsed, read.append)

    answer = _show(client, json.dumps(told))

    assert answer["Location"] == "/accounts/login/"
    assert read == []
    assert len(_failed()) == 1


@pytest.mark.parametrize("number", [600_000_000, 10**30])
def test_number_is_not_read_in_a_new_passkey_either(rf, number):
    sent = json.dumps({"rawId": number, "response": {}})
    form = PasskeyForm({"credential": sent}, user=states.staff())

    with context.request_context(rf.get("/")):
        assert not form.is_valid()


def test_passkeys_tell_nobody_which_accounts_there_are(client):
    """One who fails by them waits no longer for a name that there is."""
    clerk = states.staff()
    for _ in range(3):
        _show(client, _signed(clerk))
    cache.clear()  # where it is away the log is counted

    answer = give_password(client, password="wrong")

    (told,) = answer.context["form"].non_field_errors()
    assert "Wait" not in told


def test_right_passkey_is_not_counted_as_wrong(rf, monkeypatch):
    clerk = states.staff()
    kept = Authenticator(user=clerk, type="webauthn", data={"name": "Sample"})
    fits = "allauth.mfa.webauthn.internal.auth.complete_authentication"
    monkeypatch.setattr(fits, lambda user, credential: kept)

    with context.request_context(rf.get("/")):
        assert all(
            PasskeyAloneForm({"credential": _signed(clerk)}).is_valid()
            for _ in range(5)
        )


def test_confirming_counts_wrong_passkeys_too(rf):
    form = PasskeyAgainForm({"credential": _signed()}, user=states.staff())

    asked = rf.get("/")
    asked.session = {}

    with context.request_context(asked):
        assert not form.is_valid()

    assert _failed() == [("sample.clerk", "failed", "webauthn")]


@pytest.mark.parametrize("door", ["login", "authenticate", "reauthenticate"])
def test_every_door_for_passkeys_counts(settings, door):
    form = import_string(settings.MFA_FORMS[f"{door}_webauthn"])

    assert issubclass(form, CountedForm)


def test_who_shows_wrong_passkeys_waits(client):
    clerk = states.staff()
    for _ in range(3):
        _show(client, _signed(clerk))

    answer = _show(client, _signed(clerk))

    page = client.get(answer["Location"]).content.decode()
    assert "Wait 5 seconds" in page
    assert len(_failed()) == 3


def test_wrong_passkeys_lock_nobody_out(client):
    clerk = states.staff()
    for _ in range(10):
        _show(client, _signed(clerk), REMOTE_ADDR="203.0.113.7")
        _show(client, _signed(), REMOTE_ADDR="203.0.113.7")

    give_password(client, REMOTE_ADDR="198.51.100.4")

    assert is_signed_in(client)


def test_second_step_counts_wrong_passkeys_of_its_account(client):
    with_app(states.staff())
    give_password(client)

    answer = _show(client, _signed(), path="/accounts/2fa/authenticate/")

    assert answer.status_code == 200
    assert _failed() == [("sample.clerk", "failed", "webauthn")]
