"""Links to the calendar and feeds of a list, with the filters of the list."""

from dataclasses import dataclass

from portal.core.languages import Language


@dataclass(frozen=True)
class FeedLink:
    """Link to a calendar or feed.

    ``format`` is ``ics``, ``atom`` or ``json``; ``url`` is relative to the host.
    """

    format: str
    media_type: str
    url: str


_CALENDAR = ("ics", "text/calendar", "calendar.ics")
_FEEDS = (
    ("atom", "application/atom+xml", "feed.atom"),
    ("json", "application/feed+json", "feed.json"),
)


def feed_links(
    language: Language, query: str = "", *, has_events: bool = True
) -> list[FeedLink]:
    """Return the links to the feeds with the filters ``query``, calendar first.

    ``query`` is an encoded query string without "?". Without ``has_events`` there is no
    link to a calendar.
    """
    formats = (_CALENDAR, *_FEEDS) if has_events else _FEEDS
    suffix = f"?{query}" if query else ""
    return [
        FeedLink(format_name, media_type, f"/{language.code}/{name}{suffix}")
        for format_name, media_type, name in formats
    ]
