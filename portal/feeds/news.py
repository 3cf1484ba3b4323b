"""What a feed tells: records that became public or changed, and those withdrawn."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.feeds.identity import entry_id, feed_id
from portal.languages import Language
from portal.translations.shown import Shown

_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Item:
    """One record in a feed. ``period`` is ISO 8601, "" when no date is on record.

    ``categories`` are pairs of a code and its label.
    """

    kind: str
    code: str
    title: Shown
    summary: Shown | None
    url: str
    period: str
    published_at: dt.datetime
    changed_at: dt.datetime
    categories: list[tuple[str, Shown]]


@dataclass(frozen=True)
class Tombstone:
    """A record that was public and is so no longer: nothing else is told of it."""

    kind: str
    code: str
    withdrawn_at: dt.datetime


@dataclass(frozen=True)
class Feed:
    """A feed in one language.

    ``title`` is in the interface's language; ``query`` are its filters as in the
    address, in a fixed order; ``url`` its own address, ``page_url`` that of the list.
    """

    title: Shown
    author: Shown
    language: Language
    query: str
    url: str
    page_url: str
    items: list[Item] = field(default_factory=list)
    tombstones: list[Tombstone] = field(default_factory=list)

    @property
    def id(self) -> str:
        return feed_id(self.language.code, self.query)

    @property
    def updated(self) -> dt.datetime:
        """When anything in it last changed; never the time of asking."""
        moments = [item.changed_at for item in self.items]
        moments += [stone.withdrawn_at for stone in self.tombstones]
        return max(moments, default=_NEVER)

    def id_of(self, told: Item | Tombstone) -> str:
        return entry_id(told.kind, told.code, self.language.code)


def latest(withdrawn: Iterable[Tombstone], limit: int) -> list[Tombstone]:
    """The latest withdrawal of each record, the latest first."""
    found: dict[tuple[str, str], Tombstone] = {}
    for stone in withdrawn:
        found.setdefault((stone.kind, stone.code), stone)
    return list(found.values())[:limit]
