import datetime as dt

import pytest

from tests.factories.conference import article, edition
from tests.factories.directory import country
from tests.factories.publishing import published

pytestmark = pytest.mark.django_db
PATH = "/api/v1/search/"


def dated(slug: str, day: int = 1, **values):
    values = {"title_en": slug, "body_en": "Fraud.", **values}
    day = dt.date(2024, 1, day)
    return published(article(slug, reported_on=day, date_precision="day", **values))


def test_response_describes_hits(client):
    vietnam = published(country("VN", name_en="Viet Nam"))
    dated("one", title_vi="Một", summary_en="Short", countries=[vietnam])

    response = client.get(f"{PATH}?q=fraud&lang=vi").json()

    assert response == {
        "count": 1,
        "is_more": False,
        "next": None,
        "previous": None,
        "facets": {"kind": {"article": 1}, "country": {"VN": 1}, "year": {"2024": 1}},
        "results": [
            {
                "kind": "article",
                "code": "one",
                "title": "Một",
                "title_is_formed": False,
                "summary": "Short",
                "period": "2024-01-01",
                "countries": ["VN"],
                "languages": ["en"],
                "is_sample": False,
                "path": "/vi/news/one/",
                "fallback": {"summary": "en"},
            }
        ],
    }


def test_untitled_record_uses_generated_title(client):
    published(edition(15, theme_en="Fraud"))

    [result] = client.get(f"{PATH}?q=fraud&lang=en").json()["results"]

    assert result["title"] == "15th China-ASEAN Prosecutors-General Conference"


def test_no_hits_returns_empty_page(client):
    dated("one")

    for query in ("", "?q=", "?q=absent"):
        response = client.get(PATH + query).json()

        assert (response["count"], response["results"]) == (0, [])
        assert response["facets"] == {"kind": {}, "country": {}, "year": {}}


def test_pages_link_to_next_and_previous(client):
    for number in range(21):
        dated(f"row-{number}", 1 + number)

    first = client.get(f"{PATH}?q=fraud&order=newest").json()
    second = client.get(first["next"]).json()

    assert first["count"] == 21
    assert [row["code"] for row in first["results"]][:2] == ["row-20", "row-19"]
    assert [row["code"] for row in second["results"]] == ["row-0"]
    assert second["next"] is None
    assert client.get(second["previous"]).json()["results"] == first["results"]
    assert client.get(f"{PATH}?q=fraud&page=3").status_code == 404


def test_filters_match_search_page(client):
    vietnam = published(country("VN"))
    dated("viet", countries=[vietnam])
    dated("other")

    url = f"{PATH}?q=fraud&country=vn&kind=article&year=2024"

    assert [row["code"] for row in client.get(url).json()["results"]] == ["viet"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("q=" + "a" * 201, "q"),
        ("q=%00", "q"),
        ("q=%ff", "q"),
        ("q=a&q=b", "q"),
        ("q=a&kind=nothing", "kind"),
        ("q=a&year=x", "year"),
        ("q=a&page=0", "page"),
        ("q=a&topic=x", "topic"),
        ("q=a&lang=xx", "lang"),
    ],
)
def test_invalid_parameter_returns_problem_details(client, query, parameter):
    response = client.get(f"{PATH}?{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["parameter"] == parameter
    assert len(response.json()["value"]) <= 100


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_four_queries(client, rows, django_assert_num_queries):
    vietnam = published(country("VN"))
    for number in range(rows):
        dated(f"row-{number}", countries=[vietnam])

    with django_assert_num_queries(4):
        assert client.get(f"{PATH}?q=fraud").json()["count"] == rows
