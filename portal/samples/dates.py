"""Random dates of sample records, exact to the day, month or year, or unknown."""

import datetime as dt
from random import Random

from portal.content.publishing.choices import EventState, Precision

_FIRST_DAY, _DAY_RANGE = dt.date(2004, 1, 1), 23 * 365
# Events from this date on are planned. Samples must not depend on the current date.
_PLANNED_FROM = dt.date(2026, 11, 1)
_PRECISIONS = {Precision.DAY: 72, Precision.MONTH: 10, Precision.YEAR: 10, "": 8}


def random_date(rng: Random) -> tuple[dt.date | None, str]:
    """Return a random date and its precision, or (None, "") for an unknown date."""
    precision = rng.choices(list(_PRECISIONS), list(_PRECISIONS.values()))[0]
    date = _FIRST_DAY + dt.timedelta(days=rng.randrange(_DAY_RANGE))
    if precision == Precision.YEAR:
        date = date.replace(month=1, day=1)
    elif precision == Precision.MONTH:
        date = date.replace(day=1)
    return (date, str(precision)) if precision else (None, "")


def random_event_fields(rng: Random) -> dict:
    """Return random values for the date fields and the state of a dated record."""
    starts_on, precision = random_date(rng)
    ends_on = None
    if precision == Precision.DAY and rng.random() < 0.7:
        ends_on = starts_on + dt.timedelta(days=rng.randint(0, 4))
    return {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "date_precision": precision,
        "state": _random_state(rng, starts_on),
    }


def _random_state(rng: Random, starts_on: dt.date | None) -> str:
    probability = rng.random()
    if probability < 0.05:
        return str(rng.choice([EventState.CANCELLED, EventState.POSTPONED]))
    if starts_on is None:
        return ""
    return str(EventState.HELD if starts_on < _PLANNED_FROM else EventState.PLANNED)
