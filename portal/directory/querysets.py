import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from portal.publishing.querysets import PublishableQuerySet
from portal.publishing.review.choices import OPEN_STATES
from portal.translations.querysets import TranslatedQuerySet


class CountryQuerySet(PublishableQuerySet):
    """Countries …"""

    def coded(self, code: str) -> "CountryQuerySet":
        """… with this ISO code, in capitals or not, as addresses write it."""
        return self.filter(iso2=code.upper())

    def not_reviewed_since(self, day: dt.date) -> "CountryQuerySet":
        """… whose page nobody has reviewed on that day or after it."""
        return self.filter(Q(reviewed_on__lt=day) | Q(reviewed_on__isnull=True))


class PlaceQuerySet(TranslatedQuerySet):
    """Places …"""

    def zone_of(self, keys: list[str]) -> str:
        """The time zone of the first of ``keys``; an event's times are shown in it.

        "" when nothing is on record of where it takes place.
        """
        if not keys:
            return ""
        return self.values_list("time_zone", flat=True).get(key=keys[0])


class NameChangeQuerySet(models.QuerySet):
    """Changes of names …"""

    def open(self) -> "NameChangeQuerySet":
        """… that are neither accepted nor discarded."""
        return self.filter(state__in=OPEN_STATES)

    def of_row(self, row: models.Model) -> "NameChangeQuerySet":
        """… of this topic, place or party."""
        content_type = ContentType.objects.get_for_model(row)
        return self.filter(content_type=content_type, object_id=row.pk)
