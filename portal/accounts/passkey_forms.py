"""The forms that a passkey is shown to: with our delays, and failures in the log."""

from allauth.core import context
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accounts import delays
from portal.accounts.adapters import refuse_hurry
from portal.accounts.callers import address_of, network_of
from portal.accounts.choices import Factor, Outcome
from portal.accounts.models import User
from portal.accounts.operations import record_sign_in


class CountedForm:
    """Mixin before a form of allauth that takes what a passkey has signed.

    Whoever is named by a passkey alone is only claimed by it, as by a name typed in; so
    it counts for that account and this network, never for the account alone. One that
    names nobody counts as an account without a name.
    """

    def clean_credential(self):
        address, at = address_of(context.request), timezone.now()
        user = self.user or _claimed(self.cleaned_data["credential"])
        username, network = user.username if user else "", network_of(address)
        refuse_hurry(username, network, at=at)
        attempt = delays.begin(username, network, at=at)
        try:
            authenticator = super().clean_credential()
        except ValidationError:
            record_sign_in(
                user,
                address=address,
                outcome=Outcome.FAILED,
                factor=Factor.WEBAUTHN,
                at=at,
            )
            raise
        attempt.undo()
        return authenticator


def _claimed(credential: object) -> User | None:
    try:
        return extract_user_from_response(credential)
    except (ValidationError, AttributeError):
        return None


class PasskeyAloneForm(CountedForm, LoginWebAuthnForm):
    """Signing in by a passkey, without a password."""


class SecondPasskeyForm(CountedForm, AuthenticateWebAuthnForm):
    """The second step of signing in."""


class PasskeyAgainForm(CountedForm, ReauthenticateWebAuthnForm):
    """Confirming who one is."""
