"""Prosecuting organs, their offices and training institutions.

A special administrative region's organ has a parent for display only: it is grouped
with the delegation of China and is not subordinate to it (record/SOURCES.md).
"""

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.catalogue.period import Period, first_day
from portal.directory.choices import Level
from portal.publishing.choices import Precision
from portal.publishing.constraints import (
    precision_with_date,
    written_in_chinese_or_english,
)
from portal.publishing.links import Linked
from portal.publishing.models import Publishable
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


class Organ(Linked, Publishable):
    """An organ by its literal key (``cn-gx``).

    ``name_native`` is its name in its own language ``native_language`` (BCP 47).
    ``is_name_formed``: a name was formed from the pattern of its like and not seen in a
    source; NULL where this is not known.
    """

    kind = "organ"
    code_field = "key"
    # Days that may be centuries ago.
    founding_fields = ("established_on",)
    language_fields = ("native_language",)
    written_fields = ("name",)
    date_precisions = {"established_on": "date_precision"}
    link_country = "country__iso2"
    link_path = "organs/{key}/"

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    name = models.CharField(_("name"), max_length=300, blank=True)
    name_native = models.CharField(
        _("name in its own language"), max_length=300, blank=True
    )
    native_language = models.CharField(_("own language"), max_length=10, blank=True)
    name_keys = NameKeysField(sources=("name", "name_native"))
    is_name_formed = models.BooleanField(
        _("name formed, not seen"), null=True, blank=True
    )
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="organs",
        verbose_name=_("country"),
    )
    level = models.CharField(_("level"), max_length=20, choices=Level)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("organ above"),
    )
    seat_as_recorded = models.CharField(
        _("seat as recorded"), max_length=100, blank=True
    )
    place = models.ForeignKey(
        "directory.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organs",
        verbose_name=_("seat"),
    )
    website = models.CharField(
        _("website"),
        max_length=300,
        blank=True,
        validators=[URLValidator(["http", "https"])],
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=5, choices=Precision, blank=True
    )
    display_order = models.PositiveSmallIntegerField(_("display order"), default=100)

    class Meta(Publishable.Meta):
        verbose_name = _("organ")
        verbose_name_plural = _("organs")
        constraints = [
            *Publishable.Meta.constraints,
            written_in_chinese_or_english("name"),
            precision_with_date("established_on"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="directory_organ_not_its_own_parent",
                violation_error_message=_("An organ cannot stand above itself."),
            ),
        ]

    def __str__(self):
        return name_loaded(self, "name") or self.key

    def clean(self):
        """A month or a year is kept as its first day, whatever day was typed."""
        super().clean()
        self.established_on = first_day(self.established_on, self.date_precision)

    def get_absolute_url(self):
        return reverse("directory:organ", kwargs={"key": self.key})

    @property
    def established(self) -> Period:
        return Period(self.established_on, None, self.date_precision)
