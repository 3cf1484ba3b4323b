"""Time zones as calendars carry them: VTIMEZONE, from the zone database."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.feeds.icalendar import line, local

_SECOND = dt.timedelta(seconds=1)
# No zone changes twice in a week.
_STEP = dt.timedelta(days=7)


@lru_cache(maxsize=256)
def zone_lines(key: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """The VTIMEZONE of ``key`` with what holds from one year to another.

    The years that events fall in and no others: rules of the past change nothing, those
    of the future are nobody's to know.
    """
    zone = ZoneInfo(key)
    rules = [part for at in _changes(zone, first_year, last_year) for part in at]
    return ("BEGIN:VTIMEZONE", line("TZID", key), *rules, "END:VTIMEZONE")


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[list[str]]:
    """What holds before the first year begins, then each change."""
    # A day before: midnight in Nanning comes before midnight in UTC.
    moment = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC) - dt.timedelta(days=1)
    end = dt.datetime(last_year + 1, 1, 2, tzinfo=dt.UTC)
    yield _observance(zone, moment, moment)
    while moment < end:
        following = moment + _STEP
        if _state(zone, moment) != _state(zone, following):
            change = _found(zone, moment, following)
            yield _observance(zone, change - _SECOND, change)
        moment = following


def _observance(zone: ZoneInfo, before: dt.datetime, at: dt.datetime) -> list[str]:
    """From ``at`` on; its beginning is told by the clock that was right until then."""
    earlier, there = before.astimezone(zone), at.astimezone(zone)
    begins = at.replace(tzinfo=None) + earlier.utcoffset()
    name = "DAYLIGHT" if there.dst() else "STANDARD"
    return [
        f"BEGIN:{name}",
        line("DTSTART", local(begins)),
        line("TZOFFSETFROM", _offset(earlier.utcoffset())),
        line("TZOFFSETTO", _offset(there.utcoffset())),
        line("TZNAME", there.tzname()),
        f"END:{name}",
    ]


def _state(zone: ZoneInfo, at: dt.datetime) -> tuple:
    there = at.astimezone(zone)
    return there.utcoffset(), there.tzname()


def _found(zone: ZoneInfo, before: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The first second of another time, between two moments on either side of it."""
    known = _state(zone, before)
    seconds = int((after - before).total_seconds())
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        is_before = _state(zone, before + middle * _SECOND) == known
        low, high = (middle, high) if is_before else (low, middle)
    return before + high * _SECOND


def _offset(offset: dt.timedelta) -> str:
    """``+0800``, ``-0330``."""
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"
