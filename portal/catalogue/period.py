"""When something took place, as exactly as the record knows it."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

# Years that an event can have.
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Sorts what has no date on record behind everything that has one.
UNDATED = dt.date(1, 1, 1)


@dataclass(frozen=True)
class Period:
    """``first`` day, ``last`` day (only with day precision) and the precision.

    ``precision`` is ``day``, ``month``, ``year`` or ``""`` for "date not on record";
    then ``first`` is None. For month and year ``first`` is the first day of the month
    or year and must not be shown as that day.
    """

    first: dt.date | None
    last: dt.date | None
    precision: str

    def __bool__(self):
        return self.first is not None

    @property
    def last_day(self) -> dt.date | None:
        """The last day that the period may cover: a count up to it is complete."""
        if self.first is None:
            return None
        if self.precision == "year":
            return dt.date(self.first.year, 12, 31)
        if self.precision == "month":
            days = monthrange(self.first.year, self.first.month)[1]
            return self.first.replace(day=days)
        return self.last or self.first

    @property
    def iso(self) -> str:
        """ISO 8601, as exact as known: ``2025-09-22/2025-09-24``, ``2017-09``."""
        if self.first is None:
            return ""
        if self.precision == "day":
            first = self.first.isoformat()
            is_longer = self.last is not None and self.last != self.first
            return f"{first}/{self.last.isoformat()}" if is_longer else first
        return iso_date(self.first, self.precision)


NO_DATE = Period(None, None, "")


def iso_date(day: dt.date, precision: str) -> str:
    """``day`` in ISO 8601, as exact as known: ``2008``, ``2008-09``, ``2008-09-03``."""
    return day.isoformat()[: {"month": 7, "year": 4}.get(precision, 10)]


def first_day(day: dt.date | None, precision: str) -> dt.date | None:
    """The day that is kept for ``day``: the first of its month or year, if that is all
    that is known."""
    if day is None or precision not in ("month", "year"):
        return day
    return day.replace(month=1, day=1) if precision == "year" else day.replace(day=1)
