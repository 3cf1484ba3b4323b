"""Parties named in sources that are not organs on record, such as ministries."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.constraints import require_text_with_basis
from portal.content.publishing.links import LinkTarget
from portal.content.publishing.text_basis import text_basis_field
from portal.core.translations.fields import NameKeysField
from portal.core.translations.querysets import TranslatedQuerySet


class NamedParty(LinkTarget, models.Model):
    """A party, identified by the name given in the source and its country.

    ``name`` is part of the key in spreadsheets and is not translated. ``display_name``
    is the name for readers of a language; without one they read ``name``. ``area`` is
    the place that the party itself is, such as Hong Kong.
    """

    link_key = None
    link_name = "display_name"
    link_source_name = "name"
    link_country = "country__iso2"
    link_area = "area"
    text_bases = {("display_name", "zh-hans"): "name_zh_basis"}

    name = models.CharField(
        _("name"), max_length=300, help_text=_("Enter the name as given in the source.")
    )
    display_name = models.CharField(
        _("public name"), max_length=300, blank=True, default="", db_default=""
    )
    name_zh_basis = text_basis_field(_("origin of the Chinese name"))
    name_keys = NameKeysField(sources=("name", "display_name"))
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="parties",
        verbose_name=_("country"),
    )
    area = models.ForeignKey(
        "directory.Place",
        models.PROTECT,
        null=True,
        blank=True,
        db_default=None,
        related_name="parties",
        verbose_name=_("area"),
        help_text=_(
            "Choose a place only if the organisation is itself a "
            "region or city, for example Hong Kong."
        ),
    )

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("other organisation")
        verbose_name_plural = _("other organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "country"],
                name="directory_party_name_country",
                violation_error_message=_("This organisation has already been added."),
            ),
            require_text_with_basis("display_name_zh_hans", "name_zh_basis"),
        ]

    def __str__(self):
        return self.name
