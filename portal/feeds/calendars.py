"""A calendar of events as iCalendar: what is known to the day, and nothing else.

What has no date on record, or a month or a year only, is not in it: a calendar cannot
say "some day in September" and must not say "1 September".
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.feeds.icalendar import day, folded, line, local, moment, text
from portal.feeds.identity import event_uid
from portal.feeds.wording import with_words
from portal.feeds.zones import zone_lines
from portal.publishing.choices import EventState
from portal.translations.shown import Shown

# How often a subscriber's program may well ask again.
_REFRESH = "PT6H"
# What no source says to have taken place or not has no STATUS. What is postponed does
# not take place on the day on record: its title says so, and a new day, once set, is a
# change of the same event.
_STATUS = {
    EventState.PLANNED: "TENTATIVE",
    EventState.HELD: "CONFIRMED",
    EventState.CANCELLED: "CANCELLED",
    EventState.POSTPONED: "CANCELLED",
}


@dataclass(frozen=True)
class TimedPart:
    """A part of an event with its time, e.g. a session; ``ends_at`` may be None."""

    key: str
    title: Shown
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    zone: str
    places: list[Shown]


@dataclass(frozen=True)
class Event:
    """One event of a calendar, from its first day to its last.

    ``sequence`` and ``changed_at`` move with what is shown here.
    """

    kind: str
    code: str
    title: Shown
    summary: Shown | None
    url: str
    first: dt.date
    last: dt.date
    state: str
    places: list[Shown]
    categories: list[Shown]
    sequence: int
    changed_at: dt.datetime
    parts: list[TimedPart] = field(default_factory=list)


def calendar(
    events: Iterable[Event],
    name: str,
    url: str,
    absolute: Callable[[str], str],
) -> bytes:
    """The calendar ``name`` of ``events``, in the active language.

    ``url`` is the calendar's page; ``absolute`` makes an address whole. The same events
    are the same bytes: nothing in it tells when it was written.
    """
    events = list(events)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//China-ASEAN Prosecutors-General Conference//Portal//EN",
        "CALSCALE:GREGORIAN",
        line("NAME", text(name)),
        line("X-WR-CALNAME", text(name)),
        line("URL", absolute(url)),
        line("REFRESH-INTERVAL", _REFRESH, VALUE="DURATION"),
        line("X-PUBLISHED-TTL", _REFRESH),
    ]
    # A calendar has at least one component, also when nothing is in it (§3.6).
    zones = (
        _zones(events)
        if events
        else {timezone.get_default_timezone_name(): (2004, 2004)}
    )
    for zone, (first, last) in sorted(zones.items()):
        lines += zone_lines(zone, first, last)
    for event in events:
        lines += _event(event, absolute)
        for part in event.parts:
            lines += _part(event, part, absolute)
    lines.append("END:VCALENDAR")
    return folded(lines)


def _zones(events: list[Event]) -> dict[str, tuple[int, int]]:
    """Each zone that a time is told in, with the first and the last year in it."""
    years: dict[str, list[int]] = {}
    for part in (part for event in events for part in event.parts):
        for at in filter(None, (part.starts_at, part.ends_at)):
            years.setdefault(part.zone, []).append(at.year)
    return {zone: (min(found), max(found)) for zone, found in years.items()}


def _event(event: Event, absolute) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield line("UID", event_uid(event.kind, event.code))
    yield from _change(event)
    yield line("DTSTART", day(event.first), VALUE="DATE")
    # The day after the last one: RFC 5545 §3.6.1. There is none after the last of all.
    if event.last < dt.date.max:
        yield line("DTEND", day(event.last + dt.timedelta(days=1)), VALUE="DATE")
    yield _summary(event.title, event.state)
    if event.summary:
        yield _told("DESCRIPTION", event.summary)
    yield from _where(event.places)
    yield from _categories(event.categories)
    yield from _shared(event, absolute)
    yield "END:VEVENT"


def _part(event: Event, part: TimedPart, absolute) -> Iterator[str]:
    zone = ZoneInfo(part.zone)
    yield "BEGIN:VEVENT"
    yield line("UID", event_uid(event.kind, event.code, part.key))
    yield line("RELATED-TO", event_uid(event.kind, event.code), RELTYPE="PARENT")
    yield from _change(event)
    yield line("DTSTART", local(part.starts_at.astimezone(zone)), TZID=part.zone)
    if part.ends_at and part.ends_at > part.starts_at:
        yield line("DTEND", local(part.ends_at.astimezone(zone)), TZID=part.zone)
    yield _summary(part.title, event.state)
    yield _told("DESCRIPTION", event.title)
    yield from _where(part.places)
    yield from _shared(event, absolute)
    yield "END:VEVENT"


def _change(event: Event) -> Iterator[str]:
    """Without METHOD, DTSTAMP is when the event was last revised: RFC 5545 §3.8.7.2."""
    yield line("DTSTAMP", moment(event.changed_at))
    yield line("LAST-MODIFIED", moment(event.changed_at))
    yield line("SEQUENCE", str(event.sequence))


def _shared(event: Event, absolute) -> Iterator[str]:
    if event.state in _STATUS:
        yield line("STATUS", _STATUS[event.state])
    yield line("URL", absolute(event.url))
    # Nobody who follows the calendar is busy because of it.
    yield "TRANSP:TRANSPARENT"


def _summary(title: Shown, state: str) -> str:
    if state == EventState.POSTPONED:
        title = with_words(title, lambda name: _("Postponed: %(title)s") % name)
    return _told("SUMMARY", title)


def _told(name: str, shown: Shown) -> str:
    return line(name, text(shown.text), LANGUAGE=shown.tag)


def _categories(categories: list[Shown]) -> Iterator[str]:
    """All categories as the values of one property: RFC 5545 §3.8.1.2.

    The property may be repeated, but widely used libraries reject a second one. A comma
    within a value is escaped, and one between values is not.
    """
    if categories:
        values = ",".join(text(category.text) for category in categories)
        yield line("CATEGORIES", values, LANGUAGE=_common_tag(categories))


def _where(places: list[Shown]) -> Iterator[str]:
    if places:
        words = ", ".join(place.text for place in places)
        yield line("LOCATION", text(words), LANGUAGE=_common_tag(places))


def _common_tag(texts: list[Shown]) -> str:
    """The language tag of all ``texts``; "" where they are in different languages."""
    tags = {one.tag for one in texts}
    return tags.pop() if len(tags) == 1 else ""
