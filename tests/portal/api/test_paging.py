"""Pages of a list: nothing is skipped or repeated while records come and go."""

import datetime as dt

import pytest

from portal.conference.models import Article
from tests import reviewing
from tests.factories.conference import article
from tests.factories.directory import country
from tests.factories.publishing import (
    AT,
    actor,
    published,
)

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"


def codes(body: dict, key="slug") -> list:
    return [record[key] for record in body["results"]]


def on(day: int) -> dict:
    return {"reported_on": dt.date(2019, 3, day), "date_precision": "day"}


def test_paging_skips_and_repeats_nothing_when_a_record_is_published_between(client):
    for day in (1, 3, 5, 7):
        published(article(f"day-{day}", **on(day)))
    first = client.get(LIST, {"page_size": "2"}).json()
    published(article("newest", **on(9)))
    published(article("between", **on(6)))
    published(article("older", **on(2)))

    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    assert codes(first) == ["day-7", "day-5"]
    assert codes(second) == ["day-3", "older"]
    assert codes(third) == ["day-1"]
    assert third["next"] is None


def test_paging_skips_nothing_among_records_of_one_day(client):
    for number in range(5):
        published(article(f"n{number}", **on(1)))

    told, url = [], f"{LIST}?page_size=2"
    while url:
        page = client.get(url).json()
        told += codes(page)
        url = page["next"]

    assert told == ["n4", "n3", "n2", "n1", "n0"]


def test_paging_skips_nothing_when_a_neighbour_is_withdrawn_between(client):
    for number in range(5):
        published(article(f"n{number}"))
    first = client.get(LIST, {"page_size": "2"}).json()
    reviewing.withdraw(Article.objects.get(slug="n4"), by=actor(), at=AT)

    second = client.get(first["next"]).json()

    assert codes(first) + codes(second) == ["n4", "n3", "n2", "n1"]


def test_paging_repeats_nothing_when_a_neighbour_is_published_between(client):
    for number in range(4):
        published(article(f"n{number}"))
    first = client.get(LIST, {"page_size": "2"}).json()
    published(article("n4"))

    second = client.get(first["next"]).json()

    assert codes(first) + codes(second) == ["n3", "n2", "n1", "n0"]


def test_paging_of_kinds_without_a_date_follows_the_record(client):
    for iso2 in ("VN", "CN", "LA"):
        published(country(iso2))

    first = client.get("/api/v1/countries/", {"page_size": "2"}).json()
    second = client.get(first["next"]).json()
    back = client.get(second["previous"]).json()

    assert (codes(first, "iso2"), codes(second, "iso2")) == (["VN", "CN"], ["LA"])
    assert codes(back, "iso2") == ["VN", "CN"]
    assert (back["previous"], second["next"]) == (None, None)


def test_paging_leads_back(client):
    for day in range(1, 5):
        published(article(f"day-{day}", **on(day)))
    first = client.get(LIST, {"page_size": "2"}).json()
    second = client.get(first["next"]).json()

    back = client.get(second["previous"]).json()

    assert codes(back) == codes(first)


def test_page_holds_as_many_records_as_asked_for(client):
    for day in (1, 2, 3):
        published(article(f"day-{day}", **on(day)))

    sizes = [
        len(client.get(LIST, {"page_size": size}).json()["results"])
        for size in ("1", "3", "200")
    ]

    assert sizes == [1, 3, 3]


def test_next_keeps_filters_and_language(client):
    vietnam = country("VN")
    for day in (1, 2, 3):
        published(article(f"day-{day}", countries=[vietnam], **on(day)))
    published(article("other", **on(1)))

    first = client.get(LIST, {"country": "VN", "lang": "zh", "page_size": "2"})
    second = client.get(first.json()["next"])

    assert codes(second.json()) == ["day-1"]
    assert second["Content-Language"] == "zh-Hans"
