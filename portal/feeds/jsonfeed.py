"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

Two extensions of ours, as the format allows members that begin with an underscore:
``_tombstones`` of the feed (``entries``: ``id`` and ``withdrawn_at`` of records that
are public no more) and ``_record`` of an item (``kind``, ``code``, ``date``: the ISO
8601 period of the event as exactly as it is known, and ``summary`` where it is in
another language than the title). See docs/feeds.md.
"""

from collections.abc import Callable

from portal.feeds.news import Feed, Item

CONTENT_TYPE = "application/feed+json; charset=utf-8"


def json_feed(feed: Feed, absolute: Callable[[str], str]) -> dict:
    """The document as a dict; ``absolute`` makes an address whole."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title.text,
        "home_page_url": absolute(feed.page_url),
        "feed_url": absolute(feed.url),
        "language": feed.language.tag,
        "authors": [{"name": feed.author.text}],
        "items": [_item(feed, item, absolute) for item in feed.items],
        "_tombstones": {
            "about": "RFC 6721 in JSON: records withdrawn from the public.",
            "entries": [
                {
                    "id": feed.id_of(stone),
                    "withdrawn_at": stone.withdrawn_at.isoformat(timespec="seconds"),
                }
                for stone in feed.tombstones
            ],
        },
    }


def _item(feed: Feed, item: Item, absolute) -> dict:
    # An item has one language, that of its title: a summary in another one is no text
    # of it, and is told with its own language.
    summary = item.summary
    is_same = summary is not None and summary.tag == item.title.tag
    own = {"kind": item.kind, "code": item.code, "date": item.period}
    if summary and not is_same:
        own["summary"] = {"text": summary.text, "language": summary.tag}
    return {
        "id": feed.id_of(item),
        "url": absolute(item.url),
        "title": item.title.text,
        "language": item.title.tag,
        "content_text": summary.text if is_same else item.title.text,
        "date_published": item.published_at.isoformat(timespec="seconds"),
        "date_modified": item.changed_at.isoformat(timespec="seconds"),
        "tags": [label.text for _code, label in item.categories],
        "_record": own,
    }
