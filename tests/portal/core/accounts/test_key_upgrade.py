"""Second factors still work after a SECRET_KEY that is too short was replaced."""

import hashlib
import json
import os

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from portal.core.accounts.encryption import encrypt
from portal.core.environment import Environment, check_secret_key
from tests.factories import publishing as states
from tests.sign_in import (
    SECRET,
    code,
    give_code,
    give_password,
    is_signed_in,
    with_app,
)

pytestmark = pytest.mark.django_db

# A comma and spaces, because a person may have chosen the old key by hand.
SHORT_KEY, NEW_KEY = "Guangxi, office key ", "qZ3-" * 12 + "xyz7"
PASSKEY_LOGIN = "/accounts/2fa/webauthn/login/"
VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    """Software passkey that is registered for ``user`` at the test server."""

    def __init__(self, user):
        self.user = user
        self.id = os.urandom(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.relying_party = hashlib.sha256(b"testserver").digest()
        credential = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": self._registration(),
        }
        data = {"name": "Sample laptop", "credential": credential}
        Authenticator.objects.create(user=user, type="webauthn", data=data)

    def _registration(self) -> dict:
        public = ES256.from_cryptography_key(self.key.public_key())
        attested = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        flags = VERIFIED | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(self.relying_party, flags, 0, attested)
        client_data = self._client_data("webauthn.create", "AAAA")
        return {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(
                AttestationObject.create("none", data, {})
            ),
        }

    def _client_data(self, type_: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(type_, challenge, "http://testserver")

    def sign_in(self, client: Client) -> None:
        headers = {"x-requested-with": "XMLHttpRequest"}
        options = client.get(PASSKEY_LOGIN, headers=headers).json()
        challenge = options["request_options"]["publicKey"]["challenge"]
        client_data = self._client_data("webauthn.get", challenge)
        data = AuthenticatorData.create(self.relying_party, VERIFIED, 0)
        signed = data + hashlib.sha256(client_data).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        handle = user_pk_to_url_str(self.user).encode()
        credential = {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": websafe_encode(client_data),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(handle),
            },
        }
        client.post(PASSKEY_LOGIN, {"credential": json.dumps(credential)})


@pytest.fixture
def clock(time_machine):
    """Freeze the time; tests move it so that the app shows a new code."""
    time_machine.move_to("2026-05-06T12:00:10+00:00", tick=False)
    return time_machine


def sign_in_with_code(value: str) -> bool:
    client = Client()
    give_password(client)
    assert not is_signed_in(client)
    give_code(client, value)
    return is_signed_in(client)


def test_second_factors_work_after_a_short_key_was_replaced(settings, clock):
    settings.SECOND_FACTOR_REQUIRED = True
    settings.SECRET_KEY = SHORT_KEY
    user = with_app(states.staff(), encrypt(SECRET))
    data = {"seed": encrypt("ab" * 20), "used_mask": 0}
    authenticator = Authenticator.objects.create(
        user=user, type="recovery_codes", data=data
    )
    recovery_codes = iter(authenticator.wrap().get_unused_codes())
    passkey = Passkey(user)

    def every_factor_signs_in() -> list[bool]:
        clock.shift(60)
        client = Client()
        passkey.sign_in(client)
        with_app_code = sign_in_with_code(code())
        with_recovery_code = sign_in_with_code(next(recovery_codes))
        return [with_app_code, with_recovery_code, is_signed_in(client)]

    assert every_factor_signs_in() == [True] * 3
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        check_secret_key(SHORT_KEY)

    check_secret_key(NEW_KEY)
    settings.SECRET_KEY = NEW_KEY
    # Passkeys are not encrypted, so without the old key only the passkey works.
    assert every_factor_signs_in() == [False, False, True]
    # Wait until the login throttle has expired.
    clock.shift(3600)
    environment = Environment({"SECRET_KEY_FALLBACKS": SHORT_KEY})
    settings.SECRET_KEY_FALLBACKS = environment.secret_keys("SECRET_KEY_FALLBACKS")
    assert every_factor_signs_in() == [True] * 3

    call_command("seal_second_factors")
    assert every_factor_signs_in() == [True] * 3

    settings.SECRET_KEY_FALLBACKS = []
    assert every_factor_signs_in() == [True] * 3
