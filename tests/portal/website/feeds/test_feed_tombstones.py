"""Tombstones of withdrawn records in the Atom and JSON feeds."""

import datetime as dt

import feedparser
import pytest

from portal.website.feeds.identifiers import entry_id
from tests import reviewing
from tests.factories.conference import article
from tests.factories.directory import country
from tests.factories.publishing import AT, actor, published, withdrawn
from tests.factories.seminars import seminar
from tests.portal.website.feeds.feed_readers import (
    as_json,
    atom,
    codes,
    feed_response,
    sample_seminar,
    texts,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
ATOM = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "dcterms": "http://purl.org/dc/terms/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def tombstones(client, query="", language="en") -> list[tuple[str, str]]:
    """Return (id, time) of the tombstones in the feeds; both feeds must agree."""
    pairs = [
        (stone.get("ref"), stone.get("when"))
        for stone in atom(client, query, language).findall("at:deleted-entry", ATOM)
    ]
    entries = as_json(client, query, language)["_tombstones"]["entries"]
    assert entries == [{"id": ref, "withdrawn_at": when} for ref, when in pairs]
    return pairs


def test_tombstone_contains_only_id_and_time(client):
    published(article("stays"))
    withdrawn_record = published(sample_seminar(title_en="Withdrawn words"))
    known = as_json(client, "?kind=seminar")["items"][0]["id"]

    reviewing.withdraw(withdrawn_record, by=actor(), at=AT + HOUR)

    assert tombstones(client) == [(known, (AT + HOUR).isoformat())]
    for form in ("atom", "json"):
        content = feed_response(client, form).content.decode()
        assert "Withdrawn words" not in content
        assert "SEM-0001" not in content
    assert texts(atom(client), "a:updated") == [(AT + HOUR).isoformat()]


def test_republished_record_has_no_tombstone(client):
    record = withdrawn(article("back"))
    reviewing.return_to_draft(record, by=actor(), at=AT)

    published(record, at=AT + HOUR)

    assert tombstones(client) == []
    assert codes(client) == ["back"]


def test_record_withdrawn_twice_has_one_tombstone(client):
    record = withdrawn(article("twice"))
    reviewing.return_to_draft(record, by=actor(), at=AT)
    published(record, at=AT + HOUR)
    reviewing.withdraw(record, by=actor(), at=AT + 2 * HOUR)

    expected = [(entry_id("article", "twice", "en"), (AT + 2 * HOUR).isoformat())]
    assert tombstones(client) == expected


def test_tombstones_respect_kind_filter(client):
    withdrawn(article("gone"))
    withdrawn(seminar("SEM-0001"))
    withdrawn(country("VN"))

    assert len(tombstones(client)) == 2
    assert tombstones(client, "?kind=seminar") == [
        (entry_id("seminar", "SEM-0001", "en"), AT.isoformat())
    ]
    assert len(tombstones(client, "?country=LA")) == 2


def test_empty_feed_is_valid(client):
    parsed = feedparser.parse(feed_response(client, "atom").content)

    assert (parsed.bozo, parsed.entries) == (False, [])
    assert as_json(client)["items"] == []
    assert texts(atom(client), "a:updated") == ["1970-01-01T00:00:00+00:00"]


@pytest.mark.parametrize("form", ["atom", "json"])
@pytest.mark.parametrize("rows", [1, 3])
def test_feed_query_count_is_constant(form, rows, client, django_assert_num_queries):
    for _number in range(rows):
        published(article())
        withdrawn(article())

    with django_assert_num_queries(5):
        client.get(f"/en/feed.{form}")
