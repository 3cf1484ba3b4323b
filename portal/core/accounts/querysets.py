"""Managers and querysets of staff accounts, API keys, links and the sign-in log."""

import datetime as dt
import hashlib

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Count, Max
from rest_framework_api_key.models import BaseAPIKeyManager

from portal.core.accounts.choices import (
    Factor,
    InvitationPurpose,
    MailFrequency,
    SignInOutcome,
)

SIGN_IN_RETENTION = dt.timedelta(days=365)
# Long enough for an add form that stays open over a weekend.
FORM_TOKEN_LIFETIME = dt.timedelta(days=3)
# Recovery codes replace a second factor, but do not count as one.
_SECOND_FACTORS = (Factor.TOTP, Factor.WEBAUTHN)
# Consecutive failures are counted up to this number: the delay has reached its maximum.
_MAX_CONSECUTIVE_FAILURES = 50


class UserManager(DjangoUserManager):
    """Manager of staff accounts and system users."""

    def get_system_user(self, name: str):
        """Return the system user ``system:<name>``, which is created on first use.

        System users are inactive and cannot sign in.
        """
        user, _ = self.get_or_create(
            username=f"system:{name}",
            defaults={"is_actor": True, "is_active": False, "password": "!"},
        )
        return user

    def without_second_factor(self):
        """Filter active staff who have neither an authenticator app nor a passkey."""
        active = self.filter(is_active=True, is_staff=True, is_actor=False)
        return active.exclude(authenticator__type__in=_SECOND_FACTORS)

    def mail_recipients(self, frequency: MailFrequency):
        """Filter active staff with a mail address who chose ``frequency``."""
        active = self.filter(is_active=True, is_staff=True, is_actor=False)
        return active.filter(mail_frequency=frequency).exclude(email="")


class WorkMailStateQuerySet(models.QuerySet):
    """Queryset of the progress of the mail about work, which is a single row."""

    def lock(self, **initial_values):
        """Return the row, locked until the transaction ends.

        It is created with ``initial_values`` on first use.
        """
        self.get_or_create(pk=1, defaults=initial_values)
        return self.select_for_update().get(pk=1)


class AgencyKeyQuerySet(models.QuerySet):
    """Queryset of agency API keys."""

    def usable(self, at: dt.datetime) -> "AgencyKeyQuerySet":
        """Filter keys of active agencies that are neither revoked nor expired."""
        return self.filter(revoked=False, expiry_date__gt=at, agency__is_active=True)


class AgencyKeyManager(BaseAPIKeyManager.from_queryset(AgencyKeyQuerySet)):
    """Manager of agency API keys: creates keys, and offers the queryset's filters."""


class InvitationQuerySet(models.QuerySet):
    """Queryset of one-time links."""

    def valid(self, at: dt.datetime) -> "InvitationQuerySet":
        """Filter links of active staff that are neither used nor expired."""
        return self.filter(
            used_at=None,
            expires_at__gt=at,
            user__is_active=True,
            user__is_staff=True,
        )

    def for_password(self) -> "InvitationQuerySet":
        """Filter links with which a password is chosen."""
        return self.filter(purpose=InvitationPurpose.PASSWORD)

    def for_enrolment(self) -> "InvitationQuerySet":
        """Filter links for a second factor whose user has no second factor yet."""
        links = self.filter(purpose=InvitationPurpose.ENROLMENT)
        return links.exclude(user__authenticator__type__in=_SECOND_FACTORS)

    def enrolling(self, at: dt.datetime) -> "InvitationQuerySet":
        """Filter used links whose session may set up a second factor at ``at``."""
        return self.filter(enrols_until__gt=at)

    def for_token(self, token: str) -> "InvitationQuerySet":
        """Filter the link with the secret ``token``; there is at most one."""
        return self.filter(digest=hashlib.sha256(token.encode()).hexdigest())


class SignInQuerySet(models.QuerySet):
    """Queryset of the sign-in log."""

    def past_retention(self, at: dt.datetime) -> "SignInQuerySet":
        """Filter entries that are older than the retention period."""
        return self.filter(at__lt=at - SIGN_IN_RETENTION)

    def count_network_failures(
        self, network: str, since: dt.datetime
    ) -> tuple[int, dt.datetime]:
        """Count the failed attempts from ``network`` after ``since``.

        Returns the number and the time of the last failure, or (0, ``since``) if there
        is none.
        """
        totals = self.filter(
            network=network, at__gt=since, outcome=SignInOutcome.FAILED
        ).aggregate(count=Count("pk"), last=Max("at"))
        return totals["count"], totals["last"] or since

    def count_consecutive_failures(
        self, username: str, network: str, since: dt.datetime
    ) -> tuple[int, dt.datetime]:
        """Count the failures of an account from one network since its last success.

        Only attempts after ``since`` are counted. Returns the number and the time of
        the last failure, or (0, ``since``) if there is none. Failed passkeys are not
        counted: their user is known only from an unverified claim.
        """
        last = since
        sign_ins = self.filter(user__username=username, network=network, at__gt=since)
        sign_ins = sign_ins.exclude(
            outcome=SignInOutcome.FAILED, factor=Factor.WEBAUTHN
        )
        attempts = sign_ins.order_by("-at", "-pk").values_list("outcome", "at")
        for count, (outcome, at) in enumerate(attempts[:_MAX_CONSECUTIVE_FAILURES]):
            if outcome != SignInOutcome.FAILED:
                return count, last
            last = max(last, at)
        return len(attempts[:_MAX_CONSECUTIVE_FAILURES]), last


class FormSubmissionQuerySet(models.QuerySet):
    """Queryset of used form tokens."""

    def outdated(self, at: dt.datetime) -> "FormSubmissionQuerySet":
        """Filter rows that are no longer needed because their token has expired.

        An expired token is refused without the row. A margin of one day is added.
        """
        max_age = FORM_TOKEN_LIFETIME + dt.timedelta(days=1)
        return self.filter(used_at__lt=at - max_age)
