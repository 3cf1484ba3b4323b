"""Forms for second factors, with the login throttle and codes that work only once."""

from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.accounts import login_throttle
from portal.core.accounts.adapters import enforce_login_delay
from portal.core.accounts.client_ip import get_client_ip, get_client_network
from portal.core.accounts.passkey_forms import (
    PasskeyCredentialField,
    reject_large_numbers,
)
from portal.core.accounts.second_factors import consume_totp_step, get_totp_step

# Request attribute with the time step of the code that activated an authenticator app.
# The signal receiver marks the code as used once the Authenticator has been saved.
TOTP_STEP_ATTRIBUTE = "portal_totp_step"


class SingleUseCodeMixin:
    """Mixin that throttles code entry and accepts each authenticator code only once.

    List it before a form of allauth that accepts authenticator and recovery codes.
    """

    def clean_code(self):
        network, at = get_client_network(get_client_ip(context.request)), timezone.now()
        enforce_login_delay(self.user.username, network, at=at)
        attempt = login_throttle.begin_attempt(self.user.username, network, at=at)
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            self._consume_code(code)
        attempt.cancel()
        return code

    def _consume_code(self, code: str) -> None:
        secret = decrypt(self.authenticator.data["secret"])
        step = get_totp_step(secret, code)
        if step is None or not consume_totp_step(self.authenticator, step):
            signals.authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=self.user,
                authenticator=self.authenticator,
                reauthentication=isinstance(self, ReauthenticateForm),
            )
            raise get_adapter().validation_error("incorrect_code")


class SecondFactorCodeForm(SingleUseCodeMixin, AuthenticateForm):
    """Form for the code in the second step of sign-in."""


class CodeReauthenticationForm(SingleUseCodeMixin, ReauthenticateForm):
    """Form for the code when a signed-in user reauthenticates."""


class AuthenticatorAppSetupForm(ActivateTOTPForm):
    """Form that activates an authenticator app with a first code.

    That code counts as used and cannot be used to sign in.
    """

    def clean_code(self):
        code = super().clean_code()
        setattr(context.request, TOTP_STEP_ATTRIBUTE, get_totp_step(self.secret, code))
        return code


class AddPasskeyForm(AddWebAuthnForm):
    """Form that adds a passkey, with an optional name that only its owner sees."""

    credential = PasskeyCredentialField()

    def clean_credential(self):
        reject_large_numbers(self.cleaned_data["credential"])
        return self.cleaned_data["credential"]

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        help_text=_(
            "Enter a name to recognise it in your list, for example "
            "“laptop” or “blue key”."
        ),
    )


class RenamePasskeyForm(EditWebAuthnForm):
    """Form that renames a passkey."""

    name = forms.CharField(label=_("Name"), max_length=100)
