"""Filters and pagination of public lists."""

import datetime as dt

import pytest

from tests.factories.conference import article
from tests.factories.directory import country
from tests.factories.publishing import published_together

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def reports(rows_of_module):
    with rows_of_module(publish_reports):
        yield


def publish_reports() -> None:
    """Publish 25 articles, one per day; the first three are about Viet Nam."""
    vietnam = country("VN")
    published_together(
        vietnam,
        *(
            article(
                f"n{number:02}",
                reported_on=dt.date(2019, 3, number),
                date_precision="day",
                countries=[vietnam] if number <= 3 else [],
            )
            for number in range(1, 26)
        ),
    )


def test_list_is_paginated(client):
    first = client.get("/en/news/").context
    second = client.get("/en/news/?page=2").context

    assert [card.code for card in first["entries"]] == [
        f"n{number:02}" for number in range(25, 5, -1)
    ]
    assert [card.code for card in second["entries"]] == [
        f"n{number:02}" for number in range(5, 0, -1)
    ]
    assert (first["pager"].count, first["pager"].pages) == (25, 2)
    assert (first["pager"].has_previous, first["pager"].has_next) == (False, True)
    assert (second["pager"].has_previous, second["pager"].has_next) == (True, False)
    assert first["pager"].next_url == "?page=2"
    assert second["pager"].previous_url == "?"


def test_page_beyond_last_returns_404(client):
    assert client.get("/en/news/?page=3").status_code == 404


def test_pagination_links_keep_filters(client):
    page = client.get("/en/news/?year=2019&page=2").context["pager"]

    assert page.previous_url == "?year=2019"


def test_each_active_filter_has_remove_link(client):
    context = client.get("/en/news/?country=VN&year=2019&page=1").context

    assert [card.code for card in context["entries"]] == ["n03", "n02", "n01"]
    assert [str(active.label) for active in context["active_filters"]] == [
        "Viet Nam",
        "Year: 2019",
    ]
    assert [active.remove_url for active in context["active_filters"]] == [
        "?year=2019",
        "?country=VN",
    ]
    assert context["clear_url"] == "/en/news/"


def test_filter_that_matches_nothing_shows_an_empty_list(client):
    response = client.get("/en/news/?country=TH")

    assert response.status_code == 200
    assert list(response.context["entries"]) == []
    assert response.context["pager"].count == 0


@pytest.mark.parametrize("page", ["51", "9999999", "1" + "0" * 30])
def test_page_deeper_than_any_list_is_not_found_with_a_remedy(client, page):
    response = client.get(f"/en/news/?page={page}")

    assert response.status_code == 404
    assert "Only 50 pages are shown." in response.content.decode()
