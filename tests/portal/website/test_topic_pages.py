"""Pages of topics: what is listed, links to them, sitemap, number of queries."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.languages import LANGUAGES_BY_CODE
from portal.website import sitemap_urls
from tests.factories.conference import article, document, edition
from tests.factories.delegations import visit
from tests.factories.directory import topic
from tests.factories.exchanges import meeting
from tests.factories.publishing import published_together, withdrawn
from tests.factories.seminars import seminar
from tests.page_html import fact_of, missing_value, text_of

pytestmark = pytest.mark.django_db


def records_of(subject):
    """Create a draft of each kind that has topics, with the topic ``subject``."""
    return [
        factory(topics=[subject])
        for factory in (article, document, edition, meeting, seminar, visit)
    ]


def listed(client, address="/en/topics/") -> dict[str, int]:
    topics = client.get(address).context["topics"]
    return {item["key"]: item["record_count"] for item in topics}


def test_list_has_topics_of_published_records_with_their_number(client):
    used, more, hidden = topic("used"), topic("more"), topic("hidden")
    topic("without-records")
    published_together(
        article(topics=[used, more]), document(topics=[more]), article(topics=[more])
    )
    article(topics=[hidden, used])
    withdrawn(document(topics=[hidden]))

    assert listed(client) == {"more": 3, "used": 1}
    assert list(listed(client)) == ["more", "used"]


def test_empty_list_says_that_nothing_is_on_record(client):
    topic("without-records")

    assert "There is nothing here yet." in text_of(client, "/en/topics/")


def test_topic_page_groups_records_by_kind_with_links_to_lists(client):
    subject = topic("extradition")
    records = [row for _ in range(7) for row in records_of(subject)]
    published_together(*records, article(), visit())

    groups = client.get("/en/topics/extradition/").context["related_records"].groups

    counts = {group.code: (group.count, len(group.entries)) for group in groups}
    assert counts == dict.fromkeys(
        ("article", "document", "edition", "meeting", "seminar", "visit-inbound"),
        (7, 5),
    )
    for group in groups:
        assert "topic=extradition" in group.url
        assert client.get(group.url).context["pager"].count == 7


def test_topic_page_shows_the_newest_records_first(client):
    subject = topic("extradition")
    published_together(
        *(
            article(
                f"n{day}",
                topics=[subject],
                reported_on=dt.date(2019, 3, day),
                date_precision="day",
            )
            for day in (2, 3, 1)
        )
    )

    group = client.get("/en/topics/extradition/").context["related_records"].groups[0]

    assert [card.code for card in group.entries] == ["n3", "n2", "n1"]


def test_heading_of_editions_does_not_speak_of_a_host(client):
    published_together(edition(1, topics=[topic("extradition")]))

    page = client.get("/en/topics/extradition/").context["related_records"]

    assert [group.heading for group in page.groups] == ["conferences"]
    assert "conferences hosted or organised" not in page.empty_headings


def test_kinds_that_have_no_topics_are_not_reported_as_missing(client):
    published_together(article(topics=[topic("extradition")]))

    missing = client.get("/en/topics/extradition/").context["related_records"]

    assert "seminars" in missing.empty_headings
    assert "mechanisms" not in missing.empty_headings


@pytest.mark.parametrize("key", ["none", "unused", "hidden"])
def test_topic_without_published_records_has_no_page(client, key):
    topic("unused")
    hidden = topic("hidden")
    article(topics=[hidden])
    withdrawn(document(topics=[hidden]))

    assert client.get(f"/en/topics/{key}/").status_code == 404


def test_misspelled_address_redirects_only_to_an_existing_page(client):
    topic("unused")
    published_together(article(topics=[topic("extradition")]))

    assert client.get("/EN/Topics/Extradition").headers["Location"] == (
        "/en/topics/extradition/"
    )
    assert client.get("/en/topics/Unused/").status_code == 404


def test_name_is_in_the_language_of_the_reader(client):
    published_together(
        article(topics=[topic("a", name_en="Extradition", name_vi="Dẫn độ")])
    )

    assert "<h1>Dẫn độ</h1>" in text_of(client, "/vi/topics/a/")
    assert '<h1><span lang="en">Extradition</span></h1>' in text_of(
        client, "/th/topics/a/"
    )
    assert '<a href="/th/topics/a/" lang="en">Extradition</a>' in text_of(
        client, "/th/topics/"
    )


def test_record_links_to_its_topics(client):
    published_together(
        edition(1, topics=[topic("extradition"), topic("asset-recovery")]), edition(2)
    )

    fact = fact_of(text_of(client, "/en/conference/1/"), "Topics")

    assert 'href="/en/topics/extradition/"' in fact
    assert 'href="/en/topics/asset-recovery/"' in fact
    assert missing_value("Not known") in fact_of(
        text_of(client, "/en/conference/2/"), "Topics"
    )


def test_topic_page_offers_feeds_of_the_topic(client):
    published_together(article(topics=[topic("extradition")]))

    page = text_of(client, "/en/topics/extradition/")

    assert 'href="/en/feed.atom?topic=extradition"' in page
    assert 'href="/en/calendar.ics?topic=extradition"' in page


def test_sitemap_lists_topics_of_records_that_are_not_samples(client):
    published_together(
        article(topics=[topic("extradition")]),
        article(topics=[topic("invented")], is_sample=True),
    )

    paths = [url.path for url in sitemap_urls.topic_urls()]

    assert paths == [f"/{code}/topics/extradition/" for code in LANGUAGES_BY_CODE]
    for address in ("/sitemap.xml", "/sitemap-pages.xml"):
        assert "/my/topics/extradition/" in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/en/topics/", "/en/topics/extradition/"])
def test_number_of_queries_does_not_grow(client, address):
    subject = topic("extradition")
    counts, rows = [], 0
    for number in (1, 3, 20):
        records = [
            article(topics=[subject, topic()]) for _ in range(number - rows)
        ] + records_of(subject)
        published_together(*records)
        rows = number
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
