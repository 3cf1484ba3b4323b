"""Estimate of when the next meeting of a mechanism is due.

The estimate is computed from the last meeting and the mechanism's interval. It does not
announce a meeting.
"""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from exchanges.choices import MechanismState
from exchanges.models.mechanisms import Mechanism
from exchanges.models.meetings import Meeting
from portal.content.catalogue.period import Period
from portal.content.publishing.choices import EventState

_EXCLUDED_STATES = (EventState.PLANNED, EventState.POSTPONED, EventState.CANCELLED)


@dataclass(frozen=True)
class ExpectedMeeting:
    """Estimated period of the next meeting of a mechanism.

    ``expected_period`` is ``interval_months`` after ``previous_meeting`` and has the
    same date precision. ``is_overdue`` means that this period is over and no later
    meeting is recorded.
    """

    previous_meeting: Meeting
    interval_months: int
    expected_period: Period
    is_overdue: bool


def get_last_held_meeting(meetings: list[Meeting], today: dt.date) -> Meeting | None:
    """Return the latest of ``meetings`` that took place, or None.

    Meetings without a date, with a first day after ``today``, or in the state planned,
    postponed or cancelled are ignored.
    """
    dated = [
        meeting
        for meeting in meetings
        if meeting.period
        and meeting.period.first <= today
        and meeting.state not in _EXCLUDED_STATES
    ]
    return max(dated, key=lambda meeting: meeting.period.last_day, default=None)


def get_next_planned_meeting(meetings: list[Meeting], today: dt.date) -> Meeting | None:
    """Return the earliest planned meeting that ends on ``today`` or later, or None."""
    planned = [
        meeting
        for meeting in meetings
        if meeting.state == EventState.PLANNED
        and meeting.period
        and meeting.period.last_day >= today
    ]
    return min(planned, key=lambda meeting: meeting.period.first, default=None)


def get_expected_meeting(
    mechanism: Mechanism, meetings: list[Meeting], today: dt.date
) -> ExpectedMeeting | None:
    """Estimate when the next meeting of a mechanism is due.

    The estimate is the date of the last meeting plus the mechanism's interval.

    Returns None if there is no last meeting or no interval, if the mechanism is
    suspended or ended, and if only the year of the last meeting is known and the
    interval is not a number of whole years.
    """
    last, months = get_last_held_meeting(meetings, today), mechanism.rhythm_months
    if last is None or not months or mechanism.state in _INACTIVE_STATES:
        return None
    if last.period.precision == "year" and months % 12:
        return None
    expected = add_months(last.period, months)
    return ExpectedMeeting(last, months, expected, is_overdue=expected.last_day < today)


_INACTIVE_STATES = (MechanismState.SUSPENDED, MechanismState.ENDED)


def add_months(period: Period, months: int) -> Period:
    """Return the last day of ``period`` moved by ``months``, with the same precision.

    A day that the target month does not have becomes the last day of that month: 31
    August plus six months is 28 February.
    """
    day = (period.last if period.precision == "day" else None) or period.first
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    return Period(
        dt.date(year, month + 1, min(day.day, length)), None, period.precision
    )
