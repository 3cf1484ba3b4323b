"""Adapters for allauth: staff only, own login throttle, no sign-up and no e-mail."""

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

from portal.core.accounts import login_throttle
from portal.core.accounts.choices import Factor, SignInOutcome
from portal.core.accounts.client_ip import get_client_ip, get_client_network
from portal.core.accounts.encryption import decrypt, encrypt
from portal.core.accounts.models import User
from portal.core.accounts.operations import record_sign_in
from portal.core.accounts.reauthentication import is_recently_authenticated
from portal.core.accounts.second_factors import SECOND_FACTOR_TYPES, has_second_factor

# Messages of allauth that are suppressed: the staff admin shows who is signed in.
_SUPPRESSED_MESSAGES = (
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
)


def enforce_login_delay(username: str, network: str, *, at) -> None:
    """Raise ValidationError if the login throttle is active.

    The throttle applies to the user name and network. The message contains the number
    of seconds to wait.
    """
    seconds = login_throttle.get_seconds_to_wait(username, network, at=at)
    if seconds:
        message = ngettext(
            "Too many failed attempts. Wait %(seconds)s second, then try again.",
            "Too many failed attempts. Wait %(seconds)s seconds, then try again.",
            seconds,
        )
        raise ValidationError(message, params={"seconds": seconds})


class SignInAdapter(DefaultAccountAdapter):
    """Account adapter of allauth: throttled sign-in of active staff, no sign-up."""

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return get_client_ip(request) or "0.0.0.0"  # noqa: S104 means "unknown"

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template not in _SUPPRESSED_MESSAGES:
            super().add_message(request, level, message_template, *args, **kwargs)

    def pre_authenticate(self, request, **credentials):
        """Count a sign-in attempt as failed until it succeeds.

        Raises ValidationError, without counting the attempt, if the login throttle is
        active.
        """
        super().pre_authenticate(request, **credentials)
        username, network = (
            credentials["username"],
            get_client_network(get_client_ip(request)),
        )
        at = timezone.now()
        enforce_login_delay(username, network, at=at)
        self.attempt = login_throttle.begin_attempt(username, network, at=at)

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user is not None:
            self.attempt.cancel()
        return user

    def authentication_failed(self, request, **credentials):
        record_sign_in(
            User.objects.filter(username=credentials["username"]).first(),
            address=get_client_ip(request),
            outcome=SignInOutcome.FAILED,
            factor=Factor.PASSWORD,
            at=timezone.now(),
        )

    def pre_login(self, request, user, **kwargs):
        """Refuse users who are not active staff, and system users.

        Sign-in with a passkey does not call the authentication backend, so the check is
        repeated here.
        """
        if user.is_active and user.is_staff and not user.is_actor:
            return super().pre_login(request, user, **kwargs)
        message = _("This account cannot sign in. Contact an administrator.")
        messages.error(request, message)
        return HttpResponseRedirect(reverse("account_login"))

    def is_reauthentication_required(self, *, app, **kwargs):
        """Return whether the user has to authenticate again.

        Not required shortly after sign-in, so that a new user can set up a second
        factor at once.
        """
        return not is_recently_authenticated(context.request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """MFA adapter of allauth: encrypted secrets and a required second factor."""

    def can_delete_authenticator(self, authenticator):
        """Return whether the user may delete this second factor.

        If a second factor is required, the last one cannot be deleted.
        """
        remaining = authenticator.user.authenticator_set.exclude(pk=authenticator.pk)
        is_last = not remaining.filter(type__in=SECOND_FACTOR_TYPES).exists()
        return not (settings.SECOND_FACTOR_REQUIRED and is_last)

    def encrypt(self, text):
        return encrypt(text)

    def decrypt(self, encrypted_text):
        return decrypt(encrypted_text)

    def get_totp_issuer(self):
        return _("Conference portal")

    def is_mfa_enabled(self, user, types=None):
        return has_second_factor(user, types)
