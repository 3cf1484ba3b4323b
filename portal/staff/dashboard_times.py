"""Days and times on the start page, in the language of the user."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.core.translations.dates import format_day
from portal.core.translations.localized_text import get_active_language


def format_day_of(time: dt.datetime | None) -> str:
    """Return the day of ``time`` in the office's time zone, a dash for None."""
    if time is None:
        return "–"
    return format_day(timezone.localtime(time).date(), get_active_language())


def format_office_time(time: dt.datetime) -> str:
    """Return day and time in the office's time zone, and which zone that is."""
    clock = date_format(timezone.localtime(time), "H:i")
    return _("%(day)s, %(time)s (Beijing time)") % {
        "day": format_day_of(time),
        "time": clock,
    }
