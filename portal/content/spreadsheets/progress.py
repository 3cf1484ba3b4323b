"""Progress of a running import, stored in the cache.

Progress in the database would be invisible to other connections until the import's
transaction ends, and SQLite allows only one writer. Without a cache the page reports
only that the import is running.
"""

from dataclasses import dataclass

from django.core.cache import cache

_SECONDS = 60 * 60


@dataclass
class ImportProgress:
    """Number of rows done, of ``total``, for the import ``batch_id``."""

    batch_id: int
    total: int = 0
    done: int = 0

    def start(self, total: int) -> None:
        self.total, self.done = max(total, 1), 0
        self._save()

    def advance(self, rows: int) -> None:
        self.done = min(self.done + rows, self.total)
        self._save()

    def _save(self) -> None:
        cache.set(_key(self.batch_id), (self.done, self.total), _SECONDS)


def get_progress(batch_id: int) -> tuple[int, int] | None:
    """Return (rows done, total rows), None if the progress is unknown."""
    return cache.get(_key(batch_id))


def _key(batch_id: int) -> str:
    return f"import-progress:{batch_id}"
