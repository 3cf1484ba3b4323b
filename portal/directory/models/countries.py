"""China and the member states of ASEAN: the states of the Conference."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.directory.querysets import CountryQuerySet
from portal.publishing.constraints import written_in_chinese_or_english
from portal.publishing.links import Linked
from portal.publishing.models import Publishable
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


def validate_language_codes(value) -> None:
    """A list of BCP 47 codes, [] where none is on record."""
    is_list = isinstance(value, list)
    if not is_list or not all(
        isinstance(code, str)
        and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*", code)
        for code in value
    ):
        raise ValidationError(
            _('Write a list of language codes, such as ["ms", "en"].')
        )


class Country(Linked, Publishable):
    """A state by its ISO 3166-1 alpha-2 code.

    Membership of ASEAN is the day of joining, NULL for a state that is no member.
    ``national_languages`` holds BCP 47 codes.
    """

    kind = "country"
    code_field = "iso2"
    written_fields = ("name",)
    link_key = "iso2"
    language_fields = ("national_languages",)
    link_country = "iso2"
    link_path = "countries/{key}/"

    iso2 = models.CharField(
        _("ISO code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Write two capital letters."))],
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    name_keys = NameKeysField(sources=("name",))
    joined_asean_on = models.DateField(_("ASEAN member since"), null=True, blank=True)
    national_languages = models.JSONField(
        _("national languages"),
        default=list,
        blank=True,
        validators=[validate_language_codes],
        help_text=_('A list of language codes, such as ["ms", "en"].'),
    )
    display_order = models.PositiveSmallIntegerField(_("display order"), default=100)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)

    objects = CountryQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        constraints = [
            *Publishable.Meta.constraints,
            written_in_chinese_or_english("name"),
        ]

    def __str__(self):
        return f"{self.iso2} {name_loaded(self, 'name')}".strip()

    def clean(self):
        super().clean()
        if self.national_languages is None:
            # A field that may be blank does not run its validators on null.
            validate_language_codes(None)

    def get_absolute_url(self):
        return reverse("directory:country", kwargs={"iso2": self.iso2.lower()})
