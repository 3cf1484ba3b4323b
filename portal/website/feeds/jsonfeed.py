"""Build a feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

The format allows extensions whose names begin with an underscore; two are used.
``_tombstones`` of the feed has ``entries`` with ``id`` and ``withdrawn_at`` of records
that are no longer public. ``_record`` of an item has ``kind``, ``code``, ``date`` (ISO
8601 period of the event, as exact as on record) and ``summary``, if its language is not
that of the title. See docs/feeds.md.
"""

from collections.abc import Callable

from portal.website.feeds.feed import Feed, FeedItem

CONTENT_TYPE = "application/feed+json; charset=utf-8"


def build_json_feed(feed: Feed, build_absolute_url: Callable[[str], str]) -> dict:
    """Return the JSON Feed document of ``feed`` as a dict.

    ``build_absolute_url`` turns a path into an absolute URL.
    """
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title.text,
        "home_page_url": build_absolute_url(feed.page_url),
        "feed_url": build_absolute_url(feed.url),
        "language": feed.language.tag,
        "authors": [{"name": feed.author.text}],
        "items": [_item_dict(feed, item, build_absolute_url) for item in feed.items],
        "_tombstones": {
            "about": "RFC 6721 in JSON: records withdrawn from the public.",
            "entries": [
                {
                    "id": feed.entry_id(tombstone),
                    "withdrawn_at": tombstone.withdrawn_at.isoformat(
                        timespec="seconds"
                    ),
                }
                for tombstone in feed.tombstones
            ],
        },
    }


def _item_dict(feed: Feed, item: FeedItem, build_absolute_url) -> dict:
    """Convert a FeedItem to an item of the JSON Feed format."""
    # An item has one language, that of its title. A summary in another language is in
    # the extension, with its own language.
    summary = item.summary
    is_same = summary is not None and summary.tag == item.title.tag
    extension = {"kind": item.kind, "code": item.code, "date": item.period}
    if summary and not is_same:
        extension["summary"] = {"text": summary.text, "language": summary.tag}
    return {
        "id": feed.entry_id(item),
        "url": build_absolute_url(item.url),
        "title": item.title.text,
        "language": item.title.tag,
        "content_text": summary.text if is_same else item.title.text,
        "date_published": item.published_at.isoformat(timespec="seconds"),
        "date_modified": item.changed_at.isoformat(timespec="seconds"),
        "tags": [label.text for _code, label in item.categories],
        "_record": extension,
    }
