"""Times that are typed and shown as on the clock of a place."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone

from portal.history.snapshots import linked
from portal.publishing.day_fields import DayAndTimeField
from portal.publishing.years import check_day


class WallClockField(DayAndTimeField):
    """A day and a time without a zone; the form knows on which clock they are read.

    If no other ``check`` is given, it is the time of an event.
    """

    def __init__(self, *, check=check_day, **kwargs):
        super().__init__(check=check, **kwargs)

    def compress(self, data_list):
        found = super().compress(data_list)
        return timezone.make_naive(found) if found else found


def clock(zone: str) -> ZoneInfo:
    """The clock of an IANA time zone; the office's own for ""."""
    return ZoneInfo(zone or timezone.get_default_timezone_name())


def clock_of(record: models.Model) -> ZoneInfo:
    """The clock of the record's first place; the office's own where it has none."""
    fields = {field.name: field for field in record._meta.many_to_many}
    if record.pk and "places" in fields:
        first = linked(record, fields["places"])[:1]
        places = fields["places"].related_model.objects.filter(pk__in=first)
        return clock(places.values_list("time_zone", flat=True).first() or "")
    if any(field.name == "place" for field in record._meta.concrete_fields):
        return clock(record.place.time_zone if record.place else "")
    return clock("")
