"""Query counts of public pages, the same with one row and with three rows."""

import datetime as dt

import pytest
from django.core.cache import cache

from tests.factories.conference import (
    article,
    document,
    edition,
    edition_delegation,
    page,
    paragraph,
)
from tests.factories.directory import country, organ, party, place, topic
from tests.factories.publishing import attachment, published_together, source
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
PERIOD = {
    "starts_on": dt.date(2025, 9, 22),
    "ends_on": dt.date(2025, 9, 24),
    "date_precision": "day",
}
QUERIES = {
    "/en/conference/1/": 8,
    # One more for the facts of documents without a title in the language.
    "/vi/conference/1/": 9,
    "/en/documents/DOC-0001/": 6,
    "/en/news/opening/": 5,
    "/en/about/office/": 4,
    "/en/conference/": 7,
    "/en/documents/": 6,
    "/en/news/": 6,
    "/zh-hant/news/?country=VN&year=2019": 6,
}


def detailed(rows: int) -> None:
    """Publish an edition, document, article and page with ``rows`` related rows."""
    vietnam = country("VN")
    numbers = range(rows)
    hosts = [organ() for _ in numbers]
    published_together(vietnam, *hosts)
    record = edition(
        1,
        host_country=vietnam,
        places=[place() for _ in numbers],
        topics=[topic() for _ in numbers],
        host_organs=hosts,
        host_parties=[party(f"Ministry {number}") for number in numbers],
        summary_zh_hans="摘要",
        **PERIOD,
    )
    paper = document("DOC-0001", edition=record, topics=[topic() for _ in numbers])
    news = article("opening", organs=hosts)
    about = page("office")
    for number in numbers:
        edition_delegation(record, organ=organ())
        paragraph(paper, number + 1)
        for row in (record, paper, news, about):
            source(row, f"https://agency.example/{number}")
            attachment(row)
    papers = [document(f"DOC-1{number:03}", edition=record) for number in numbers]
    published_together(record, paper, news, about, *papers)


def test_page_query_count_is_constant(client, django_assert_num_queries):
    with collect_failures() as failures:
        for rows in (1, 3):
            with failures.isolated_case(rows):
                detailed(rows)
                for address, queries in QUERIES.items():
                    cache.clear()
                    with failures.case(rows, address):
                        with django_assert_num_queries(queries):
                            response = client.get(address)

                        assert response.status_code == 200
