"""Progress of the mail about work, in a table with a single row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.querysets import WorkMailStateQuerySet


class WorkMailState(models.Model):
    """Up to where mail about work was sent.

    ``position`` is that of the last audit entry that was processed, and
    ``daily_on`` the day of the last daily mail, in the time zone of the office.
    """

    position = models.PositiveBigIntegerField(_("sequence number"), default=0)
    daily_on = models.DateField(_("day of the last daily mail"))

    objects = WorkMailStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress of the mail about work")
        verbose_name_plural = _("progress of the mail about work")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="accounts_work_mail_state_has_one_row",
                violation_error_message=_("The mail about work has one progress."),
            )
        ]

    def __str__(self):
        return f"{self.position} {self.daily_on}"
