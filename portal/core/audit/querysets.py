"""Querysets of audit entries, of the chain head and of verifications."""

import datetime as dt

from django.db import models

# A verification without a step in this time has been interrupted.
RUN_TIMEOUT = dt.timedelta(minutes=15)


class AuditEntryQuerySet(models.QuerySet):
    """Queryset of audit entries."""

    def for_record(self, record: models.Model) -> "AuditEntryQuerySet":
        """Filter entries about ``record`` and its child rows, the latest first."""
        return self.filter(
            record_model=record._meta.label_lower, record_row=str(record.pk)
        ).order_by("-position")


class ChainHeadQuerySet(models.QuerySet):
    """Queryset of the chain head, which is a single row."""

    def lock(self):
        """Return the chain head, locked until the transaction ends.

        The row is created on first use.
        """
        locked = self.select_for_update().filter(pk=1)
        head = locked.first()
        if head is None:
            self.get_or_create(pk=1)
            head = locked.get()
        return head


class ChainVerificationRunQuerySet(models.QuerySet):
    """Queryset of verifications of the chain."""

    def running(self, at: dt.datetime) -> "ChainVerificationRunQuerySet":
        """Filter verifications that are neither finished nor interrupted."""
        return self.filter(finished_at=None, progressed_at__gt=at - RUN_TIMEOUT)
