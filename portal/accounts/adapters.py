"""allauth, made the office's: staff only, delays of our own, no sign-up, no mail."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts import delays
from portal.accounts.callers import address_of, network_of
from portal.accounts.choices import Factor, Outcome
from portal.accounts.factors import FIRST_FACTORS, has_second_factor
from portal.accounts.models import User
from portal.accounts.operations import record_sign_in
from portal.accounts.reauthentication import recently_authenticated
from portal.accounts.secrecy import seal, unseal

# What the desk shows anyway: who is signed in.
_SAID_ENOUGH = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


def refuse_hurry(username: str, network: str, *, at) -> None:
    """Raise ValidationError, with the time to wait, for who tries again too soon."""
    seconds = delays.seconds_to_wait(username, network, at=at)
    if seconds:
        told = ngettext(
            "Too many attempts failed. Wait %(seconds)s second, then try again.",
            "Too many attempts failed. Wait %(seconds)s seconds, then try again.",
            seconds,
        )
        raise ValidationError(told, params={"seconds": seconds})


class SignInAdapter(DefaultAccountAdapter):
    """How people come in."""

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return address_of(request) or "0.0.0.0"  # noqa: S104 a sign for "unknown"

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template not in _SAID_ENOUGH:
            super().add_message(request, level, message_template, *args, **kwargs)

    def pre_authenticate(self, request, **credentials):
        """Count the attempt, unless it comes too soon after those that failed."""
        username, network = credentials["username"], network_of(address_of(request))
        at = timezone.now()
        refuse_hurry(username, network, at=at)
        self.attempt = delays.begin(username, network, at=at)

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user is not None:
            self.attempt.undo()
        return user

    def authentication_failed(self, request, **credentials):
        record_sign_in(
            User.objects.filter(username=credentials["username"]).first(),
            address=address_of(request),
            outcome=Outcome.FAILED,
            factor=Factor.PASSWORD,
            at=timezone.now(),
        )

    def _rollback_login_failed_rl_usage(self):
        """allauth's own limits are off: they count an account from everywhere."""

    def pre_login(self, request, user, **kwargs):
        """A passkey does not ask the backend whether its owner may come in."""
        if user.is_active and user.is_staff and not user.is_actor:
            return super().pre_login(request, user, **kwargs)
        told = _("This account cannot sign in. Ask an administrator.")
        messages.error(request, told)
        return HttpResponseRedirect(reverse("account_login"))

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not by who has just signed in: to set up a factor then is what is wanted."""
        return not recently_authenticated(context.request)


class FactorAdapter(DefaultMFAAdapter):
    """The second factor."""

    def can_delete_authenticator(self, authenticator):
        """The last one stays while it is required; add another one first."""
        others = authenticator.user.authenticator_set.exclude(pk=authenticator.pk)
        is_last = not others.filter(type__in=FIRST_FACTORS).exists()
        return not (settings.SECOND_FACTOR_REQUIRED and is_last)

    def encrypt(self, text):
        return seal(text)

    def decrypt(self, encrypted_text):
        return unseal(encrypted_text)

    def get_totp_issuer(self):
        return _("Conference portal")

    def is_mfa_enabled(self, user, types=None):
        return has_second_factor(user, types)
