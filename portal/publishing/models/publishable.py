"""What every public record is: signed, sourced, and on its way through five states."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.publishing.choices import Confidence, Status
from portal.publishing.querysets import PublishableQuerySet


class Stamped(models.Model):
    """A row that says who made it and who changed it last."""

    created_at = models.DateTimeField(_("created at"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    updated_at = models.DateTimeField(_("changed at"), null=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        abstract = True


class Publishable(Stamped):
    """A record that can become public.

    ``publish_at`` is the time set for it, ``published_at`` when it happened; what a
    reader may see is ``objects.published(at)`` and nothing else. ``changed_at`` is the
    last change that the public saw. ``languages`` holds the codes in which any of
    ``written_fields`` is written. ``code_prefix`` is set where a counter gives out new
    codes. States and times are changed by ``portal.publishing.operations`` only.
    ``is_sample``: invented by ``load_sample``, and marked as such wherever it is shown.
    ``parts`` are the reverse relations whose rows are edited, reviewed and published
    with the record. ``date_precisions`` names, for each date that may be known to the
    month or the year only, the field that says so; such a date is never shown as a day.
    ``corrections`` is what its page tells of corrections, the latest
    first: each a dict of ``at`` (ISO 8601) and ``texts`` (language code → text).
    ``approved_version`` is the digest of the content that was approved for a later time
    (``portal.publishing.review.versions``), "" in any other state.
    """

    kind: ClassVar[str]
    code_field: ClassVar[str] = "code"
    code_prefix: ClassVar[str] = ""
    written_fields: ClassVar[tuple[str, ...]] = ("title",)
    parts: ClassVar[tuple[str, ...]] = ("sources", "attachments", "illustrations")
    date_precisions: ClassVar[dict[str, str]] = {}

    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        editable=False,
    )
    publish_at = models.DateTimeField(
        _("publish at"),
        null=True,
        blank=True,
        help_text=_("Leave empty to publish as soon as the record is approved."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    changed_at = models.DateTimeField(_("public change at"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    languages = models.JSONField(_("languages"), default=list, editable=False)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence, blank=True
    )
    remark = models.TextField(
        _("remark"),
        blank=True,
        help_text=_("Doubts, contradictions, and how a source was read. Public."),
    )
    corrections = models.JSONField(_("corrections"), default=list, editable=False)
    # db_default: processes of the release before insert rows during an upgrade.
    approved_version = models.CharField(
        _("approved version"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    is_sample = models.BooleanField(_("invented sample"), default=False, editable=False)
    sources = GenericRelation("publishing.Source")
    attachments = GenericRelation("publishing.Attachment")
    illustrations = GenericRelation("publishing.Illustration")

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        # "review": return, approve, withdraw. "translate": write in one's languages.
        default_permissions = ("add", "change", "delete", "view", "review", "translate")
        # What waits (for review, for its hour) is few among many.
        indexes = [
            models.Index(fields=["status", "updated_at"], name="%(class)s_waiting")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=Status.PUBLISHED)
                | models.Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_at",
                violation_error_message=_("A published record needs its date."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values),
                name="%(app_label)s_%(class)s_status",
                violation_error_message=_("The record is in a state that is unknown."),
            ),
        ]

    @property
    def public_code(self) -> str:
        """What names the record in addresses and in the API; never changes."""
        return str(getattr(self, self.code_field))

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED
