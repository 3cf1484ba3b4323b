"""The change log: publications, updates and withdrawals of public records, in order.

Positions are assigned under a lock that lasts until commit, so changes become visible
in the order of their positions: a client that has read position n has read all lower
ones.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.changes.choices import ChangeAction
from portal.content.changes.querysets import ChangeQuerySet, ChangeSequenceQuerySet


class Change(models.Model):
    """A publication, update or withdrawal of a record; never edited or deleted.

    The only exception are the changes of sample records, which are deleted together
    with the samples (``load_sample``).
    """

    position = models.PositiveBigIntegerField(_("sequence number"), primary_key=True)
    kind = models.CharField(_("type"), max_length=20)
    code = models.CharField(_("code"), max_length=100)
    action = models.CharField(_("action"), max_length=10, choices=ChangeAction)
    revision = models.PositiveIntegerField(_("version"))
    changed_at = models.DateTimeField(_("last updated"))

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["kind", "code", "-position"], name="changes_of_record"
            ),
            models.Index(
                fields=["-position"],
                name="changes_withdrawals",
                condition=models.Q(action=ChangeAction.WITHDRAWN),
            ),
        ]

    def __str__(self):
        return f"{self.position} {self.code} {self.get_action_display()}"


class Sequence(models.Model):
    """Single-row table with the last assigned position; each writer locks the row."""

    last_position = models.PositiveBigIntegerField(_("last sequence number"), default=0)

    objects = ChangeSequenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("change sequence")
        verbose_name_plural = _("change sequence")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1), name="changes_sequence_has_one_row"
            )
        ]

    def __str__(self):
        return str(self.last_position)
