"""Permanent names of what calendars and feeds tell of (RFC 4122, version 5).

They depend on what names a record in the house and never on the host, so that a move
to another domain makes nobody's calendar show everything twice.
"""

import uuid

# Chosen once at random. To change it would make every subscriber see all anew.
_OURS = uuid.UUID("6b9f3a1e-52a4-4e0c-9a39-0c1d5be0a6f7")


def event_uid(kind: str, code: str, part: str = "") -> str:
    """The UID of an event, the same in the calendars of all languages: it is one event.

    ``part`` names a part of the record, e.g. a session of a seminar.
    """
    return str(uuid.uuid5(_OURS, "/".join(filter(None, ("event", kind, code, part)))))


def entry_id(kind: str, code: str, language: str) -> str:
    """The id of an entry in the feeds of one language.

    Another language has another one: a reader who follows two feeds would else be
    shown a record in one of them only (RFC 4287 §4.2.6: same id, same entry).
    """
    return uuid.uuid5(_OURS, f"entry/{language}/{kind}/{code}").urn


def feed_id(language: str, query: str) -> str:
    """The id of a feed by its language and its filters (``country=VN&year=2024``)."""
    return uuid.uuid5(_OURS, f"feed/{language}?{query}").urn
