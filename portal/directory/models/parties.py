"""Parties that a source names and that are no organ on record: states, ministries …"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.publishing.links import Linked
from portal.translations.fields import NameKeysField


class NamedParty(Linked, models.Model):
    """A party under the name that the source gives it, of a country."""

    link_key = None
    link_country = "country__iso2"

    name = models.CharField(_("name"), max_length=300)
    name_keys = NameKeysField(sources=("name",))
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="parties",
        verbose_name=_("country"),
    )

    class Meta:
        verbose_name = _("named party")
        verbose_name_plural = _("named parties")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "country"],
                name="directory_party_name_country",
                violation_error_message=_("This party is on record already."),
            )
        ]

    def __str__(self):
        return self.name
