"""Dates of records with a precision of day, month or year."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

# Range of years in which an event can take place.
MIN_YEAR, MAX_YEAR = 1900, 2100
# Sort date of records without a date: after all dated records.
UNDATED = dt.date(1, 1, 1)


@dataclass(frozen=True)
class Period:
    """A date or range of days, with its precision.

    ``precision`` is ``day``, ``month``, ``year``, or ``""`` if no date is recorded;
    then ``first`` is None. ``last`` is set for day precision only. For month and year
    precision ``first`` is the first day of the month or year and must not be displayed
    as a day.
    """

    first: dt.date | None
    last: dt.date | None
    precision: str

    def __bool__(self):
        return self.first is not None

    @property
    def last_day(self) -> dt.date | None:
        """The last day that the period may cover, None without a date.

        Counts up to a date include a record from this day on.
        """
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
        """The period in ISO 8601 at its own precision, "" without a date.

        Examples: ``2025-09-22/2025-09-24``, ``2017-09``.
        """
        if self.first is None:
            return ""
        if self.precision == "day":
            first = self.first.isoformat()
            is_longer = self.last is not None and self.last != self.first
            return f"{first}/{self.last.isoformat()}" if is_longer else first
        return iso_date(self.first, self.precision)


NO_DATE = Period(None, None, "")


def iso_date(day: dt.date, precision: str) -> str:
    """Return ``day`` in ISO 8601 at day, month or year precision.

    Examples: ``2008-09-03``, ``2008-09``, ``2008``.
    """
    return day.isoformat()[: {"month": 7, "year": 4}.get(precision, 10)]


def truncate_to_precision(day: dt.date | None, precision: str) -> dt.date | None:
    """Return the stored date for ``day``: the first day of its month or year.

    With day precision, ``day`` is returned unchanged.
    """
    if day is None or precision not in ("month", "year"):
        return day
    return day.replace(month=1, day=1) if precision == "year" else day.replace(day=1)
