"""Data of a feed, independent of its format: items, tombstones and feed properties."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText
from portal.website.feeds.identifiers import entry_id, feed_id

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class FeedItem:
    """One record in a feed.

    ``period`` is the date of an event in ISO 8601, "" if it is not on record;
    ``categories`` are pairs of code and label.
    """

    kind: str
    code: str
    title: LocalizedText
    summary: LocalizedText | None
    url: str
    period: str
    published_at: dt.datetime
    changed_at: dt.datetime
    categories: list[tuple[str, LocalizedText]]


@dataclass(frozen=True)
class Tombstone:
    """A record that was public and has been withdrawn."""

    kind: str
    code: str
    withdrawn_at: dt.datetime


@dataclass(frozen=True)
class Feed:
    """A feed in one language.

    ``title`` is in the interface's language. ``query`` contains the filters as a query
    string in a fixed order. ``url`` is that of the feed, ``page_url`` that of its page.
    """

    title: LocalizedText
    author: LocalizedText
    language: Language
    query: str
    url: str
    page_url: str
    items: list[FeedItem] = field(default_factory=list)
    tombstones: list[Tombstone] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the permanent identifier of the feed."""
        return feed_id(self.language.code, self.query)

    @property
    def updated(self) -> dt.datetime:
        """Return the time of the latest change or withdrawal in the feed.

        It does not depend on the time of the request; 1970 for an empty feed.
        """
        moments = [item.changed_at for item in self.items]
        moments += [tombstone.withdrawn_at for tombstone in self.tombstones]
        return max(moments, default=_EPOCH)

    def entry_id(self, entry: FeedItem | Tombstone) -> str:
        """Return the permanent identifier of a FeedItem or Tombstone in this feed."""
        return entry_id(entry.kind, entry.code, self.language.code)


def latest_withdrawals(withdrawn: Iterable[Tombstone], limit: int) -> list[Tombstone]:
    """Return the latest withdrawal of each record, at most ``limit``.

    ``withdrawn`` must be sorted latest first, and so is the result.
    """
    latest_by_record: dict[tuple[str, str], Tombstone] = {}
    for tombstone in withdrawn:
        latest_by_record.setdefault((tombstone.kind, tombstone.code), tombstone)
    return list(latest_by_record.values())[:limit]
