"""Where the calendars and feeds of a list are found, with the list's own filters."""

from dataclasses import dataclass

from portal.languages import Language


@dataclass(frozen=True)
class FeedAddress:
    """One of them: its form (``ics``, ``atom``, ``json``), media type and address."""

    form: str
    media_type: str
    url: str


_CALENDAR = ("ics", "text/calendar", "calendar.ics")
_FEEDS = (
    ("atom", "application/atom+xml", "feed.atom"),
    ("json", "application/feed+json", "feed.json"),
)


def feed_addresses(
    language: Language, query: str = "", *, has_events: bool = True
) -> list[FeedAddress]:
    """The feeds of what ``query`` asks for, before them the calendar of its events."""
    forms = (_CALENDAR, *_FEEDS) if has_events else _FEEDS
    tail = f"?{query}" if query else ""
    return [
        FeedAddress(form, media_type, f"/{language.code}/{name}{tail}")
        for form, media_type, name in forms
    ]
