"""Editions of the China-ASEAN Prosecutors-General Conference.

The prosecutors-general of China and the ASEAN member states meet in the member states
in turn. Each of these conferences is an edition with a number and ends with a joint
statement or declaration. Heads of delegations are recorded by office, never by name.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.conference.choices import NameOrder, OfficeRank
from portal.conference.querysets import EditionQuerySet
from portal.content.publishing.choices import Confidence, EventState, Qualifier
from portal.content.publishing.code_validator import code_validator
from portal.content.publishing.constraints import (
    require_number_with_qualifier,
    require_text_with_basis,
)
from portal.content.publishing.list_validators import validate_addresses
from portal.content.publishing.models import DatedRecord
from portal.content.publishing.text_basis import text_basis_field
from portal.core.translations.fields import NameKeysField
from portal.core.translations.querysets import TranslatedQuerySet


class Edition(DatedRecord):
    """An edition of the Conference, identified by its number.

    In languages without a written ``title`` the title is generated from number and name
    order. ``title_zh_other`` is another Chinese title that a source prints, with ASEAN
    first. ``*_as_recorded`` fields quote the source; the corresponding relations, such
    as ``places`` for ``city_as_recorded``, point to the records that are meant.
    ``theme_other`` is a theme in a language that the portal does not support,
    ``theme_other_language`` the BCP 47 tag of that language.
    """

    kind = "edition"
    code_field = "number"
    language_code_fields = ("theme_other_language",)
    text_fields = ("title", "theme", "summary")
    description_fields = ("summary", "theme")
    content_fields = {"summary": _("Summary"), "theme": _("Theme")}
    child_relations = ("delegations", *DatedRecord.child_relations)
    text_bases = {
        ("title", "zh-hans"): "title_zh_basis",
        ("theme", "en"): "theme_en_basis",
        ("theme", "zh-hans"): "theme_zh_basis",
    }
    added_relations = ("co_organiser_organs", "co_organiser_parties")

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    title = models.CharField(
        _("title"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Enter a title only if it is given in a source. If you "
            "leave this blank, the title is generated from the "
            "conference number."
        ),
    )
    title_zh_basis = text_basis_field(_("origin of the Chinese title"))
    title_zh_other = models.CharField(
        _("other Chinese title"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("Another title given in a source, with ASEAN first."),
    )
    name_order = models.CharField(
        _("name order"), max_length=12, choices=NameOrder, blank=True
    )
    city_as_recorded = models.CharField(
        _("city (as in the source)"), max_length=200, blank=True
    )
    places = models.ManyToManyField(
        "directory.Place", blank=True, related_name="editions", verbose_name=_("places")
    )
    host_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_editions",
        verbose_name=_("host country"),
    )
    host_as_recorded = models.CharField(
        _("host (as in the source)"), max_length=500, blank=True
    )
    host_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="hosted_editions",
        verbose_name=_("host organisations"),
    )
    host_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="hosted_editions",
        verbose_name=_("other hosts"),
    )
    organiser_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="organised_editions",
        verbose_name=_("organisers"),
    )
    organiser_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="organised_editions",
        verbose_name=_("other organisers"),
    )
    co_organiser_as_recorded = models.CharField(
        _("co-organiser (as in the source)"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
    )
    co_organiser_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="co_organised_editions",
        verbose_name=_("co-organisers"),
    )
    co_organiser_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="co_organised_editions",
        verbose_name=_("other co-organisers"),
    )
    theme = models.CharField(_("theme"), max_length=500, blank=True)
    theme_en_basis = text_basis_field(_("origin of the English theme"))
    theme_zh_basis = text_basis_field(_("origin of the Chinese theme"))
    theme_other = models.CharField(
        _("theme in another language"), max_length=500, blank=True
    )
    theme_other_language = models.CharField(
        _("language of that theme"), max_length=10, blank=True
    )
    name_keys = NameKeysField(
        sources=(
            "title",
            "title_zh_other",
            "theme",
            "theme_other",
            "city_as_recorded",
            "host_as_recorded",
        )
    )
    summary = models.TextField(_("summary"), blank=True)
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="editions", verbose_name=_("topics")
    )
    outcome_as_recorded = models.CharField(
        _("outcome document (as in the source)"), max_length=500, blank=True
    )
    outcome_document = models.ForeignKey(
        "conference.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcome_of_editions",
        verbose_name=_("outcome document"),
    )
    participants = models.PositiveIntegerField(
        _("number of participants"), null=True, blank=True
    )
    participants_qualifier = models.CharField(
        _("precision of the number of participants"),
        max_length=5,
        choices=Qualifier,
        blank=True,
    )
    state = models.CharField(
        _("event status"), max_length=10, choices=EventState, blank=True
    )

    objects = EditionQuerySet.as_manager()

    class Meta(DatedRecord.Meta):
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        constraints = [
            *DatedRecord.Meta.constraints,
            require_number_with_qualifier("participants", "participants_qualifier"),
            require_text_with_basis("title_zh_hans", "title_zh_basis"),
            require_text_with_basis("theme_en", "theme_en_basis"),
            require_text_with_basis("theme_zh_hans", "theme_zh_basis"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1),
                name="conference_edition_number",
                violation_error_message=_("The conference number must be 1 or more."),
            ),
            models.CheckConstraint(
                condition=models.Q(theme_other="", theme_other_language="")
                | ~(models.Q(theme_other="") | models.Q(theme_other_language="")),
                name="conference_edition_theme_other",
                violation_error_message=_(
                    "Enter the language code of the theme in another language."
                ),
            ),
        ]

    def __str__(self):
        return f"#{self.number}"

    def get_absolute_url(self):
        return reverse("conference:edition-detail", kwargs={"number": self.number})


class EditionDelegation(models.Model):
    """A delegation at the Conference: country, organ and office of its head.

    ``code`` (``DEL-0001``) identifies the row in the public record; rows that were
    added in the form of the edition need none. ``rank`` is the rank of the head.
    ``source_addresses`` has one address per line. ``work_note`` is for staff only.
    """

    internal_fields = ("work_note",)

    code = models.CharField(
        _("code"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        validators=[code_validator("DEL")],
    )
    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        related_name="delegations",
        verbose_name=_("conference attended"),
    )
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="edition_delegations",
        verbose_name=_("country"),
    )
    organ = models.ForeignKey(
        "directory.Organ",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="edition_delegations",
        verbose_name=_("organisation"),
    )
    head_office = models.CharField(
        _("position of the head of delegation"),
        max_length=200,
        blank=True,
        help_text=_("Enter the position only, not the person's name."),
    )
    rank = models.CharField(
        _("rank of the head of delegation"),
        max_length=6,
        choices=OfficeRank,
        blank=True,
        default="",
        db_default="",
    )
    source_addresses = models.TextField(
        _("sources"),
        blank=True,
        default="",
        db_default="",
        validators=[validate_addresses],
        help_text=_("Enter one web address per line."),
    )
    confidence = models.CharField(
        _("confidence"),
        max_length=6,
        choices=Confidence,
        blank=True,
        default="",
        db_default="",
    )
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
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("conference delegation")
        verbose_name_plural = _("conference delegations")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~models.Q(code=""),
                name="conference_editiondelegation_code",
                violation_error_message=_(
                    "Another delegation already has this code. Enter another "
                    "code or leave blank."
                ),
            )
        ]

    def __str__(self):
        return f"{self.edition} {self.country}"
