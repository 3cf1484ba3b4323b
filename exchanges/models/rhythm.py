"""When the next meeting under a mechanism would be due: reckoned, never announced."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from exchanges.choices import MechanismState
from exchanges.models.mechanisms import Mechanism
from exchanges.models.meetings import Meeting
from portal.catalogue.period import Period
from portal.publishing.choices import EventState

_PASSED_OVER = (EventState.PLANNED, EventState.POSTPONED, EventState.CANCELLED)


@dataclass(frozen=True)
class Due:
    """``expected``, as exactly as the ``last`` meeting is dated, whose months away are
    ``months``. ``is_past``: that time is over, and no meeting since is on record.
    """

    last: Meeting
    months: int
    expected: Period
    is_past: bool


def last_held(meetings: list[Meeting], today: dt.date) -> Meeting | None:
    """The latest of ``meetings`` that has a date and is not still to come."""
    dated = [
        meeting
        for meeting in meetings
        if meeting.period
        and meeting.period.first <= today
        and meeting.state not in _PASSED_OVER
    ]
    return max(dated, key=lambda meeting: meeting.period.last_day, default=None)


def next_planned(meetings: list[Meeting], today: dt.date) -> Meeting | None:
    """The first of ``meetings`` that is planned for a day to come."""
    planned = [
        meeting
        for meeting in meetings
        if meeting.state == EventState.PLANNED
        and meeting.period
        and meeting.period.last_day >= today
    ]
    return min(planned, key=lambda meeting: meeting.period.first, default=None)


def next_due(
    mechanism: Mechanism, meetings: list[Meeting], today: dt.date
) -> Due | None:
    """The last meeting and the rhythm added up.

    None when either is not on record, when the mechanism is no longer in use, and when
    the last meeting is dated less exactly than the rhythm.
    """
    last, months = last_held(meetings, today), mechanism.rhythm_months
    if last is None or not months or mechanism.state in _NOT_IN_USE:
        return None
    if last.period.precision == "year" and months % 12:
        return None
    expected = later(last.period, months)
    return Due(last, months, expected, is_past=expected.last_day < today)


_NOT_IN_USE = (MechanismState.SUSPENDED, MechanismState.ENDED)


def later(period: Period, months: int) -> Period:
    """``period``'s last day, so many months on, as exactly as it is known.

    A month that is too short ends on its last day: 31 August and six months are 28
    February.
    """
    day = (period.last if period.precision == "day" else None) or period.first
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    return Period(
        dt.date(year, month + 1, min(day.day, length)), None, period.precision
    )
