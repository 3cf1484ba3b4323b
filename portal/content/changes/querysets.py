from django.db import models

from portal.content.changes.choices import ChangeAction


class ChangeSequenceQuerySet(models.QuerySet):
    """Queryset of the single row with the last assigned position in the change log."""

    def get_last_position(self) -> int:
        """Return the last assigned position, 0 if nothing was ever published.

        It increases with every public change, so results computed from all public
        records can be cached under this position.
        """
        return self.values_list("last_position", flat=True).first() or 0

    def locked(self):
        """Return the single row, locked until the transaction ends.

        The row is created if it is missing.
        """
        locked_rows = self.select_for_update().filter(pk=1)
        row = locked_rows.first()
        if row is None:
            self.get_or_create(pk=1)
            row = locked_rows.get()
        return row


class ChangeQuerySet(models.QuerySet):
    """Queryset of the log of public changes."""

    def after(self, position: int) -> "ChangeQuerySet":
        """Filter to changes with a position above ``position``, oldest first."""
        return self.filter(position__gt=position).order_by("position")

    def withdrawals(self) -> "ChangeQuerySet":
        """Filter to withdrawals of records, latest first."""
        return self.filter(action=ChangeAction.WITHDRAWN).order_by("-position")
