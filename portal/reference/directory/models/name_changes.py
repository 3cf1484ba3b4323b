"""Changes of names used by public records, to be approved by a second person."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.content.publishing.review_choices import OPEN_STATES, ProposalState
from portal.reference.directory.querysets import NameChangeQuerySet


class NameChange(models.Model):
    """A proposed change of a topic, place or named party, with its approval.

    ``row`` is the object to change. ``before`` and ``wanted`` map the changed columns
    to their values in JSON form (as in audit snapshots). ``proposed_by`` created the
    change; ``contributors`` are all who edited it, including ``proposed_by``.
    ``proposed_at`` is the time of the last edit. ``reason`` explains why the change was
    returned or discarded.
    """

    content_type = models.ForeignKey(
        ContentType,
        models.CASCADE,
        editable=False,
        related_name="+",
        verbose_name=_("type of name"),
    )
    object_id = models.PositiveBigIntegerField(editable=False)
    row = GenericForeignKey()
    state = models.CharField(
        pgettext_lazy("of a change", "status"),
        max_length=9,
        choices=ProposalState,
        default=ProposalState.WAITING,
        editable=False,
    )
    before = models.JSONField(_("before"), editable=False)
    wanted = models.JSONField(_("after"), editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), editable=False)
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        editable=False,
        verbose_name=_("contributors"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    objects = NameChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("name change")
        verbose_name_plural = _("name changes")
        # "review" is the permission to accept and return changes.
        default_permissions = ("view", "review")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(state__in=OPEN_STATES),
                name="directory_name_change_one_open",
                violation_error_message=_(
                    "This name already has a change awaiting approval. Open "
                    "that change and edit it."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ProposalState.values),
                name="directory_name_change_state",
                violation_error_message=_("The status of the change is not valid."),
            ),
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} {self.proposed_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
