"""Parties named in sources that are not organs on record, such as ministries."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.links import LinkTarget
from portal.core.translations.fields import NameKeysField


class NamedParty(LinkTarget, models.Model):
    """A party, identified by the name given in the source and its country."""

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
