"""The forms that ask for a code: with our delays, and each code once."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts import delays
from portal.accounts.adapters import refuse_hurry
from portal.accounts.callers import address_of, network_of
from portal.accounts.factors import step_of, use_step
from portal.accounts.passkey_forms import CredentialField, refuse_numbers

# Where the step of the code by which an app was set up waits until it is set up.
STEP = "portal_totp_step"


class OnceForm:
    """Mixin before a form of allauth that takes a code of an app or of the list."""

    def clean_code(self):
        network, at = network_of(address_of(context.request)), timezone.now()
        refuse_hurry(self.user.username, network, at=at)
        attempt = delays.begin(self.user.username, network, at=at)
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            self._use(code)
        attempt.undo()
        return code

    def _use(self, code: str) -> None:
        secret = decrypt(self.authenticator.data["secret"])
        step = step_of(secret, code)
        if step is None or not use_step(self.authenticator, step):
            self._emit_authentication_failed(self.authenticator)
            raise get_adapter().validation_error("incorrect_code")


class CodeForm(OnceForm, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(OnceForm, ReauthenticateForm):
    """Confirming who one is."""


class AppForm(ActivateTOTPForm):
    """Setting up an app: the code that shows it works is used by that."""

    def clean_code(self):
        code = super().clean_code()
        setattr(context.request, STEP, step_of(self.secret, code))
        return code


class PasskeyForm(AddWebAuthnForm):
    """A new passkey; its name is for its owner alone."""

    credential = CredentialField()

    def clean_credential(self):
        refuse_numbers(self.cleaned_data["credential"])
        return self.cleaned_data["credential"]

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        help_text=_("By which you know it in your list: “laptop”, “blue key”."),
    )


class PasskeyNameForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name"), max_length=100)
