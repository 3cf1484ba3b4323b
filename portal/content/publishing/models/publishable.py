"""Base models of public records: timestamps with users, status and publication data."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.choices import Confidence, Status
from portal.content.publishing.querysets import PublishableQuerySet


class Stamped(models.Model):
    """Abstract model with time and user of creation and last change."""

    created_at = models.DateTimeField(_("created at"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    updated_at = models.DateTimeField(_("last updated"), null=True, editable=False)
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
    """Abstract base of records that can become public.

    ``objects.published(at)`` is the only rule of what is public. ``publish_at`` is the
    scheduled time of publication, set in the form; ``published_at`` is the actual one.
    ``changed_at`` is the time of the last public change. ``languages`` has the codes of
    the languages in which a published record can be read
    (:func:`~portal.content.catalogue.readable_languages.get_readable_languages`); for
    other records, of those in which any of ``text_fields`` has a text. Status, revision
    and all times except ``publish_at`` are changed by
    ``portal.content.publishing.operations`` only.

    ``is_sample`` marks invented records of ``load_sample``; pages and API label them.
    ``corrections`` are the public correction notes, latest first: each is a dict of
    ``at`` (ISO 8601) and ``texts`` (language code → text). ``approved_version`` is the
    digest of the approved content while the record has the status approved, otherwise
    "". ``review_comments`` are the reviewer's comments on single fields from the last
    return, each a dict of ``field`` (key of
    :mod:`~portal.content.publishing.review_comments`) and ``text``; publication removes
    them.

    Class attributes: ``code_prefix`` is the prefix of codes that a counter assigns, ""
    if codes are entered by hand. ``child_relations`` are the reverse relations whose
    rows are edited, reviewed and published with the record. ``description_fields`` are
    the texts of which the first is the meta description of the page.
    ``content_fields`` are the texts, besides title and remark, that the page shows, in
    its order, each with the label of that part of the page; ``relation__field`` is a
    text of related rows.
    ``date_precisions`` maps each date that may be known to the month or year only to
    the field with its precision; such a date is never displayed as a day.
    ``text_bases`` maps a translated field and a language code to the field that says
    where that text comes from (``TextBasis``). ``internal_fields`` are for staff only:
    they are never in pages, feeds, the API, the search index or public files, and a
    change of them is no public change. ``added_relations`` are many-to-many relations
    that were added to a model in use: while they are empty, an approval of the record
    from before stays valid, as it does for new columns with a ``db_default``.
    """

    kind: ClassVar[str]
    code_field: ClassVar[str] = "code"
    code_prefix: ClassVar[str] = ""
    text_fields: ClassVar[tuple[str, ...]] = ("title",)
    description_fields: ClassVar[tuple[str, ...]] = ()
    content_fields: ClassVar[Mapping[str, str]] = {}
    child_relations: ClassVar[tuple[str, ...]] = (
        "sources",
        "attachments",
        "illustrations",
    )
    date_precisions: ClassVar[dict[str, str]] = {}
    text_bases: ClassVar[dict[tuple[str, str], str]] = {}
    internal_fields: ClassVar[tuple[str, ...]] = ("work_note",)
    added_relations: ClassVar[tuple[str, ...]] = ()

    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        editable=False,
    )
    publish_at = models.DateTimeField(
        _("scheduled for"),
        null=True,
        blank=True,
        help_text=_("Leave blank to publish as soon as the record is approved."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    changed_at = models.DateTimeField(
        _("public content changed at"), null=True, editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    revision = models.PositiveIntegerField(_("version"), default=0, editable=False)
    languages = models.JSONField(_("languages"), default=list, editable=False)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence, blank=True
    )
    remark = models.TextField(
        _("note for the public"),
        blank=True,
        help_text=_(
            "Information that readers need and that no other field "
            "covers. Visitors can see this."
        ),
    )
    # db_default: processes of the previous release insert rows during an upgrade.
    work_note = models.TextField(
        _("internal note"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Doubts, contradictions and how a source was interpreted. "
            "Only staff can see this."
        ),
    )
    corrections = models.JSONField(_("correction notes"), default=list, editable=False)
    approved_version = models.CharField(
        _("approved version"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    review_comments = models.JSONField(
        _("comments of the review"), default=list, db_default=[], editable=False
    )
    is_sample = models.BooleanField(_("example data"), default=False, editable=False)
    sources = GenericRelation("publishing.Source")
    attachments = GenericRelation("publishing.Attachment")
    illustrations = GenericRelation("publishing.Illustration")

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        # "review": return, approve and withdraw. "translate": edit texts in one's own
        # languages.
        default_permissions = ("add", "change", "delete", "view", "review", "translate")
        # Records that wait for review or for their publication time are few, so the
        # index finds them quickly.
        indexes = [
            models.Index(fields=["status", "updated_at"], name="%(class)s_waiting")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=Status.PUBLISHED)
                | models.Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_at",
                violation_error_message=_(
                    "A published record must have a publication date."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values),
                name="%(app_label)s_%(class)s_status",
                violation_error_message=_("The status of this record is not valid."),
            ),
        ]

    @property
    def public_code(self) -> str:
        """Return the record's permanent identifier in addresses and in the API."""
        return str(getattr(self, self.code_field))

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED
