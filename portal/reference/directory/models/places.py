"""Cities and provinces named in records, each with its time zone."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.constraints import require_chinese_or_english_text
from portal.content.publishing.links import LinkTarget
from portal.content.publishing.list_validators import validate_language_values
from portal.content.publishing.models import Stamped
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name
from portal.reference.directory.querysets import PlaceQuerySet


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _(
                "“%(name)s” is not a time zone. Enter a time zone, for "
                "example Asia/Shanghai."
            ),
            params={"name": name},
        )


class Place(LinkTarget, Stamped):
    """A place, identified by a readable key (``nanning``).

    ``name_local`` is the name in the local language, ``local_language`` its BCP 47
    code; readers of that language see it unless a ``name`` is written for them.
    ``names_source`` tells where the names are from, one ``language=source`` per line
    (record/SOURCES.md lists the abbreviations).
    """

    link_country = "country__iso2"
    link_time_zone = "time_zone"
    language_code_fields = ("local_language",)
    native_texts = {"name": ("name_local", "local_language")}

    key = models.CharField(
        _("identifier"),
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
    # db_default: processes of the previous release insert rows during an upgrade.
    names_source = models.TextField(
        _("sources of the names"),
        blank=True,
        default="",
        db_default="",
        validators=[validate_language_values],
        help_text=_("Enter one language=source per line, for example vi=gn."),
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [require_chinese_or_english_text("name")]

    def __str__(self):
        return get_loaded_name(self, "name") or self.key
