"""Passkeys that fail verification: they are logged and throttled.

Sign-in with a valid passkey is tested in a browser: tests/browser/test_passkeys.py.
"""

import base64
import datetime as dt
import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django.core.cache import cache
from django.utils.module_loading import import_string

from portal.core.accounts.models import SignIn
from portal.core.accounts.passkey_forms import (
    PasskeyLoginForm,
    PasskeyReauthenticationForm,
    ThrottledPasskeyMixin,
)
from portal.core.accounts.second_factor_forms import AddPasskeyForm
from tests.factories import publishing as states
from tests.sign_in import give_password, is_signed_in, with_app

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
    """Return a passkey response for ``user`` as JSON, with an invalid signature.

    ``response`` overrides members of its "response" object.
    """
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
    credential = {
        "id": _coded(b"sample"),
        "rawId": _coded(b"sample"),
        "type": "public-key",
    }
    return json.dumps({**credential, "response": parts})


def _show(client, credential: str, path: str = LOGIN, **more):
    """Request a challenge, post ``credential`` to ``path`` and return the response."""
    client.get(LOGIN, headers={"x-requested-with": "XMLHttpRequest"}, **more)
    return client.post(path, {"credential": credential}, **more)


def _failed() -> list[tuple]:
    sign_ins = SignIn.objects.order_by("pk")
    return list(sign_ins.values_list("user__username", "outcome", "factor"))


def test_passkey_with_wrong_signature_is_logged(client):
    staff_user = states.staff()

    response = _show(client, _signed(staff_user))

    assert response["Location"] == "/accounts/login/"
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
def test_passkey_of_unknown_user_is_logged(client, credential):
    states.staff()

    response = _show(client, credential)

    assert response["Location"] == "/accounts/login/"
    assert _failed() == [(None, "failed", "webauthn")]
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "no JSON", "\0", "[" * 100_000, '{"a":' * 100_000],
    ids=range(7),
)
def test_unparsable_passkey_is_rejected_without_log(client, credential):
    response = _show(client, credential)

    assert response["Location"] == "/accounts/login/"
    assert _failed() == []


@pytest.mark.parametrize("handle", [10**30, 600, True, [1], {}, "A" * 101])
def test_invalid_user_handle_is_rejected(client, handle):
    response = _show(client, _signed(userHandle=handle))

    assert response["Location"] == "/accounts/login/"
    assert _failed() == [(None, "failed", "webauthn")]


PARTS = ("userHandle", "clientDataJSON", "authenticatorData", "signature")


@pytest.mark.parametrize("number", [600_000_000, 10**30, -600_000_000, 1e300])
@pytest.mark.parametrize("part", [*PARTS, "id", "rawId"])
def test_integer_credential_field_is_rejected(client, monkeypatch, part, number):
    """``bytes(number)`` would allocate that many bytes for an anonymous client."""
    credential = json.loads(_signed(states.staff()))
    (credential["response"] if part in PARTS else credential)[part] = number
    calls = []
    monkeypatch.setattr(AuthenticateWebAuthnForm, "clean_credential", calls.append)

    response = _show(client, json.dumps(credential))

    assert response["Location"] == "/accounts/login/"
    assert calls == []
    assert len(_failed()) == 1


@pytest.mark.parametrize("number", [600_000_000, 10**30])
def test_integer_field_is_rejected_at_registration(rf, number):
    sent = json.dumps({"rawId": number, "response": {}})
    form = AddPasskeyForm({"credential": sent}, user=states.staff())

    with context.request_context(rf.get("/")):
        assert not form.is_valid()


def test_passkey_failures_do_not_reveal_accounts(client):
    """Failed passkeys of an existing account add no delay to its password sign-in."""
    staff_user = states.staff()
    for _ in range(3):
        _show(client, _signed(staff_user))
    cache.clear()  # without the cache, failures are counted from the sign-in log

    response = give_password(client, password="wrong")

    (message,) = response.context["form"].non_field_errors()
    assert "Wait" not in message


def test_valid_passkey_is_not_counted_as_failure(rf, monkeypatch):
    staff_user = states.staff()
    authenticator = Authenticator(
        user=staff_user, type="webauthn", data={"name": "Sample"}
    )
    monkeypatch.setattr(
        AuthenticateWebAuthnForm, "clean_credential", lambda form: authenticator
    )

    with context.request_context(rf.get("/")):
        assert all(
            PasskeyLoginForm({"credential": _signed(staff_user)}).is_valid()
            for _ in range(5)
        )


def test_reauthentication_counts_failed_passkeys(rf):
    form = PasskeyReauthenticationForm({"credential": _signed()}, user=states.staff())

    request = rf.get("/")
    request.session = {}

    with context.request_context(request):
        assert not form.is_valid()

    assert _failed() == [("sample.clerk", "failed", "webauthn")]


@pytest.mark.parametrize("action", ["login", "authenticate", "reauthenticate"])
def test_every_passkey_form_counts_failures(settings, action):
    form = import_string(settings.MFA_FORMS[f"{action}_webauthn"])

    assert issubclass(form, ThrottledPasskeyMixin)


def test_failed_passkeys_are_throttled(client):
    staff_user = states.staff()
    for _ in range(3):
        _show(client, _signed(staff_user))

    response = _show(client, _signed(staff_user))

    page = client.get(response["Location"]).content.decode()
    assert "Wait 5 seconds" in page
    assert len(_failed()) == 3


def test_failed_passkeys_do_not_lock_account(client):
    staff_user = states.staff()
    for _ in range(10):
        _show(client, _signed(staff_user), REMOTE_ADDR="203.0.113.7")
        _show(client, _signed(), REMOTE_ADDR="203.0.113.7")

    give_password(client, REMOTE_ADDR="198.51.100.4")

    assert is_signed_in(client)


def test_second_factor_step_counts_failed_passkeys_for_account(client):
    with_app(states.staff())
    give_password(client)

    response = _show(client, _signed(), path="/accounts/2fa/authenticate/")

    assert response.status_code == 200
    assert _failed() == [("sample.clerk", "failed", "webauthn")]
