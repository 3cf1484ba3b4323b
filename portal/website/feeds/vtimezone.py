"""Write time zones as iCalendar VTIMEZONE, from the IANA time zone database."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.website.feeds.icalendar import content_line, format_local

_SECOND = dt.timedelta(seconds=1)
# No zone changes its offset twice within a week.
_STEP = dt.timedelta(days=7)


@lru_cache(maxsize=256)
def vtimezone_lines(key: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """Return the VTIMEZONE lines of a zone for the years of the events.

    ``key`` is an IANA name. Only these years are included: earlier rules are not
    needed, and later ones are unknown.
    """
    zone = ZoneInfo(key)
    rules = [part for at in _observances(zone, first_year, last_year) for part in at]
    return ("BEGIN:VTIMEZONE", content_line("TZID", key), *rules, "END:VTIMEZONE")


def _observances(
    zone: ZoneInfo, first_year: int, last_year: int
) -> Iterator[list[str]]:
    """Yield the lines of each observance (STANDARD or DAYLIGHT) of a time zone.

    The first is that at the start of ``first_year``; then one per transition.
    """
    # Start a day earlier: midnight in Nanning is before midnight in UTC.
    moment = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC) - dt.timedelta(days=1)
    end = dt.datetime(last_year + 1, 1, 2, tzinfo=dt.UTC)
    yield _observance(zone, moment, moment)
    while moment < end:
        following = moment + _STEP
        if _offset_and_name(zone, moment) != _offset_and_name(zone, following):
            change = _find_transition(zone, moment, following)
            yield _observance(zone, change - _SECOND, change)
        moment = following


def _observance(zone: ZoneInfo, before: dt.datetime, at: dt.datetime) -> list[str]:
    """Return the STANDARD or DAYLIGHT lines that apply from ``at`` on.

    DTSTART is in local time with the offset before the transition (RFC 5545 §3.6.5).
    """
    earlier, local_time = before.astimezone(zone), at.astimezone(zone)
    begins = at.replace(tzinfo=None) + earlier.utcoffset()
    name = "DAYLIGHT" if local_time.dst() else "STANDARD"
    return [
        f"BEGIN:{name}",
        content_line("DTSTART", format_local(begins)),
        content_line("TZOFFSETFROM", _format_offset(earlier.utcoffset())),
        content_line("TZOFFSETTO", _format_offset(local_time.utcoffset())),
        content_line("TZNAME", local_time.tzname()),
        f"END:{name}",
    ]


def _offset_and_name(zone: ZoneInfo, at: dt.datetime) -> tuple:
    """Return UTC offset and abbreviation of a time zone at a time."""
    local_time = at.astimezone(zone)
    return local_time.utcoffset(), local_time.tzname()


def _find_transition(
    zone: ZoneInfo, before: dt.datetime, after: dt.datetime
) -> dt.datetime:
    """Find the first second after the time zone's transition between two times."""
    first_offset = _offset_and_name(zone, before)
    seconds = int((after - before).total_seconds())
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        is_before = _offset_and_name(zone, before + middle * _SECOND) == first_offset
        low, high = (middle, high) if is_before else (low, middle)
    return before + high * _SECOND


def _format_offset(offset: dt.timedelta) -> str:
    """Format a UTC offset: ``+0800``, ``-0330``."""
    minutes = int(offset.total_seconds()) // 60
    hours, remaining_minutes = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{remaining_minutes:02}"
