"""Render events as an iCalendar file (RFC 5545).

It contains only events whose date is known to the day. A calendar cannot express "some
day in September", and "1 September" would be wrong.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.content.publishing.choices import EventState
from portal.core.translations.localized_text import LocalizedText
from portal.website.feeds.icalendar import (
    content_line,
    escape_text,
    fold_lines,
    format_date,
    format_local,
    format_utc,
)
from portal.website.feeds.identifiers import event_uid
from portal.website.feeds.title_wrapping import wrap_title
from portal.website.feeds.vtimezone import vtimezone_lines

# Interval at which calendar programs are advised to refresh (ISO 8601: six hours).
_REFRESH_INTERVAL = "PT6H"
# An event without a state has no STATUS. A postponed event does not take place on the
# recorded date: its title says so; a new date later updates the same event.
_ICALENDAR_STATUS = {
    EventState.PLANNED: "TENTATIVE",
    EventState.HELD: "CONFIRMED",
    EventState.CANCELLED: "CANCELLED",
    EventState.POSTPONED: "CANCELLED",
}


@dataclass(frozen=True)
class ProgrammeItem:
    """Part of an event with a time, e.g. a session of a seminar.

    ``ends_at`` is None if it is not on record; ``time_zone`` is an IANA name; ``key``
    identifies the part within the event and never changes.
    """

    key: str
    title: LocalizedText
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    time_zone: str
    places: list[LocalizedText]


@dataclass(frozen=True)
class CalendarEvent:
    """One all-day event of a calendar, from ``first`` to ``last`` (both included).

    ``sequence`` and ``changed_at`` change whenever the other attributes change.
    """

    kind: str
    code: str
    title: LocalizedText
    summary: LocalizedText | None
    url: str
    first: dt.date
    last: dt.date
    state: str
    places: list[LocalizedText]
    categories: list[LocalizedText]
    sequence: int
    changed_at: dt.datetime
    programme: list[ProgrammeItem] = field(default_factory=list)


def render_calendar(
    events: Iterable[CalendarEvent],
    name: str,
    url: str,
    build_absolute_url: Callable[[str], str],
) -> bytes:
    """Return the iCalendar file with ``events``, in the active language.

    ``name`` is the title of the calendar, ``url`` its page; ``build_absolute_url``
    turns a path into an absolute URL. The output is deterministic: it does not contain
    the time at which it was generated.
    """
    events = list(events)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//China-ASEAN Prosecutors-General Conference//Portal//EN",
        "CALSCALE:GREGORIAN",
        content_line("NAME", escape_text(name)),
        content_line("X-WR-CALNAME", escape_text(name)),
        content_line("URL", build_absolute_url(url)),
        content_line("REFRESH-INTERVAL", _REFRESH_INTERVAL, VALUE="DURATION"),
        content_line("X-PUBLISHED-TTL", _REFRESH_INTERVAL),
    ]
    # RFC 5545 §3.6 requires at least one component, also if there are no events.
    zones = (
        _time_zone_years(events)
        if events
        else {timezone.get_default_timezone_name(): (2004, 2004)}
    )
    for zone, (first, last) in sorted(zones.items()):
        lines += vtimezone_lines(zone, first, last)
    for event in events:
        lines += _event_lines(event, build_absolute_url)
        for part in event.programme:
            lines += _programme_item_lines(event, part, build_absolute_url)
    lines.append("END:VCALENDAR")
    return fold_lines(lines)


def _time_zone_years(events: list[CalendarEvent]) -> dict[str, tuple[int, int]]:
    """Return the years for which each time zone must be defined in the calendar.

    Maps the zone to the years of its first and last time in the programmes.
    """
    years: dict[str, list[int]] = {}
    for part in (part for event in events for part in event.programme):
        for at in filter(None, (part.starts_at, part.ends_at)):
            years.setdefault(part.time_zone, []).append(at.year)
    return {
        zone: (min(zone_years), max(zone_years)) for zone, zone_years in years.items()
    }


def _event_lines(event: CalendarEvent, build_absolute_url) -> Iterator[str]:
    """Yield the lines of an event's VEVENT component."""
    yield "BEGIN:VEVENT"
    yield content_line("UID", event_uid(event.kind, event.code))
    yield from _revision_lines(event)
    yield content_line("DTSTART", format_date(event.first), VALUE="DATE")
    # DTEND is exclusive: RFC 5545 §3.6.1. The latest date that Python knows has no day
    # after it.
    if event.last < dt.date.max:
        yield content_line(
            "DTEND", format_date(event.last + dt.timedelta(days=1)), VALUE="DATE"
        )
    yield _summary_line(event.title, event.state)
    if event.summary:
        yield _text_line("DESCRIPTION", event.summary)
    yield from _location_line(event.places)
    yield from _categories(event.categories)
    yield from _common_lines(event, build_absolute_url)
    yield "END:VEVENT"


def _programme_item_lines(
    event: CalendarEvent, part: ProgrammeItem, build_absolute_url
) -> Iterator[str]:
    """Yield the lines of the VEVENT component of a timed part of an event."""
    zone = ZoneInfo(part.time_zone)
    yield "BEGIN:VEVENT"
    yield content_line("UID", event_uid(event.kind, event.code, part.key))
    yield content_line(
        "RELATED-TO", event_uid(event.kind, event.code), RELTYPE="PARENT"
    )
    yield from _revision_lines(event)
    yield content_line(
        "DTSTART", format_local(part.starts_at.astimezone(zone)), TZID=part.time_zone
    )
    if part.ends_at and part.ends_at > part.starts_at:
        yield content_line(
            "DTEND", format_local(part.ends_at.astimezone(zone)), TZID=part.time_zone
        )
    yield _summary_line(part.title, event.state)
    yield _text_line("DESCRIPTION", event.title)
    yield from _location_line(part.places)
    yield from _common_lines(event, build_absolute_url)
    yield "END:VEVENT"


def _revision_lines(event: CalendarEvent) -> Iterator[str]:
    """Yield the lines on the last revision of an event.

    Without METHOD, DTSTAMP is the time of the last revision: RFC 5545 §3.8.7.2.
    """
    yield content_line("DTSTAMP", format_utc(event.changed_at))
    yield content_line("LAST-MODIFIED", format_utc(event.changed_at))
    yield content_line("SEQUENCE", str(event.sequence))


def _common_lines(event: CalendarEvent, build_absolute_url) -> Iterator[str]:
    """Yield the lines that the VEVENTs of an event and of its parts have in common."""
    if event.state in _ICALENDAR_STATUS:
        yield content_line("STATUS", _ICALENDAR_STATUS[event.state])
    yield content_line("URL", build_absolute_url(event.url))
    # Events do not block the subscriber's time.
    yield "TRANSP:TRANSPARENT"


def _summary_line(title: LocalizedText, state: str) -> str:
    """Return the SUMMARY line with the title; a postponed event is marked as such."""
    if state == EventState.POSTPONED:
        title = wrap_title(title, lambda name: _("Postponed: %(title)s") % name)
    return _text_line("SUMMARY", title)


def _text_line(name: str, text: LocalizedText) -> str:
    """Return the line of a property with a localised text and its LANGUAGE."""
    return content_line(name, escape_text(text.text), LANGUAGE=text.tag)


def _categories(categories: list[LocalizedText]) -> Iterator[str]:
    """Yield one CATEGORIES property with all categories: RFC 5545 §3.8.1.2.

    The property may be repeated, but widely used libraries reject a second one. A comma
    within a value is escaped, and one between values is not.
    """
    if categories:
        values = ",".join(escape_text(category.text) for category in categories)
        yield content_line("CATEGORIES", values, LANGUAGE=_common_tag(categories))


def _location_line(places: list[LocalizedText]) -> Iterator[str]:
    """Yield the LOCATION line with all places, if there are any."""
    if places:
        location = ", ".join(place.text for place in places)
        yield content_line(
            "LOCATION", escape_text(location), LANGUAGE=_common_tag(places)
        )


def _common_tag(texts: list[LocalizedText]) -> str:
    """Return the language tag of all ``texts``, "" if their languages differ."""
    tags = {text.tag for text in texts}
    return tags.pop() if len(tags) == 1 else ""
