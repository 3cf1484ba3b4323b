"""Feeds ``/<lang>/feed.atom`` and ``feed.json``: the newest public records."""

import datetime as dt
import xml.etree.ElementTree as ET

import feedparser
import pytest

from portal.website.feeds.identifiers import entry_id
from tests.factories.conference import article, document, page
from tests.factories.directory import country, organ, topic
from tests.factories.figures import reported_figure
from tests.factories.publishing import (
    AT,
    published,
    published_together,
    republished,
    scheduled,
    withdrawn,
)
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


def test_atom_entry_matches_record(client):
    law = topic("law", name_en="Law", name_th="กฎหมาย")
    record = published(
        sample_seminar(title_en="A & B", summary_en="<About>", topics=[law])
    )
    republished(record, at=AT + HOUR)

    feed = atom(client)
    [entry] = feed.findall("a:entry", ATOM)

    assert texts(entry, "a:id") == [entry_id("seminar", "SEM-0001", "en")]
    assert texts(entry, "a:title") == ["A & B"]
    assert texts(entry, "a:summary") == ["<About>"]
    assert texts(entry, "a:published") == [AT.isoformat()]
    assert texts(entry, "a:updated") == [(AT + HOUR).isoformat()]
    assert texts(feed, "a:updated") == [(AT + HOUR).isoformat()]
    assert texts(entry, "dcterms:temporal") == ["2025-09-22/2025-09-24"]
    terms = [(c.get("term"), c.get("label")) for c in entry.findall("a:category", ATOM)]
    assert terms == [("seminar", "Seminar"), ("law", "Law")]


def test_feedparser_reports_no_errors(client):
    published(sample_seminar(title_en="A & B < C", summary_en="About"))
    withdrawn(article("gone"))

    parsed = feedparser.parse(
        feed_response(client, "atom", "?country=&kind=seminar").content
    )

    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.feed.title.endswith(" (Seminars)")
    assert parsed.feed.links[0].rel == "self"
    assert parsed.feed.links[0].href == "http://testserver/en/feed.atom?kind=seminar"
    assert [entry.title for entry in parsed.entries] == ["A & B < C"]


def test_every_text_has_language_tag(client):
    vietnam = topic("law", name_en="Law")
    published(sample_seminar(title_th="ตัวอย่าง", summary_en="About", topics=[vietnam]))

    feed = atom(client, language="th")
    [entry] = feed.findall("a:entry", ATOM)

    assert feed.get(LANG) == "th"
    tags = [entry.find(f"a:{name}", ATOM).get(LANG) for name in ("title", "summary")]
    assert tags == ["th", "en"]
    assert [c.get(LANG) for c in entry.findall("a:category", ATOM)][1] == "en"


def test_invalid_xml_characters_are_removed(client):
    published(sample_seminar(title_en="a\x0bb\x08c￾d\ttab 𠮷"))

    assert texts(atom(client), "a:entry/a:title") == ["abcd\ttab 𠮷"]
    assert not feedparser.parse(feed_response(client, "atom").content).bozo


# --------------------------------------------------------------------------- JSON Feed


def test_json_feed_item_matches_record(client):
    published(sample_seminar(title_en="Sample", summary_en="About"))

    assert as_json(client, "?kind=seminar") == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "China-ASEAN Prosecutors-General Conference (Seminars)",
        "home_page_url": "http://testserver/en/",
        "feed_url": "http://testserver/en/feed.json?kind=seminar",
        "language": "en",
        "authors": [{"name": "China-ASEAN Prosecutors-General Conference"}],
        "items": [
            {
                "id": entry_id("seminar", "SEM-0001", "en"),
                "url": "http://testserver/en/seminars/SEM-0001/",
                "title": "Sample",
                "language": "en",
                "content_text": "About",
                "date_published": AT.isoformat(),
                "date_modified": AT.isoformat(),
                "tags": ["Seminar"],
                "_record": {
                    "kind": "seminar",
                    "code": "SEM-0001",
                    "date": "2025-09-22/2025-09-24",
                },
            }
        ],
        "_tombstones": {
            "about": "RFC 6721 in JSON: records withdrawn from the public.",
            "entries": [],
        },
    }


def test_json_item_has_one_language(client):
    published(sample_seminar(title_th="ตัวอย่าง", summary_en="About"))

    [item] = as_json(client, language="th")["items"]

    assert (item["language"], item["content_text"]) == ("th", "ตัวอย่าง")
    assert item["_record"]["summary"] == {"text": "About", "language": "en"}


def test_date_follows_precision(client):
    published(
        sample_seminar(
            starts_on=dt.date(2017, 9, 1), ends_on=None, date_precision="month"
        )
    )
    published(seminar("SEM-0002"))

    dates = {
        item["_record"]["code"]: item["_record"]["date"]
        for item in as_json(client)["items"]
    }

    assert dates == {"SEM-0001": "2017-09", "SEM-0002": ""}
    assert texts(atom(client), "a:entry/dcterms:temporal") == ["2017-09"]


# ------------------------------------------------------------------------- both feeds


def test_newest_change_comes_first(client):
    published(article("first"), at=AT)
    changed = published(article("second"), at=AT)
    published(article("third"), at=AT + HOUR)
    republished(changed, at=AT + 2 * HOUR)

    assert codes(client) == ["second", "third", "first"]


def test_feed_is_limited_to_50_entries(client):
    older, newer = ("older-1", "older-2"), [f"newer-{number}" for number in range(50)]
    published_together(*(article(slug) for slug in newer), at=AT + HOUR)
    published_together(*(article(slug) for slug in older), at=AT)

    assert sorted(codes(client)) == sorted(newer)


def test_only_published_dated_records_are_listed(client):
    published_together(
        country("VN"),
        organ("vn-spp"),
        page("office"),
        reported_figure(),
        document("DOC-0001"),
    )
    article("draft")
    scheduled(article("waits"), AT + HOUR)

    assert codes(client) == ["DOC-0001"]
    assert codes(client, "?kind=organ") == ["vn-spp"]


def test_filters_match_list_pages(client):
    vietnam = published(country("VN"))
    published(document("DOC-0001", document_kind="treaty", party_countries=[vietnam]))
    published(document("DOC-0002", document_kind="mou"))
    published(article("news", countries=[vietnam]))

    assert set(codes(client, "?country=VN")) == {"DOC-0001", "news"}
    assert codes(client, "?kind=treaty") == ["DOC-0001"]
    assert set(codes(client, "?kind=document")) == {"DOC-0001", "DOC-0002"}


def test_ids_are_permanent_and_per_language(client):
    record = published(sample_seminar(title_en="Sample"))
    before = texts(atom(client), "a:entry/a:id")

    record.title_en = "Another"
    record.save()
    republished(record, at=AT + HOUR)
    from_other_host = client.get("/en/feed.atom", headers={"host": "localhost"}).content

    assert before[0].startswith("urn:uuid:")
    assert texts(atom(client), "a:entry/a:id") == before
    assert texts(ET.fromstring(from_other_host), "a:entry/a:id") == before  # noqa: S314
    assert texts(atom(client, language="vi"), "a:entry/a:id") != before


def test_feed_id_depends_on_filters(client):
    queries = ["", "?country=VN", "?country=LA", "?kind=seminar"]

    ids = {texts(atom(client, query), "a:id")[0] for query in queries}
    second_page_id = texts(atom(client, "?kind=seminar&page=2&country="), "a:id")

    assert len(ids) == 4
    assert second_page_id == texts(atom(client, "?kind=seminar"), "a:id")
