"""Cities and provinces that records name, each with its time zone."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.directory.querysets import PlaceQuerySet
from portal.publishing.constraints import written_in_chinese_or_english
from portal.publishing.links import Linked
from portal.publishing.models import Stamped
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Write one such as Asia/Shanghai."),
            params={"name": name},
        )


class Place(Linked, Stamped):
    """A place by its literal key (``nanning``).

    ``name_local`` is its name in the local language ``local_language`` (BCP 47).
    """

    link_country = "country__iso2"
    link_zone = "time_zone"
    language_fields = ("local_language",)

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="places",
        verbose_name=_("country"),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, validators=[validate_time_zone]
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    name_local = models.CharField(_("local name"), max_length=100, blank=True)
    local_language = models.CharField(_("local language"), max_length=10, blank=True)
    name_keys = NameKeysField(sources=("name", "name_local"))

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [written_in_chinese_or_english("name")]

    def __str__(self):
        return name_loaded(self, "name") or self.key
