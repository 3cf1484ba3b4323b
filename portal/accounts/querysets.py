import datetime as dt

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from rest_framework_api_key.models import BaseAPIKeyManager


class UserManager(DjangoUserManager):
    """Creates people as Django does, and the portal's own actors."""

    def actor(self, name: str):
        """The system actor called ``name``, made on first use; it can never sign in."""
        user, _ = self.get_or_create(
            username=f"system:{name}",
            defaults={"is_actor": True, "is_active": False, "password": "!"},
        )
        return user


class AgencyKeyQuerySet(models.QuerySet):
    """Keys …"""

    def usable(self, at: dt.datetime) -> "AgencyKeyQuerySet":
        """… that open something: neither revoked nor expired, of an active agency."""
        return self.filter(revoked=False, expiry_date__gt=at, agency__is_active=True)


class AgencyKeyManager(BaseAPIKeyManager.from_queryset(AgencyKeyQuerySet)):
    """Makes keys as the package does; reads them as ours."""
