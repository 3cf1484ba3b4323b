import datetime as dt
import hashlib

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Count, Max
from rest_framework_api_key.models import BaseAPIKeyManager

from portal.accounts.choices import Factor, InvitationPurpose, Outcome

SIGN_INS_ARE_KEPT = dt.timedelta(days=365)
# An add form may stay open over a weekend.
FORM_TOKENS_ARE_VALID = dt.timedelta(days=3)
# What counts as a second factor; recovery codes only replace one.
_SECOND_FACTORS = (Factor.TOTP, Factor.WEBAUTHN)
# A pair of account and address that failed more often in a row is not told apart.
_MOST_IN_A_ROW = 50


class UserManager(DjangoUserManager):
    """Creates people as Django does, and the portal's own actors."""

    def actor(self, name: str):
        """The system actor called ``name``, made on first use; it can never sign in."""
        user, _ = self.get_or_create(
            username=f"system:{name}",
            defaults={"is_actor": True, "is_active": False, "password": "!"},
        )
        return user

    def without_second_factor(self):
        """Active staff who have set up neither an app nor a passkey."""
        active = self.filter(is_active=True, is_staff=True, is_actor=False)
        return active.exclude(authenticator__type__in=_SECOND_FACTORS)


class AgencyKeyQuerySet(models.QuerySet):
    """Keys …"""

    def usable(self, at: dt.datetime) -> "AgencyKeyQuerySet":
        """… that open something: neither revoked nor expired, of an active agency."""
        return self.filter(revoked=False, expiry_date__gt=at, agency__is_active=True)


class AgencyKeyManager(BaseAPIKeyManager.from_queryset(AgencyKeyQuerySet)):
    """Makes keys as the package does; reads them as ours."""


class InvitationQuerySet(models.QuerySet):
    """Invitations …"""

    def open(self, at: dt.datetime) -> "InvitationQuerySet":
        """… that somebody may still use."""
        return self.filter(
            used_at=None,
            expires_at__gt=at,
            user__is_active=True,
            user__is_staff=True,
        )

    def for_password(self) -> "InvitationQuerySet":
        """… to choose a password."""
        return self.filter(purpose=InvitationPurpose.PASSWORD)

    def for_enrolment(self) -> "InvitationQuerySet":
        """… to set up a second factor, of people who have none."""
        links = self.filter(purpose=InvitationPurpose.ENROLMENT)
        return links.exclude(user__authenticator__type__in=_SECOND_FACTORS)

    def enrolling(self, at: dt.datetime) -> "InvitationQuerySet":
        """… that were used, and whose session may now set up a second factor."""
        return self.filter(enrols_until__gt=at)

    def of(self, token: str) -> "InvitationQuerySet":
        """… whose link ends in ``token``: one, or none."""
        return self.filter(digest=hashlib.sha256(token.encode()).hexdigest())


class SignInQuerySet(models.QuerySet):
    """Attempts to sign in …"""

    def outdated(self, at: dt.datetime) -> "SignInQuerySet":
        """… that have been kept long enough."""
        return self.filter(at__lt=at - SIGN_INS_ARE_KEPT)

    def failures(self, network: str, since: dt.datetime) -> tuple[int, dt.datetime]:
        """How many attempts from ``network`` failed after ``since``, and when the last
        did; (0, ``since``) where none has."""
        told = self.filter(
            network=network, at__gt=since, outcome=Outcome.FAILED
        ).aggregate(count=Count("pk"), last=Max("at"))
        return told["count"], told["last"] or since

    def failures_in_a_row(
        self, username: str, network: str, since: dt.datetime
    ) -> tuple[int, dt.datetime]:
        """The same of the account ``username`` from there, since it last came in.

        Passkeys that failed may only have claimed to be of it.
        """
        last = since
        rows = self.filter(user__username=username, network=network, at__gt=since)
        rows = rows.exclude(outcome=Outcome.FAILED, factor=Factor.WEBAUTHN)
        found = rows.order_by("-at", "-pk").values_list("outcome", "at")
        for count, (outcome, at) in enumerate(found[:_MOST_IN_A_ROW]):
            if outcome != Outcome.FAILED:
                return count, last
            last = max(last, at)
        return len(found[:_MOST_IN_A_ROW]), last


class FormSubmissionQuerySet(models.QuerySet):
    """Saved add forms …"""

    def outdated(self, at: dt.datetime) -> "FormSubmissionQuerySet":
        """… whose token has expired for a day, so that it is refused without them."""
        age = FORM_TOKENS_ARE_VALID + dt.timedelta(days=1)
        return self.filter(used_at__lt=at - age)
