"""Receivers of allauth signals: write the sign-in log and mark used codes."""

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import authentication_step_completed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.dispatch import receiver
from django.utils import timezone

from portal.core.accounts import login_throttle
from portal.core.accounts.choices import Factor, SignInOutcome
from portal.core.accounts.client_ip import get_client_ip, get_client_network
from portal.core.accounts.operations import record_sign_in
from portal.core.accounts.second_factor_forms import TOTP_STEP_ATTRIBUTE
from portal.core.accounts.second_factors import consume_totp_step


@receiver(user_logged_in, dispatch_uid="portal-sign-in")
def log_sign_in(sender, request, user, **kwargs):
    """Log a successful sign-in and reset the throttle for this user and network."""
    at, address = timezone.now(), get_client_ip(request)
    login_throttle.reset_account_failures(
        user.username, get_client_network(address), at=at
    )
    record_sign_in(
        user,
        address=address,
        outcome=SignInOutcome.PASSED,
        factor=_get_last_factor(get_authentication_records(request, user)),
        at=at,
    )


@receiver(authentication_failed, dispatch_uid="portal-wrong-code")
def log_failed_second_factor(sender, request, user, authenticator, **kwargs):
    """Log a failed second factor."""
    record_sign_in(
        user,
        address=get_client_ip(request),
        outcome=SignInOutcome.FAILED,
        factor=Factor(authenticator.type),
        at=timezone.now(),
    )


@receiver(authentication_step_completed, dispatch_uid="portal-confirmed")
def log_reauthentication(sender, request, user, method, **kwargs):
    """Log a successful reauthentication; other completed steps are ignored."""
    if kwargs.get("reauthenticated"):
        record_sign_in(
            user,
            address=get_client_ip(request),
            outcome=SignInOutcome.REAUTHENTICATED,
            factor=_get_last_factor([{"method": method, **kwargs}]),
            at=timezone.now(),
        )


@receiver(authenticator_added, dispatch_uid="portal-factor-added")
def handle_second_factor_added(sender, request, user, authenticator, **kwargs):
    """Mark the code that activated an authenticator app as used.

    Otherwise the same code could also be used to sign in.
    """
    step = getattr(request, TOTP_STEP_ATTRIBUTE, None)
    if authenticator.type == Authenticator.Type.TOTP and step is not None:
        consume_totp_step(authenticator, step)


def _get_last_factor(records: list[dict]) -> Factor:
    """Return the last factor in allauth's authentication records.

    The default is the password.
    """
    if records and records[-1].get("method") == "mfa":
        return Factor(records[-1]["type"])
    return Factor.PASSWORD
