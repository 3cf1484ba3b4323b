"""Years of days that are written down, and years of other eras."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.catalogue.period import FIRST_YEAR as FIRST
from portal.catalogue.period import LAST_YEAR as LAST

# An organ may be older than any event.
FIRST_OF_FOUNDING = 1000
# For times to publish and to expire, such as that of a key without an end. Days near
# the last one of the calendar cannot be converted to other time zones.
LAST_SCHEDULED = 2999
# The Buddhist era, as Thailand, Laos and Cambodia count, is so many years ahead.
_BUDDHIST = 543

_YEAR = re.compile("(?<![0-9])(2[0-9]{3})(?:[0-9]{4})?(?![0-9])")
_ERAS = re.compile(
    r"พ\s*\.?\s*ศ|ພ\s*\.?\s*ສ|ព\s*\.?\s*ស|佛[历曆]|民[国國]|明治|大正|昭和|平成|令和|[农農][历曆]"
    r"|[回伊][历曆]|هـ|\bB\.? ?E\b|\bA\.? ?H\b",
    re.IGNORECASE,
)


def check_day(day: dt.date, *, first: int = FIRST, last: int = LAST) -> None:
    """Raise ValidationError for a day in a year of another era, or of no event.

    ``first`` and ``last`` are the years that the day can be in.
    """
    _check_buddhist(day.year)
    if not first <= day.year <= last:
        message = _("Write a day of the years %(first)s to %(last)s.")
        raise ValidationError(message % {"first": first, "last": last})


def check_founding_day(day: dt.date) -> None:
    """Raise ValidationError for a day on which no organ was founded."""
    check_day(day, first=FIRST_OF_FOUNDING)


def check_scheduled_day(day: dt.date) -> None:
    """Raise ValidationError for a day that no time to publish or to expire can have."""
    check_day(day, last=LAST_SCHEDULED)


def check_era(text: str) -> None:
    """Raise ValidationError for a day that is written in another era.

    ``text`` has ASCII digits; it may be a day in any form, or none.
    """
    for year in _YEAR.findall(text):
        _check_buddhist(int(year))
    if _ERAS.search(text):
        raise ValidationError(
            _("Write the day in the common calendar, for example 2024-09-01.")
        )


def _check_buddhist(year: int) -> None:
    common = year - _BUDDHIST
    if FIRST <= common <= LAST:
        raise ValidationError(
            _(
                "The year %(year)s is of the Buddhist era. "
                "Write the year %(common)s of the common calendar."
            )
            % {"year": year, "common": common}
        )
