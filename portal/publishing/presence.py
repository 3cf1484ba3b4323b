"""Who has the form of a record open: a warning, kept in the cache for minutes only.

Where the cache is away nobody is warned; the form itself still refuses to write over a
colleague's work (``portal.publishing.forms``).
"""

import datetime as dt

from django.core.cache import cache
from django.db import models

_SECONDS = 15 * 60


def arrive(record: models.Model, *, user, at: dt.datetime) -> list[tuple[str, str]]:
    """Say that ``user`` opened the form; who else has it open, each with since when."""
    key = _key(record)
    present = {
        name: since
        for name, since in (cache.get(key) or {}).items()
        if (at - dt.datetime.fromisoformat(since)).total_seconds() < _SECONDS
    }
    others = [(name, since) for name, since in present.items() if name != str(user)]
    present[str(user)] = at.isoformat()
    cache.set(key, present, _SECONDS)
    return others


def leave(record: models.Model, *, user) -> None:
    """Say that ``user`` saved the form."""
    present = cache.get(_key(record)) or {}
    if present.pop(str(user), None):
        cache.set(_key(record), present, _SECONDS)


def _key(record: models.Model) -> str:
    return f"editing:{record._meta.label_lower}:{record.pk}"
