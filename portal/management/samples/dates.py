"""When samples take place: days, months and years, and no date at all."""

import datetime as dt
from random import Random

from portal.publishing.choices import EventState, Precision

_FIRST, _DAYS = dt.date(2004, 1, 1), 23 * 365
# Later ones are planned. Fixed, so that a sample is the same whenever it is made.
_NEXT = dt.date(2026, 11, 1)
_PRECISIONS = {Precision.DAY: 72, Precision.MONTH: 10, Precision.YEAR: 10, "": 8}


def day(chance: Random) -> tuple[dt.date | None, str]:
    """A day and how exact it is; (None, "") where none is on record."""
    precision = chance.choices(list(_PRECISIONS), list(_PRECISIONS.values()))[0]
    found = _FIRST + dt.timedelta(days=chance.randrange(_DAYS))
    if precision == Precision.YEAR:
        found = found.replace(month=1, day=1)
    elif precision == Precision.MONTH:
        found = found.replace(day=1)
    return (found, str(precision)) if precision else (None, "")


def event(chance: Random) -> dict:
    """The dates and the state of a dated record."""
    starts_on, precision = day(chance)
    ends_on = None
    if precision == Precision.DAY and chance.random() < 0.7:
        ends_on = starts_on + dt.timedelta(days=chance.randint(0, 4))
    return {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "date_precision": precision,
        "state": _state(chance, starts_on),
    }


def _state(chance: Random, starts_on: dt.date | None) -> str:
    draw = chance.random()
    if draw < 0.05:
        return str(chance.choice([EventState.CANCELLED, EventState.POSTPONED]))
    if starts_on is None:
        return ""
    return str(EventState.HELD if starts_on < _NEXT else EventState.PLANNED)
