"""A month as a table of weeks, with what took place on each day."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.catalogue.filters import BadFilter, ListFilters
from portal.catalogue.period import FIRST_YEAR, LAST_YEAR
from portal.directory.cards import Card
from portal.translations.interface import interface_text

# A cell stays readable; the list under the table has all.
_IN_A_CELL = 3


@dataclass(frozen=True)
class Month:
    """One month of the calendar; compared and stepped through like a number."""

    year: int
    number: int

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        days = calendar.monthrange(self.year, self.number)[1]
        return dt.date(self.year, self.number, days)

    @property
    def word(self) -> str:
        """As in the address: ``2025-09``."""
        return f"{self.year:04}-{self.number:02}"

    def after(self, steps: int) -> "Month | None":
        """The month so many steps later, None where the calendar does not lead."""
        year, number = divmod(self.year * 12 + self.number - 1 + steps, 12)
        is_known = FIRST_YEAR <= year <= LAST_YEAR
        return Month(year, number + 1) if is_known else None


def month_of(day: dt.date) -> Month:
    return Month(day.year, day.month)


def month_word(query: Mapping) -> str:
    """The last value of ``month`` in ``query`` (a QueryDict) that looks like one."""
    given = query.getlist("month")
    found = [value for value in given if re.fullmatch("[0-9]{4}-[0-9]{2}", value)]
    return found[-1] if found else ""


def asked_month(value: str) -> Month:
    """The month of an address (``2025-09``); raises BadFilter for anything else."""
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", value)
    if not match:
        raise BadFilter("month", value, _("Write the month as YYYY-MM, e.g. 2025-09."))
    month = Month(int(match[1]), int(match[2]))
    if month.after(0) is None:
        remedy = interface_text(
            _("The calendar goes from %(first)s to %(last)s."),
            {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
        )
        raise BadFilter("month", value, remedy)
    return month


def first_month(filters: ListFilters, today: dt.date) -> Month:
    """Where a reader begins who names no month: this one, or the nearest that the
    filters let through."""
    latest = min(filter(None, (filters.until, filters.as_of)), default=None)
    first, last = filters.since, latest
    if filters.year:
        first = max(filter(None, (first, dt.date(filters.year, 1, 1))))
        last = min(filter(None, (last, dt.date(filters.year, 12, 31))))
    day = min(today, last) if last else today
    day = max(day, first) if first else day
    return month_of(day)


@dataclass(frozen=True)
class Day:
    """A cell of the table. A day of another month is left empty."""

    date: dt.date
    is_of_month: bool
    is_today: bool
    events: list[Card] = field(default_factory=list)
    more: int = 0


def weeks_of(
    month: Month, events: Iterable[Card], today: dt.date, first_weekday: int
) -> list[list[Day]]:
    """The weeks of ``month``, each beginning with ``first_weekday`` (0 is Monday).

    ``events`` are known to the day; one of several days stands on each of them.
    """
    on = {}
    for event in events:
        for date in _days(event, month):
            on.setdefault(date, []).append(event)
    table = calendar.Calendar(first_weekday).monthdatescalendar(
        month.year, month.number
    )
    return [
        [_day(date, month, today, on.get(date, [])) for date in week] for week in table
    ]


def _days(event: Card, month: Month) -> Iterable[dt.date]:
    first = max(event.period.first, month.first)
    last = min(event.period.last_day, month.last)
    return [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]


def _day(date: dt.date, month: Month, today: dt.date, events: list[Card]) -> Day:
    return Day(
        date=date,
        is_of_month=month_of(date) == month,
        is_today=date == today,
        events=events[:_IN_A_CELL],
        more=max(0, len(events) - _IN_A_CELL),
    )
