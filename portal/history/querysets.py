from django.db import models


class DeedQuerySet(models.QuerySet):
    """Deeds …"""

    def about(self, record: models.Model) -> "DeedQuerySet":
        """… done to ``record`` or to what hangs on it, the latest first."""
        return self.filter(
            record_model=record._meta.label_lower, record_row=str(record.pk)
        ).order_by("-position")


class HeadQuerySet(models.QuerySet):
    """The one row of the end of the chain …"""

    def held(self):
        """… locked until the transaction ends, made on first use."""
        locked = self.select_for_update().filter(pk=1)
        head = locked.first()
        if head is None:
            self.get_or_create(pk=1)
            head = locked.get()
        return head
