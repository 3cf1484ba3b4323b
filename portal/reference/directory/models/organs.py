"""Prosecuting organs, their offices and training institutions.

The organ of a special administrative region has a parent for display only: it is
grouped with the delegation of China and not subordinate to the parent
(record/SOURCES.md).
"""

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.period import Period, truncate_to_precision
from portal.content.publishing.choices import Precision
from portal.content.publishing.constraints import (
    require_chinese_or_english_text,
    require_precision_with_date,
    require_text_with_basis,
)
from portal.content.publishing.links import LinkTarget
from portal.content.publishing.models import Publishable
from portal.content.publishing.text_basis import text_basis_field
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name
from portal.reference.directory.choices import OrganLevel


class Organ(LinkTarget, Publishable):
    """An organ, identified by a readable key (``cn-gx``).

    ``name_native`` is the name in the organ's own language, ``native_language`` its BCP
    47 code; readers of that language see it unless a ``name`` is written for them.
    ``area`` is the place that an organ below the national level is responsible for.
    ``is_name_formed``: a name follows the pattern of similar organs and was not found
    in a source; NULL if this is unknown.
    """

    kind = "organ"
    code_field = "key"
    # Date fields that may be centuries ago.
    founding_fields = ("established_on",)
    language_code_fields = ("native_language",)
    text_fields = ("name",)
    date_precisions = {"established_on": "date_precision"}
    text_bases = {("name", "zh-hans"): "name_zh_basis"}
    link_country = "country__iso2"
    link_area = "area"
    link_parent = "parent__key"
    link_path = "organs/{key}/"
    native_texts = {"name": ("name_native", "native_language")}

    key = models.CharField(
        _("identifier"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    name = models.CharField(_("name"), max_length=300, blank=True)
    name_zh_basis = text_basis_field(_("origin of the Chinese name"))
    name_native = models.CharField(
        _("name in the original language"), max_length=300, blank=True
    )
    native_language = models.CharField(
        _("original language"), max_length=10, blank=True
    )
    name_keys = NameKeysField(sources=("name", "name_native"))
    is_name_formed = models.BooleanField(
        _("name not found in a source"), null=True, blank=True
    )
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="organs",
        verbose_name=_("country"),
    )
    level = models.CharField(_("level"), max_length=20, choices=OrganLevel)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("higher-level organisation"),
    )
    seat_as_recorded = models.CharField(
        _("location (as in the source)"), max_length=100, blank=True
    )
    place = models.ForeignKey(
        "directory.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organs",
        verbose_name=_("location"),
    )
    # db_default: the contents of versions reviewed earlier stay the same.
    area = models.ForeignKey(
        "directory.Place",
        models.PROTECT,
        null=True,
        blank=True,
        db_default=None,
        related_name="organs_of_area",
        verbose_name=_("area"),
        help_text=_(
            "Choose the province or city that the organisation is "
            "responsible for. Leave blank for a national organisation "
            "or a training institution."
        ),
    )
    website = models.CharField(
        _("website"),
        max_length=300,
        blank=True,
        validators=[URLValidator(["http", "https"])],
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    date_precision = models.CharField(
        _("date precision"), max_length=5, choices=Precision, blank=True
    )
    display_order = models.PositiveSmallIntegerField(_("display order"), default=100)

    class Meta(Publishable.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            *Publishable.Meta.constraints,
            require_chinese_or_english_text("name"),
            require_text_with_basis("name_zh_hans", "name_zh_basis"),
            require_precision_with_date("established_on"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="directory_organ_not_its_own_parent",
                violation_error_message=_(
                    "An organisation cannot be its own higher-level "
                    "organisation. Choose another one."
                ),
            ),
        ]

    def __str__(self):
        return get_loaded_name(self, "name") or self.key

    def clean(self):
        """Normalise dates of month or year precision to the first day of the period."""
        super().clean()
        self.established_on = truncate_to_precision(
            self.established_on, self.date_precision
        )

    def get_absolute_url(self):
        return reverse("directory:organ", kwargs={"key": self.key})

    @property
    def established(self) -> Period:
        return Period(self.established_on, None, self.date_precision)
