"""Data of two-person approval: contributions to records and proposed changes."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.content.publishing.querysets import ProposalQuerySet
from portal.content.publishing.review_choices import OPEN_STATES, ProposalState


class Contribution(models.Model):
    """A user's contribution to a record since its last publication.

    The user may not approve the record.
    """

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
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "user"],
                name="publishing_contribution_once",
                violation_error_message=_(
                    "This contributor has already been recorded."
                ),
            )
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} {self.user_id}"


class Proposal(models.Model):
    """A proposed change to a published record, to be approved by another user.

    ``base`` and ``wanted`` are snapshots of the record without and with the change.
    ``public_note`` maps language codes to the note on the correction for the record's
    page, {} for none. ``proposed_by`` is the user who created the proposal; other users
    who edited it are stored as contributors to the record. ``proposed_at`` is the time
    of the last edit. ``reason`` is why it was returned or discarded.
    ``review_comments`` are the comments on single fields from the last return, as in
    ``Publishable``. ``import_batch`` is the spreadsheet import that created the
    proposal.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    record = GenericForeignKey()
    state = models.CharField(
        pgettext_lazy("of a change", "status"),
        max_length=9,
        choices=ProposalState,
        default=ProposalState.WAITING,
        editable=False,
    )
    base = models.JSONField(_("before"), editable=False)
    wanted = models.JSONField(_("after"), editable=False)
    public_note = models.JSONField(_("correction note"), default=dict, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    review_comments = models.JSONField(
        _("comments of the review"), default=list, db_default=[], editable=False
    )
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
    import_batch = models.ForeignKey(
        "publishing.ImportBatch",
        models.SET_NULL,
        null=True,
        related_name="proposals",
        editable=False,
        verbose_name=_("import"),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("change awaiting approval")
        verbose_name_plural = _("changes awaiting approval")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(state__in=OPEN_STATES),
                name="publishing_proposal_one_open",
                violation_error_message=_(
                    "This record already has a change awaiting approval. Edit "
                    "that change instead."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ProposalState.values),
                name="publishing_proposal_state",
                violation_error_message=_("The status of the change is not valid."),
            ),
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} {self.proposed_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
