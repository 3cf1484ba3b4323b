from django.db import models


class PersonQuerySet(models.QuerySet):
    """People …"""

    def known(self) -> "PersonQuerySet":
        """… who were not erased."""
        return self.filter(erased_at__isnull=True)
