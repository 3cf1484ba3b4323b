from django.contrib.auth.models import UserManager as DjangoUserManager


class UserManager(DjangoUserManager):
    """Creates people as Django does, and the portal's own actors."""

    def actor(self, name: str):
        """The system actor called ``name``, made on first use; it can never sign in."""
        user, _ = self.get_or_create(
            username=f"system:{name}",
            defaults={"is_actor": True, "is_active": False, "password": "!"},
        )
        return user
