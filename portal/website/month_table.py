"""The month table of the calendar: weeks, days and their events."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.content.catalogue.filters import FilterError, ListFilters
from portal.content.catalogue.period import MAX_YEAR, MIN_YEAR
from portal.core.translations.interface_language import interface_text
from portal.website.cards import Card

# Maximum number of events in a table cell; the list below the table has all.
_MAX_EVENTS_PER_DAY = 3


@dataclass(frozen=True)
class Month:
    """One month of the calendar."""

    year: int
    month: int

    @property
    def first(self) -> dt.date:
        """Return the first day of the month."""
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        """Return the last day of the month."""
        days = calendar.monthrange(self.year, self.month)[1]
        return dt.date(self.year, self.month, days)

    @property
    def iso(self) -> str:
        """Return the month as in the calendar's URLs: ``2025-09``."""
        return f"{self.year:04}-{self.month:02}"

    def plus(self, steps: int) -> "Month | None":
        """Return the month ``steps`` later (earlier if negative).

        None if it is outside the years of the calendar.
        """
        year, number = divmod(self.year * 12 + self.month - 1 + steps, 12)
        is_in_range = MIN_YEAR <= year <= MAX_YEAR
        return Month(year, number + 1) if is_in_range else None


def month_containing(day: dt.date) -> Month:
    """Return the month that contains ``day``."""
    return Month(day.year, day.month)


def get_month_parameter(query: Mapping) -> str:
    """Return the last value of ``month`` in a QueryDict that has the form ``2025-09``.

    "" if there is none.
    """
    values = query.getlist("month")
    month_values = [
        value for value in values if re.fullmatch("[0-9]{4}-[0-9]{2}", value)
    ]
    return month_values[-1] if month_values else ""


def parse_month(value: str) -> Month:
    """Parse a month from a URL (``2025-09``).

    Raise FilterError if it is no month or outside the years of the calendar.
    """
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", value)
    if not match:
        raise FilterError(
            "month", value, _("Enter the month as YYYY-MM, for example 2025-09.")
        )
    month = Month(int(match[1]), int(match[2]))
    if month.plus(0) is None:
        message = interface_text(
            _("The calendar covers %(first)s to %(last)s."),
            {"first": str(MIN_YEAR), "last": str(MAX_YEAR)},
        )
        raise FilterError("month", value, message)
    return month


def initial_month(filters: ListFilters, today: dt.date) -> Month:
    """Return the month shown if the URL has none.

    It is the current month, or the nearest month that the date filters include.
    """
    latest_day = min(filter(None, (filters.until, filters.as_of)), default=None)
    first, last = filters.since, latest_day
    if filters.year:
        first = max(filter(None, (first, dt.date(filters.year, 1, 1))))
        last = min(filter(None, (last, dt.date(filters.year, 12, 31))))
    day = min(today, last) if last else today
    day = max(day, first) if first else day
    return month_containing(day)


@dataclass(frozen=True)
class CalendarDay:
    """One cell of the month table.

    ``hidden_count`` is the number of events that are not in ``events``. A day of
    another month has an empty cell.
    """

    date: dt.date
    is_in_month: bool
    is_today: bool
    events: list[Card] = field(default_factory=list)
    hidden_count: int = 0


def build_weeks(
    month: Month, events: Iterable[Card], today: dt.date, first_weekday: int
) -> list[list[CalendarDay]]:
    """Return the weeks of ``month`` as lists of days.

    ``first_weekday`` is the first day of each week (0 is Monday). The dates of
    ``events`` must be known to the day; an event of several days is on each of them.
    """
    events_by_date = {}
    for event in events:
        for date in _event_days(event, month):
            events_by_date.setdefault(date, []).append(event)
    table = calendar.Calendar(first_weekday).monthdatescalendar(month.year, month.month)
    return [
        [_build_day(date, month, today, events_by_date.get(date, [])) for date in week]
        for week in table
    ]


def _event_days(event: Card, month: Month) -> Iterable[dt.date]:
    """Return the days of ``month`` on which an event takes place."""
    first = max(event.period.first, month.first)
    last = min(event.period.last_day, month.last)
    return [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]


def _build_day(
    date: dt.date, month: Month, today: dt.date, events: list[Card]
) -> CalendarDay:
    return CalendarDay(
        date=date,
        is_in_month=month_containing(date) == month,
        is_today=date == today,
        events=events[:_MAX_EVENTS_PER_DAY],
        hidden_count=max(0, len(events) - _MAX_EVENTS_PER_DAY),
    )
