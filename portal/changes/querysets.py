from django.db import models

from portal.changes.choices import Action


class SequenceQuerySet(models.QuerySet):
    """The one row of the sequence …"""

    def position(self) -> int:
        """… as the last position given out: 0 before anything became public.

        It is another whenever anything public is, so what was made of the whole record
        at one position may be kept until the next.
        """
        return self.values_list("last_position", flat=True).first() or 0


class ChangeQuerySet(models.QuerySet):
    """Public changes …"""

    def after(self, position: int) -> "ChangeQuerySet":
        """… that a reader who has seen ``position`` has not seen yet, oldest first."""
        return self.filter(position__gt=position).order_by("position")

    def withdrawals(self) -> "ChangeQuerySet":
        """… that took a record from the public, the latest first."""
        return self.filter(action=Action.WITHDRAWN).order_by("-position")
