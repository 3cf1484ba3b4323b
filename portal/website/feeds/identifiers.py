"""Permanent identifiers of events, feed entries and feeds (UUID version 5, RFC 4122).

They depend on the keys of a record, never on the host. After a move to another domain,
subscribers do not receive every event again.
"""

import uuid

# Fixed UUID namespace. Changing it would make subscribers receive every event and item
# again.
_UUID_NAMESPACE = uuid.UUID("6b9f3a1e-52a4-4e0c-9a39-0c1d5be0a6f7")


def event_uid(kind: str, code: str, part: str = "") -> str:
    """Return the UID of an event, the same in the calendars of all languages.

    ``part`` is the key of a part of the event, e.g. a session of a seminar.
    """
    return str(
        uuid.uuid5(_UUID_NAMESPACE, "/".join(filter(None, ("event", kind, code, part))))
    )


def entry_id(kind: str, code: str, language: str) -> str:
    """Return the id of a record's entry in the feeds of one language.

    The id depends on the language: entries with the same id are the same entry (RFC
    4287 §4.2.6), so a reader of feeds in two languages would see only one of them.
    """
    return uuid.uuid5(_UUID_NAMESPACE, f"entry/{language}/{kind}/{code}").urn


def feed_id(language: str, query: str) -> str:
    """Return the id of a feed by its language and filters.

    ``query`` is the query string of the filters: ``country=VN&year=2024``.
    """
    return uuid.uuid5(_UUID_NAMESPACE, f"feed/{language}?{query}").urn
