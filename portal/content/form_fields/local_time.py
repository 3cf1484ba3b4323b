"""Form field, helpers and format for times in the time zone of a place."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.content.form_fields.day_fields import DayAndTimeField
from portal.content.publishing.year_validator import check_day
from portal.core.audit.snapshots import get_many_to_many_ids

# Time zone that readers know by a name of its own.
_OFFICE_ZONE = "Asia/Shanghai"


class LocalDateTimeField(DayAndTimeField):
    """Form field for a date and time without zone; the form adds the time zone.

    The default ``check`` is for times of events.
    """

    def __init__(self, *, check=check_day, **kwargs):
        super().__init__(check=check, **kwargs)

    def compress(self, data_list):
        value = super().compress(data_list)
        return timezone.make_naive(value) if value else value


def get_time_zone(zone: str) -> ZoneInfo:
    """Return the time zone with this IANA name; the office's time zone for ""."""
    return ZoneInfo(zone or timezone.get_default_timezone_name())


def get_record_time_zone(record: models.Model) -> ZoneInfo:
    """Return the time zone of the record's first place, or the office's if it has
    none."""
    fields = {field.name: field for field in record._meta.many_to_many}
    if record.pk and "places" in fields:
        first = get_many_to_many_ids(record, fields["places"])[:1]
        places = fields["places"].related_model.objects.filter(pk__in=first)
        return get_time_zone(places.values_list("time_zone", flat=True).first() or "")
    if any(field.name == "place" for field in record._meta.concrete_fields):
        return get_time_zone(record.place.time_zone if record.place else "")
    return get_time_zone("")


def get_zone_name(time_zone: ZoneInfo) -> str:
    """Return the name of a time zone for the note of a field."""
    if time_zone.key == _OFFICE_ZONE:
        return _("Beijing time")
    return time_zone.key


def format_local_time(at: dt.datetime, time_zone: ZoneInfo) -> str:
    """Format a time on the clock of ``time_zone``, which is named, in the active
    language.

    For example ``3 December 2026, 17:00 (Beijing time)``, in other zones
    ``(UTC+07:00)``.
    """
    local = at.astimezone(time_zone)
    if time_zone.key == _OFFICE_ZONE:
        zone = _("Beijing time")
    else:
        offset = f"{local:%z}"
        zone = f"UTC{offset[:3]}:{offset[3:]}"
    return _("%(time)s (%(zone)s)") % {
        "time": date_format(local, "DATETIME_FORMAT"),
        "zone": zone,
    }
