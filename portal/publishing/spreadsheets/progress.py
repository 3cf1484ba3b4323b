"""How far the work on an import has come, told while it is still in its transaction.

It stands in the cache: what a transaction writes nobody else sees before its end, and
SQLite lets no one else write meanwhile. Without a cache the page only says that it
goes on.
"""

from dataclasses import dataclass

from django.core.cache import cache

_SECONDS = 60 * 60


@dataclass
class Progress:
    """Counts the rows done of ``total`` for the import ``batch_id``."""

    batch_id: int
    total: int = 0
    done: int = 0

    def begin(self, total: int) -> None:
        self.total, self.done = max(total, 1), 0
        self._tell()

    def advance(self, rows: int) -> None:
        self.done = min(self.done + rows, self.total)
        self._tell()

    def _tell(self) -> None:
        cache.set(_key(self.batch_id), (self.done, self.total), _SECONDS)


def progress_of(batch_id: int) -> tuple[int, int] | None:
    """(rows done, rows in all); None when nothing is known of it."""
    return cache.get(_key(batch_id))


def _key(batch_id: int) -> str:
    return f"import-progress:{batch_id}"
