import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Q

from portal.content.catalogue.models import EntryTag
from portal.content.catalogue.querysets import capped_count
from portal.content.publishing.querysets import PublishableQuerySet
from portal.content.publishing.review_choices import OPEN_STATES
from portal.core.translations.querysets import TranslatedQuerySet


class CountryQuerySet(PublishableQuerySet):
    """Queryset of countries."""

    def with_code(self, code: str) -> "CountryQuerySet":
        """Filter to the country with this ISO code; the case is ignored, as in URLs."""
        return self.filter(iso2=code.upper())

    def not_reviewed_since(self, day: dt.date) -> "CountryQuerySet":
        """Filter to countries whose page was last reviewed before ``day``, or never."""
        return self.filter(Q(reviewed_on__lt=day) | Q(reviewed_on__isnull=True))


class PlaceQuerySet(TranslatedQuerySet):
    """Queryset of places."""

    def time_zone_of(self, keys: list[str]) -> str:
        """Return the time zone of the first of ``keys``, "" if there are no keys.

        The times of an event are displayed in the time zone of its first place.
        """
        if not keys:
            return ""
        return self.values_list("time_zone", flat=True).get(key=keys[0])


class TopicQuerySet(TranslatedQuerySet):
    """Queryset of topics."""

    def of_published_records(self) -> "TopicQuerySet":
        """Filter to topics of at least one published record.

        Annotate ``record_count``, the number of these records, at most COUNT_LIMIT + 1.
        The catalogue has entries of published records only.
        """
        tags = EntryTag.objects.filter(axis="topic", value=OuterRef("key"))
        return self.annotate(record_count=capped_count(tags)).filter(record_count__gt=0)


class NameChangeQuerySet(models.QuerySet):
    """Queryset of proposed name changes."""

    def open(self) -> "NameChangeQuerySet":
        """Filter to name changes that are neither accepted nor discarded."""
        return self.filter(state__in=OPEN_STATES)

    def of_row(self, row: models.Model) -> "NameChangeQuerySet":
        """Filter to name changes of this topic, place or party."""
        content_type = ContentType.objects.get_for_model(row)
        return self.filter(content_type=content_type, object_id=row.pk)
