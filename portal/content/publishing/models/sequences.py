"""Counters that assign the codes of new records."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """Last number assigned to a code with ``prefix`` (such as SEM); numbers are never
    reused."""

    prefix = models.CharField(_("prefix"), max_length=10, unique=True)
    last_number = models.PositiveIntegerField(_("last number used"), default=0)

    class Meta:
        verbose_name = _("reference code counter")
        verbose_name_plural = _("reference code counters")

    def __str__(self):
        return f"{self.prefix}-{self.last_number:04}"
