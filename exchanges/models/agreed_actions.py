"""Actions agreed at meetings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchanges.choices import ActionState
from exchanges.models.meetings import Meeting
from exchanges.querysets import AgreedActionQuerySet
from portal.content.publishing.constraints import require_chinese_or_english_text


class AgreedAction(models.Model):
    """An action agreed at a meeting, with the responsible organ and the due date.

    ``closed_on`` is the date on which the action was done or dropped, ``evidence`` a
    file that documents this.
    """

    meeting = models.ForeignKey(
        Meeting,
        models.CASCADE,
        related_name="agreed_actions",
        verbose_name=_("meeting"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.TextField(_("text"), blank=True)
    responsible_organ = models.ForeignKey(
        "directory.Organ",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreed_actions",
        verbose_name=_("responsible organisation"),
    )
    due_on = models.DateField(_("due by"), null=True, blank=True)
    state = models.CharField(
        pgettext_lazy("of an agreed action", "status"),
        max_length=10,
        choices=ActionState,
        default=ActionState.OPEN,
    )
    closed_on = models.DateField(_("completed on"), null=True, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreed_actions",
        verbose_name=_("supporting document"),
    )

    objects = AgreedActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreed action")
        verbose_name_plural = _("agreed actions")
        ordering = ["position", "pk"]
        constraints = [
            require_chinese_or_english_text("text"),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True)
                | ~models.Q(state=ActionState.OPEN),
                name="exchanges_agreedaction_closed_on",
                violation_error_message=_(
                    "An open action cannot have a completion date. Change the "
                    "status to “done” or “no longer pursued”, or remove the "
                    "completion date."
                ),
            ),
        ]

    def __str__(self):
        return self.text_zh_hans or self.text_en or str(self.position)

    @property
    def public_organ_key(self) -> str | None:
        """Key of the responsible organ, None if there is none or it is not public."""
        organ = self.responsible_organ
        return organ.key if organ and organ.is_published else None
