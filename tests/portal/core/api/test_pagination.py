"""Cursor pagination: no skips or repeats while records are published or withdrawn."""

import datetime as dt
from base64 import b64encode, urlsafe_b64decode
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.conference.models import Article
from tests import reviewing
from tests.factories.conference import article
from tests.factories.directory import country
from tests.factories.publishing import AT, actor, published

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


def test_paging_skips_nothing_among_records_with_same_date(client):
    for number in range(5):
        published(article(f"n{number}", **on(1)))

    seen_codes, url = [], f"{LIST}?page_size=2"
    while url:
        page = client.get(url).json()
        seen_codes += codes(page)
        url = page["next"]

    assert seen_codes == ["n4", "n3", "n2", "n1", "n0"]


def test_paging_skips_nothing_when_adjacent_record_is_withdrawn(client):
    for number in range(5):
        published(article(f"n{number}"))
    first = client.get(LIST, {"page_size": "2"}).json()
    reviewing.withdraw(Article.objects.get(slug="n4"), by=actor(), at=AT)

    second = client.get(first["next"]).json()

    assert codes(first) + codes(second) == ["n4", "n3", "n2", "n1"]


def test_paging_repeats_nothing_when_adjacent_record_is_published(client):
    for number in range(4):
        published(article(f"n{number}"))
    first = client.get(LIST, {"page_size": "2"}).json()
    published(article("n4"))

    second = client.get(first["next"]).json()

    assert codes(first) + codes(second) == ["n3", "n2", "n1", "n0"]


def test_paging_of_undated_kinds_uses_record_order(client):
    for iso2 in ("VN", "CN", "LA"):
        published(country(iso2))

    first = client.get("/api/v1/countries/", {"page_size": "2"}).json()
    second = client.get(first["next"]).json()
    previous_page = client.get(second["previous"]).json()

    assert (codes(first, "iso2"), codes(second, "iso2")) == (["VN", "CN"], ["LA"])
    assert codes(previous_page, "iso2") == ["VN", "CN"]
    assert (previous_page["previous"], second["next"]) == (None, None)


def test_previous_link_returns_to_first_page(client):
    for day in range(1, 5):
        published(article(f"day-{day}", **on(day)))
    first = client.get(LIST, {"page_size": "2"}).json()
    second = client.get(first["next"]).json()

    previous_page = client.get(second["previous"]).json()

    assert codes(previous_page) == codes(first)


def test_page_size_parameter_limits_results(client):
    for day in (1, 2, 3):
        published(article(f"day-{day}", **on(day)))

    sizes = [
        len(client.get(LIST, {"page_size": size}).json()["results"])
        for size in ("1", "3", "200")
    ]

    assert sizes == [1, 3, 3]


def test_next_link_keeps_filters_and_language(client):
    vietnam = published(country("VN"))
    for day in (1, 2, 3):
        published(article(f"day-{day}", countries=[vietnam], **on(day)))
    published(article("other", **on(1)))

    first = client.get(LIST, {"country": "VN", "lang": "zh", "page_size": "2"})
    second = client.get(first.json()["next"])

    assert codes(second.json()) == ["day-1"]
    assert second["Content-Language"] == "zh-Hans"


def cursor_in(url: str) -> str:
    return parse_qs(urlsplit(url).query)["cursor"][0]


def decoded(cursor: str) -> bytes:
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def test_cursor_shows_neither_the_position_nor_a_database_id(client):
    records = [published(article(f"n{number}", **on(3))) for number in range(3)]
    first = client.get(LIST, {"page_size": "1"}).json()
    second = client.get(first["next"]).json()

    for url in (first["next"], second["next"], second["previous"]):
        for text in (cursor_in(url).encode(), decoded(cursor_in(url))):
            assert b"2019" not in text
            assert not any(f"~{record.pk}".encode() in text for record in records)


def test_cursor_of_the_change_feed_is_opaque_and_leads_on(client):
    for number in range(3):
        published(article(f"n{number}"))

    first = client.get("/api/v1/changes/", {"page_size": "2"}).json()
    second = client.get(first["next"]).json()

    assert b"p=" not in decoded(cursor_in(first["next"]))
    assert codes(first, "code") + codes(second, "code") == ["n0", "n1", "n2"]


def test_same_page_has_the_same_cursor_and_etag(client):
    for number in range(3):
        published(article(f"n{number}"))

    responses = [client.get(LIST, {"page_size": "1"}) for _ in range(2)]

    assert responses[0]["ETag"] == responses[1]["ETag"]
    assert responses[0].json()["next"] == responses[1].json()["next"]


def test_cursor_given_out_before_the_release_is_accepted(client):
    records = [published(article(f"n{number}", **on(3))) for number in range(4)]
    forward = b64encode(f"p=2019-03-03~{records[2].pk}".encode()).decode()
    previous_page = b64encode(f"r=1&p=2019-03-03~{records[0].pk}".encode()).decode()

    pages = [
        client.get(LIST, {"page_size": "2", "cursor": cursor}).json()
        for cursor in (forward, previous_page)
    ]

    assert [codes(page) for page in pages] == [["n1", "n0"], ["n2", "n1"]]


def test_cursor_is_accepted_after_the_secret_key_was_replaced(client, settings):
    for number in range(3):
        published(article(f"n{number}"))
    first = client.get(LIST, {"page_size": "1"}).json()

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-for-this-test"

    assert codes(client.get(first["next"]).json()) == ["n1"]


def test_changed_cursor_is_400(client):
    for number in range(3):
        published(article(f"n{number}"))
    first = client.get(LIST, {"page_size": "1"}).json()
    cursor = cursor_in(first["next"])
    changed = ("B" if cursor[0] == "A" else "A") + cursor[1:]

    assert client.get(LIST, {"cursor": changed}).status_code == 400
