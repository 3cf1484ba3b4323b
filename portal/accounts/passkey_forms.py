"""The forms that a passkey is shown to: with our delays, and failures in the log."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accounts import delays
from portal.accounts.adapters import refuse_hurry
from portal.accounts.callers import address_of, network_of
from portal.accounts.choices import Factor, Outcome
from portal.accounts.models import User
from portal.accounts.operations import record_sign_in

# No user name has a space.
_NO_NAME = "passkey "
# A handle is of 64 bytes at most (WebAuthn, 5.4.3): 86 characters.
_LONGEST = 100
# Of an algorithm (RFC 9053) it is 65,535 at most.
_GREATEST = 100_000


class CredentialField(forms.JSONField):
    """What a browser sends of a passkey; nesting without end is no JSON either."""

    widget = forms.HiddenInput

    def to_python(self, value):
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class CountedForm(forms.Form):
    """Mixin before a form of allauth that takes what a passkey has signed.

    Where a passkey comes alone, its owner is only claimed by it. It is counted apart
    from names typed in, for an account as for none: nobody learns which there are.
    """

    credential = CredentialField()

    def clean_credential(self):
        address, at = address_of(context.request), timezone.now()
        credential = self.cleaned_data["credential"]
        handle = _handle(credential)
        counted = self.user.username if self.user else f"{_NO_NAME}{handle}"
        network = network_of(address)
        refuse_hurry(counted, network, at=at)
        attempt = delays.begin(counted, network, at=at)
        try:
            refuse_numbers(credential)
            authenticator = super().clean_credential()
        except ValidationError:
            record_sign_in(
                self.user or _claimed(handle),
                address=address,
                outcome=Outcome.FAILED,
                factor=Factor.WEBAUTHN,
                at=at,
            )
            raise
        attempt.undo()
        return authenticator


def refuse_numbers(credential: object) -> None:
    """Before any part of it is read as bytes: a number is taken for how many to make.

    Raises ValidationError; small ones stay, by which algorithms are called.
    """
    left = [credential]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            left += part.values()
        elif isinstance(part, list):
            left += part
        elif isinstance(part, (int, float)) and not abs(part) <= _GREATEST:
            raise get_adapter().validation_error("incorrect_code")


def _handle(credential: object) -> str:
    """Whom a passkey claims to be of, as a browser sends it; "" for nobody."""
    response = credential.get("response") if isinstance(credential, dict) else None
    handle = response.get("userHandle") if isinstance(response, dict) else None
    return handle if isinstance(handle, str) and len(handle) <= _LONGEST else ""


def _claimed(handle: str) -> User | None:
    try:
        return extract_user_from_response({"response": {"userHandle": handle}})
    except ValidationError:
        return None


class PasskeyAloneForm(CountedForm, LoginWebAuthnForm):
    """Signing in by a passkey, without a password."""


class SecondPasskeyForm(CountedForm, AuthenticateWebAuthnForm):
    """The second step of signing in."""


class PasskeyAgainForm(CountedForm, ReauthenticateWebAuthnForm):
    """Confirming who one is."""
