"""Users who have the form of a record open, stored in the cache for 15 minutes.

The information is used for a warning only and is missing while the cache is
unavailable. Overwriting a colleague's changes is prevented by the form itself.
"""

import datetime as dt

from django.core.cache import cache
from django.db import models

_TIMEOUT = 15 * 60


def register_editor(
    record: models.Model, *, user, at: dt.datetime
) -> list[tuple[str, str]]:
    """Register that ``user`` opened the form of ``record`` and return the other active
    editors.

    Returns pairs of user name and opening time (ISO 8601).
    """
    key = _build_cache_key(record)
    editors = {
        name: since
        for name, since in (cache.get(key) or {}).items()
        if (at - dt.datetime.fromisoformat(since)).total_seconds() < _TIMEOUT
    }
    other_editors = [
        (name, since) for name, since in editors.items() if name != str(user)
    ]
    editors[str(user)] = at.isoformat()
    cache.set(key, editors, _TIMEOUT)
    return other_editors


def unregister_editor(record: models.Model, *, user) -> None:
    """Remove ``user`` from the active editors of ``record`` after the form was
    saved."""
    editors = cache.get(_build_cache_key(record)) or {}
    if editors.pop(str(user), None):
        cache.set(_build_cache_key(record), editors, _TIMEOUT)


def _build_cache_key(record: models.Model) -> str:
    return f"editing:{record._meta.label_lower}:{record.pk}"
