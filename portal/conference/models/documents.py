"""Documents: joint statements, declarations, memoranda, agreements and treaties."""

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.conference.choices import TREATY_KINDS, DocumentKind, PartiesBasis
from portal.conference.querysets import DocumentQuerySet, ParagraphQuerySet
from portal.content.catalogue.period import UNDATED, Period, truncate_to_precision
from portal.content.publishing.choices import Precision
from portal.content.publishing.code_validator import code_validator
from portal.content.publishing.constraints import (
    require_chinese_or_english_text,
    require_precision_with_date,
    require_text_with_basis,
)
from portal.content.publishing.models import Publishable
from portal.content.publishing.text_basis import text_basis_field
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name


class Document(Publishable):
    """A document, identified by its code (``DOC-0001``).

    Its files are attachments, one per language. If ``parties_basis`` is "collective",
    the source names a group of countries: ``party_organs`` are then the national organs
    of these countries under their present names, and the text of the document is
    decisive for who signed.
    """

    kind = "document"
    code_prefix = "DOC"
    content_fields = {"paragraphs__text": _("Full text")}
    child_relations = ("paragraphs", *Publishable.child_relations)
    date_precisions = {
        "signed_on": "date_precision",
        "in_force_on": "in_force_precision",
    }
    text_bases = {("title", "zh-hans"): "title_zh_basis"}

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[code_validator("DOC")],
    )
    document_kind = models.CharField(_("type"), max_length=20, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=500, blank=True)
    title_zh_basis = text_basis_field(_("origin of the Chinese title"))
    name_keys = NameKeysField(sources=("title",))
    edition = models.ForeignKey(
        "conference.Edition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("adopted at"),
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the signing date"), max_length=5, choices=Precision, blank=True
    )
    sort_on = models.GeneratedField(
        expression=Coalesce("signed_on", models.Value(UNDATED)),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("sort date"),
    )
    in_force_on = models.DateField(_("entered into force on"), null=True, blank=True)
    in_force_precision = models.CharField(
        _("precision of the entry into force date"),
        max_length=5,
        choices=Precision,
        blank=True,
    )
    place = models.ForeignKey(
        "directory.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("place of signing"),
    )
    parties_as_recorded = models.CharField(
        _("parties (as in the source)"), max_length=1000, blank=True
    )
    party_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="documents",
        verbose_name=_("signatory organisations"),
    )
    named_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="documents",
        verbose_name=_("other parties"),
    )
    parties_basis = models.CharField(
        _("how the parties were identified"),
        max_length=12,
        choices=PartiesBasis,
        blank=True,
    )
    party_countries = models.ManyToManyField(
        "directory.Country",
        blank=True,
        related_name="documents",
        verbose_name=_("signatory countries"),
    )
    topics = models.ManyToManyField(
        "directory.Topic",
        blank=True,
        related_name="documents",
        verbose_name=_("topics"),
    )

    objects = DocumentQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            *Publishable.Meta.constraints,
            require_chinese_or_english_text("title"),
            require_text_with_basis("title_zh_hans", "title_zh_basis"),
            require_precision_with_date("signed_on"),
            require_precision_with_date("in_force_on", "in_force_precision"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            models.Index(fields=["-sort_on", "-id"], name="%(class)s_newest"),
        ]

    def __str__(self):
        return f"{self.code} {get_loaded_name(self, 'title')}".strip()

    def clean(self):
        """Set dates of month or year precision to the first day of their period."""
        super().clean()
        self.signed_on = truncate_to_precision(self.signed_on, self.date_precision)
        self.in_force_on = truncate_to_precision(
            self.in_force_on, self.in_force_precision
        )

    def get_absolute_url(self):
        return reverse("conference:document-detail", kwargs={"code": self.code})

    @property
    def is_treaty(self) -> bool:
        """Return whether parties sign the document and it may enter into force.

        A conference adopts the other documents: joint statements and declarations.
        """
        return self.document_kind in TREATY_KINDS

    @property
    def period(self) -> Period:
        """Return the date of signing, with its precision."""
        return Period(self.signed_on, None, self.date_precision)

    @property
    def in_force_period(self) -> Period:
        return Period(self.in_force_on, None, self.in_force_precision)


class Paragraph(models.Model):
    """One numbered paragraph of a document's text."""

    document = models.ForeignKey(
        Document,
        models.CASCADE,
        related_name="paragraphs",
        verbose_name=_("document"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"), blank=True)

    objects = ParagraphQuerySet.as_manager()

    class Meta:
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="conference_paragraph_number",
                violation_error_message=_(
                    "This document already has a paragraph with this number. "
                    "Enter another number."
                ),
            )
        ]

    def __str__(self):
        return f"{self.document_id} § {self.number}"
