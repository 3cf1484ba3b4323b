"""Validation of years in dates, and detection of dates in other calendars."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.content.catalogue.period import MAX_YEAR as LAST
from portal.content.catalogue.period import MIN_YEAR as FIRST

# First year for the founding of an organ, which may be before any event.
FIRST_OF_FOUNDING = 1000
# Last year for times of publication and expiry, such as that of an API key without
# expiry. Dates near the end of Python's calendar (9999) cannot be converted to other
# time zones.
LAST_SCHEDULED = 2999
# The Buddhist era, as used in Thailand, Laos and Cambodia, is ahead of the common era
# by this number of years.
_BUDDHIST = 543

_YEAR = re.compile("(?<![0-9])(2[0-9]{3})(?:[0-9]{4})?(?![0-9])")
_ERAS = re.compile(
    r"พ\s*\.?\s*ศ|ພ\s*\.?\s*ສ|ព\s*\.?\s*ស|佛[历曆]|民[国國]|明治|大正|昭和|平成|令和|[农農][历曆]"
    r"|[回伊][历曆]|هـ|\bB\.? ?E\b|\bA\.? ?H\b",
    re.IGNORECASE,
)


def check_day(day: dt.date, *, first: int = FIRST, last: int = LAST) -> None:
    """Raise ValidationError if the year of ``day`` is a Buddhist year or out of range.

    ``first`` and ``last`` are the first and last year allowed.
    """
    _check_buddhist(day.year)
    if not first <= day.year <= last:
        message = _("Enter a date between the years %(first)s and %(last)s.")
        raise ValidationError(message % {"first": first, "last": last})


def check_founding_day(day: dt.date) -> None:
    """Raise ValidationError if ``day`` cannot be the day on which an organ was
    founded."""
    check_day(day, first=FIRST_OF_FOUNDING)


def check_scheduled_day(day: dt.date) -> None:
    """Raise ValidationError if ``day`` is not plausible for a publication or expiry
    time."""
    check_day(day, last=LAST_SCHEDULED)


def check_era(text: str) -> None:
    """Raise ValidationError if ``text`` contains a date in another calendar.

    ``text`` must have ASCII digits; it may be a date in any format or no date at all.
    """
    for year in _YEAR.findall(text):
        _check_buddhist(int(year))
    if _ERAS.search(text):
        raise ValidationError(
            _("Enter the date in the Gregorian calendar, for example 2024-09-01.")
        )


def _check_buddhist(year: int) -> None:
    common = year - _BUDDHIST
    if FIRST <= common <= LAST:
        raise ValidationError(
            _("The year %(year)s is in the Buddhist calendar. Enter %(common)s.")
            % {"year": year, "common": common}
        )
