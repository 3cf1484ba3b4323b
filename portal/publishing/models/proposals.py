"""What waits for a second person: who had a hand in a record, and changes to published
ones that the public does not see yet."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.publishing.querysets import ProposalQuerySet
from portal.publishing.review.choices import OPEN_STATES, ProposalState


class Contribution(models.Model):
    """A person changed a record since it was last published, so may not approve it."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    record = GenericForeignKey()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("person"),
    )

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "user"],
                name="publishing_contribution_once",
                violation_error_message=_("This contribution is on record already."),
            )
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} {self.user_id}"


class Proposal(models.Model):
    """A change to a published record that waits for another person's approval.

    ``base`` and ``wanted`` are snapshots (``portal.history.snapshots``) of what the
    record said when the change was begun and of what it is to say. ``public_note`` maps
    language codes to what the page will tell of the correction, {} for nothing.
    ``proposed_by`` is its author, who began it; others who changed it meanwhile have
    contributed to the record. ``proposed_at`` is when it was changed last.
    ``reason`` is why it was returned or discarded.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    record = GenericForeignKey()
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=ProposalState,
        default=ProposalState.WAITING,
        editable=False,
    )
    base = models.JSONField(_("before"), editable=False)
    wanted = models.JSONField(_("after"), editable=False)
    public_note = models.JSONField(_("public note"), default=dict, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("change that waits for approval")
        verbose_name_plural = _("changes that wait for approval")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(state__in=OPEN_STATES),
                name="publishing_proposal_one_open",
                violation_error_message=_(
                    "A change of this record waits for approval already; change that."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ProposalState.values),
                name="publishing_proposal_state",
                violation_error_message=_("The change is in a state that is unknown."),
            ),
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} {self.proposed_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
