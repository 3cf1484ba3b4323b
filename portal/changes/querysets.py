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

    def locked(self):
        """… locked until the transaction ends, made on first use."""
        locked = self.select_for_update().filter(pk=1)
        row = locked.first()
        if row is None:
            self.get_or_create(pk=1)
            row = locked.get()
        return row


class ChangeQuerySet(models.QuerySet):
    """Public changes …"""

    def after(self, position: int) -> "ChangeQuerySet":
        """… that a reader who has seen ``position`` has not seen yet, oldest first."""
        return self.filter(position__gt=position).order_by("position")

    def withdrawals(self) -> "ChangeQuerySet":
        """… that took a record from the public, the latest first."""
        return self.filter(action=Action.WITHDRAWN).order_by("-position")
