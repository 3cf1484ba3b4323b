"""Forms for authentication with passkeys, with login throttle and sign-in log."""

from allauth.account.utils import url_str_to_user_pk
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from fido2.utils import websafe_decode

from portal.core.accounts import login_throttle
from portal.core.accounts.adapters import enforce_login_delay
from portal.core.accounts.choices import Factor, SignInOutcome
from portal.core.accounts.client_ip import get_client_ip, get_client_network
from portal.core.accounts.models import User
from portal.core.accounts.operations import record_sign_in

# The space keeps these throttle names apart from user names, which contain none.
_USER_HANDLE_PREFIX = "passkey "
# User handles have at most 64 bytes (WebAuthn, 5.4.3), which are 86 characters encoded.
_MAX_HANDLE_LENGTH = 100
# Identifiers of COSE algorithms (RFC 9053) are at most 65,535.
_MAX_ALGORITHM_NUMBER = 100_000


class PasskeyCredentialField(forms.JSONField):
    """Hidden JSON field for the WebAuthn credential that the browser sends.

    Too deeply nested JSON is a validation error instead of a RecursionError.
    """

    widget = forms.HiddenInput

    def to_python(self, value):
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class ThrottledPasskeyMixin(forms.Form):
    """Mixin that throttles passkey authentication and logs failures.

    List it before a form of allauth that verifies a passkey. In sign-in with a passkey
    alone the user is known only from the unverified user handle. Such attempts are
    counted per handle and not per user name, in the same way for existing and for
    unknown users, so that the response does not disclose which accounts exist.
    """

    credential = PasskeyCredentialField()

    def clean_credential(self):
        address, at = get_client_ip(context.request), timezone.now()
        credential = self.cleaned_data["credential"]
        handle = _get_user_handle(credential)
        throttle_name = (
            self.user.username if self.user else f"{_USER_HANDLE_PREFIX}{handle}"
        )
        network = get_client_network(address)
        enforce_login_delay(throttle_name, network, at=at)
        attempt = login_throttle.begin_attempt(throttle_name, network, at=at)
        try:
            reject_large_numbers(credential)
            authenticator = super().clean_credential()
        except ValidationError:
            record_sign_in(
                self.user or _find_claimed_user(handle),
                address=address,
                outcome=SignInOutcome.FAILED,
                factor=Factor.WEBAUTHN,
                at=at,
            )
            raise
        attempt.cancel()
        return authenticator


def reject_large_numbers(credential: object) -> None:
    """Raise ValidationError for a large number anywhere in a WebAuthn credential.

    The WebAuthn parser calls ``bytes(value)`` on parts of the credential, and
    ``bytes(n)`` would allocate n bytes. Small numbers are allowed, because they
    identify algorithms.
    """
    pending = [credential]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list):
            pending += value
        elif (
            isinstance(value, (int, float)) and not abs(value) <= _MAX_ALGORITHM_NUMBER
        ):
            raise get_adapter().validation_error("incorrect_code")


def _get_user_handle(credential: object) -> str:
    """Return the unverified user handle of a credential as the browser sent it.

    Returns "" if the credential has no user handle or an invalid one.
    """
    response = credential.get("response") if isinstance(credential, dict) else None
    handle = response.get("userHandle") if isinstance(response, dict) else None
    return (
        handle if isinstance(handle, str) and len(handle) <= _MAX_HANDLE_LENGTH else ""
    )


def _find_claimed_user(handle: str) -> User | None:
    """Return the user whom the unverified user handle names, or None."""
    try:
        pk = url_str_to_user_pk(websafe_decode(handle).decode())
    except ValueError:
        return None
    return User.objects.filter(pk=pk).first()


class PasskeyLoginForm(ThrottledPasskeyMixin, LoginWebAuthnForm):
    """Form for sign-in with a passkey, without user name and password."""


class PasskeySecondFactorForm(ThrottledPasskeyMixin, AuthenticateWebAuthnForm):
    """Form for a passkey as the second step of sign-in."""


class PasskeyReauthenticationForm(ThrottledPasskeyMixin, ReauthenticateWebAuthnForm):
    """Form for a passkey when a signed-in user reauthenticates."""
