"""What became public, changed or was withdrawn, in an order that readers can follow.

Positions are given out under a lock held until commit, so they become visible in their
own order: who has seen position n never misses one below it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.changes.choices import Action
from portal.changes.querysets import ChangeQuerySet, SequenceQuerySet


class Change(models.Model):
    """One step in the public life of a record; never edited, never deleted.

    Only the steps of invented samples go when the samples do (``load_sample``).
    """

    position = models.PositiveBigIntegerField(_("position"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=100)
    action = models.CharField(_("action"), max_length=10, choices=Action)
    revision = models.PositiveIntegerField(_("revision"))
    changed_at = models.DateTimeField(_("changed at"))

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
                condition=models.Q(action=Action.WITHDRAWN),
            ),
        ]

    def __str__(self):
        return f"{self.position} {self.code} {self.get_action_display()}"


class Sequence(models.Model):
    """The one row that holds the last position given out; locked by each writer."""

    last_position = models.PositiveBigIntegerField(_("last position"), default=0)

    objects = SequenceQuerySet.as_manager()

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
