import pytest

from portal.content.publishing.models import Source
from tests.factories.conference import article, edition
from tests.factories.publishing import evidence_only_host, published, source

pytestmark = pytest.mark.django_db


def judged(url: str) -> bool:
    return (
        Source.objects.with_is_evidence_only()
        .get(pk=source(article(), url).pk)
        .is_evidence_only
    )


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
def test_evidence_only_host_includes_subdomains(url):
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
def test_similar_host_is_not_evidence_only(url):
    evidence_only_host("neamco.com")

    assert judged(url) is False


def test_host_with_like_wildcards_is_matched_literally():
    evidence_only_host("a-b.example")

    assert judged("https://axb.example/") is False
    assert judged("https://x%25.example/") is False


def test_clean_extracts_host_from_url():
    row = Source(record=article(), url="https://News.Example.ORG:443/a?b=c")

    row.full_clean(exclude=["host"])

    assert row.host == "news.example.org"


@pytest.mark.parametrize("rows", [1, 3])
def test_evidence_only_annotation_needs_one_query(rows, django_assert_num_queries):
    evidence_only_host("copies.example")
    record = article()
    for number in range(rows):
        source(record, f"https://copies.example/{number}")

    with django_assert_num_queries(1):
        sources = list(record.sources.with_is_evidence_only())

    assert [row.is_evidence_only for row in sources] == [True] * rows


def test_page_mentions_evidence_only_source_without_link(client):
    evidence_only_host("copies.example")
    record = published(edition(1))
    source(record, "https://copies.example/secret-path")
    source(record, "https://agency.example/report")

    html = client.get("/en/conference/1/").content.decode()

    assert 'href="https://agency.example/report"' in html
    assert 'href="https://copies.example' not in html


def test_api_marks_evidence_only_source(client):
    evidence_only_host("copies.example")
    record = published(edition(1))
    source(record, "https://copies.example/x", position=2)
    source(record, "https://agency.example/x", position=1)

    data = client.get("/api/v1/editions/1/").json()

    assert [(item["url"], item["is_evidence_only"]) for item in data["sources"]] == [
        ("https://agency.example/x", False),
        ("https://copies.example/x", True),
    ]
