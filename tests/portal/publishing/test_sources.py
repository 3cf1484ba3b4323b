import pytest

from portal.publishing.models import Source
from tests.factories.conference import article, edition
from tests.factories.publishing import evidence_only_host, published, source

pytestmark = pytest.mark.django_db


def judged(url: str) -> bool:
    return Source.objects.judged().get(pk=source(article(), url).pk).is_evidence_only


@pytest.mark.parametrize(
    "url",
    [
        "https://neamco.com/01/content.htm",
        "http://neamco.com",
        "https://www.neamco.com/01",
        "https://a.b.neamco.com/",
        "https://NEAMCO.com/",
        "https://neamco.com:8443/",
        "https://neamco.com./",
        "https://user@neamco.com/",
    ],
)
def test_host_and_its_sub_domains_are_evidence_only(url):
    evidence_only_host("neamco.com")

    assert judged(url) is True


@pytest.mark.parametrize(
    "url",
    [
        "https://notneamco.com/",
        "https://neamco.com.example.org/",
        "https://neamco.org/",
        "https://example.org/neamco.com/",
        "https://example.org/?from=neamco.com",
        "https://neamco.com@example.org/",
        "https://com/",
    ],
)
def test_look_alike_is_an_ordinary_source(url):
    evidence_only_host("neamco.com")

    assert judged(url) is False


def test_underscore_and_percent_in_a_host_are_no_patterns():
    evidence_only_host("a-b.example")

    assert judged("https://axb.example/") is False
    assert judged("https://x%25.example/") is False


def test_host_is_read_off_the_address_when_cleaned():
    row = Source(record=article(), url="https://News.Example.ORG:443/a?b=c")

    row.full_clean(exclude=["host"])

    assert row.host == "news.example.org"


@pytest.mark.parametrize("rows", [1, 3])
def test_judging_takes_one_query(rows, django_assert_num_queries):
    evidence_only_host("copies.example")
    record = article()
    for number in range(rows):
        source(record, f"https://copies.example/{number}")

    with django_assert_num_queries(1):
        found = list(record.sources.judged())

    assert [row.is_evidence_only for row in found] == [True] * rows


def test_page_tells_a_copy_but_does_not_link_to_it(client):
    evidence_only_host("copies.example")
    record = published(edition(1))
    source(record, "https://copies.example/secret-path")
    source(record, "https://agency.example/report")

    html = client.get("/en/conference/1/").content.decode()

    assert 'href="https://agency.example/report"' in html
    assert 'href="https://copies.example' not in html


def test_api_marks_a_copy(client):
    evidence_only_host("copies.example")
    record = published(edition(1))
    source(record, "https://copies.example/x", position=2)
    source(record, "https://agency.example/x", position=1)

    answer = client.get("/api/v1/editions/1/").json()

    assert answer["sources"] == [
        {"url": "https://agency.example/x", "is_evidence_only": False},
        {"url": "https://copies.example/x", "is_evidence_only": True},
    ]
