"""China and the member states of ASEAN, the states of the Conference."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.constraints import require_chinese_or_english_text
from portal.content.publishing.links import LinkTarget
from portal.content.publishing.models import Publishable
from portal.content.publishing.rich_text import RichTextField
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name
from portal.reference.directory.querysets import CountryQuerySet


def validate_language_codes(value) -> None:
    """Raise ValidationError unless the value is a list of BCP 47 codes or []."""
    is_list = isinstance(value, list)
    if not is_list or not all(
        isinstance(code, str)
        and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*", code)
        for code in value
    ):
        raise ValidationError(
            _('Enter a list of language codes, for example ["ms", "en"].')
        )


class Country(LinkTarget, Publishable):
    """A state, identified by its ISO 3166-1 alpha-2 code.

    ``joined_asean_on`` is NULL if the state is not a member of ASEAN.
    ``national_languages`` is a list of BCP 47 codes. ``prosecution_system`` is a text
    of the office about the prosecuting organs of the state and their duties, and
    ``prosecution_system_reviewed_on`` the day on which that text was last checked.
    """

    kind = "country"
    code_field = "iso2"
    text_fields = ("name",)
    content_fields = {"prosecution_system": _("Prosecution system")}
    link_key = "iso2"
    language_code_fields = ("national_languages",)
    link_country = "iso2"
    link_path = "countries/{key}/"

    iso2 = models.CharField(
        _("ISO code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Enter 2 capital letters."))],
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    name_keys = NameKeysField(sources=("name",))
    joined_asean_on = models.DateField(_("ASEAN member since"), null=True, blank=True)
    national_languages = models.JSONField(
        _("national languages"),
        default=list,
        blank=True,
        validators=[validate_language_codes],
        help_text=_('Enter a list of language codes, for example ["ms", "en"].'),
    )
    display_order = models.PositiveSmallIntegerField(_("display order"), default=100)
    reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)
    # db_default: during an upgrade, processes of the previous release insert countries.
    prosecution_system = RichTextField(
        _("prosecution system"), blank=True, default="", db_default=""
    )
    prosecution_system_reviewed_on = models.DateField(
        _("text on the prosecution system last reviewed"),
        null=True,
        blank=True,
        db_default=None,
    )

    objects = CountryQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        constraints = [
            *Publishable.Meta.constraints,
            require_chinese_or_english_text("name"),
        ]

    def __str__(self):
        return f"{self.iso2} {get_loaded_name(self, 'name')}".strip()

    def clean(self):
        super().clean()
        if self.national_languages is None:
            # Django does not run validators on null if the field may be blank.
            validate_language_codes(None)

    def get_absolute_url(self):
        return reverse("directory:country", kwargs={"iso2": self.iso2.lower()})
