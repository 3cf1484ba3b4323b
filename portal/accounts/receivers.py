"""What allauth reports: it goes into the sign-in log, and used codes are marked."""

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import authentication_step_completed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.dispatch import receiver
from django.utils import timezone

from portal.accounts import delays
from portal.accounts.callers import address_of, network_of
from portal.accounts.choices import Factor, Outcome
from portal.accounts.factor_forms import STEP
from portal.accounts.factors import use_step
from portal.accounts.operations import record_sign_in


@receiver(user_logged_in, dispatch_uid="portal-sign-in")
def somebody_signed_in(sender, request, user, **kwargs):
    at, address = timezone.now(), address_of(request)
    delays.forget(user.username, network_of(address), at=at)
    record_sign_in(
        user,
        address=address,
        outcome=Outcome.PASSED,
        factor=_last_factor(get_authentication_records(request, user)),
        at=at,
    )


@receiver(authentication_failed, dispatch_uid="portal-wrong-code")
def code_was_wrong(sender, request, user, authenticator, **kwargs):
    record_sign_in(
        user,
        address=address_of(request),
        outcome=Outcome.FAILED,
        factor=Factor(authenticator.type),
        at=timezone.now(),
    )


@receiver(authentication_step_completed, dispatch_uid="portal-confirmed")
def somebody_confirmed(sender, request, user, method, **kwargs):
    if kwargs.get("reauthenticated"):
        record_sign_in(
            user,
            address=address_of(request),
            outcome=Outcome.CONFIRMED,
            factor=_last_factor([{"method": method, **kwargs}]),
            at=timezone.now(),
        )


@receiver(authenticator_added, dispatch_uid="portal-factor-added")
def factor_was_added(sender, request, user, authenticator, **kwargs):
    """The code that set up an app does not sign in as well."""
    step = getattr(request, STEP, None)
    if authenticator.type == Authenticator.Type.TOTP and step is not None:
        use_step(authenticator, step)


def _last_factor(records: list[dict]) -> Factor:
    """The factor shown last; the password where no other was."""
    if records and records[-1].get("method") == "mfa":
        return Factor(records[-1]["type"])
    return Factor.PASSWORD
