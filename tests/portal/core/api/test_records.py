"""Lists and details of public records: order, language, filters and fields."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, topic
from tests.factories.publishing import (
    AT,
    published,
    published_together,
    republished,
    scheduled,
    source,
    withdrawn,
)
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"


def codes(body: dict, key="slug") -> list:
    return [record[key] for record in body["results"]]


def on(day: int) -> dict:
    return {"reported_on": dt.date(2019, 3, day), "date_precision": "day"}


def test_only_published_records_are_listed(client):
    published(article("public"))
    article("draft")
    withdrawn(article("withdrawn"))
    scheduled(article("scheduled"), timezone.now() + dt.timedelta(days=1))

    assert codes(client.get(LIST).json()) == ["public"]


def test_list_is_sorted_newest_first_and_undated_last(client):
    rows = (("b", on(2)), ("none", {}), ("c", on(3)), ("a", on(1)))
    published_together(*(article(slug, **values) for slug, values in rows))

    assert codes(client.get(LIST).json()) == ["c", "b", "a", "none"]


# Value of ``lang`` and what it gives: language tag, title and languages of the texts.
LANGUAGES = [
    ("en", "en", "Opening", {"summary": "zh-Hans"}),
    ("zh-hans", "zh-Hans", "开幕", {}),
    ("zh", "zh-Hans", "开幕", {}),
    ("ZH-CN", "zh-Hans", "开幕", {}),
    ("zh-hk", "zh-Hant", "開幕", {"title": "zh-Hans", "summary": "zh-Hans"}),
    ("zh_TW", "zh-Hant", "開幕", {"title": "zh-Hans", "summary": "zh-Hans"}),
    ("tl", "fil", "Opening", {"title": "en", "summary": "zh-Hans"}),
    ("in", "id", "Opening", {"title": "en", "summary": "zh-Hans"}),
    ("pt-br", "pt", "Opening", {"title": "en", "summary": "zh-Hans"}),
    ("vi-vn", "vi", "Opening", {"title": "en", "summary": "zh-Hans"}),
]


def test_texts_are_returned_in_requested_language(client):
    published(
        article("a", title_en="Opening", title_zh_hans="开幕", summary_zh_hans="会")
    )

    with collect_failures() as failures:
        for lang, tag, title, fallback in LANGUAGES:
            with failures.isolated_case(lang):
                responses = [
                    client.get(path, {"lang": lang})
                    for path in (LIST, "/api/v1/articles/a/")
                ]

                bodies = [responses[0].json()["results"][0], responses[1].json()]
                assert bodies[0] == bodies[1]
                assert bodies[0]["title"] == title
                assert bodies[0]["body"] is None
                assert bodies[0]["fallback"] == fallback
                assert bodies[0]["languages"] == ["zh-Hans"]
                tags = [response["Content-Language"] for response in responses]
                assert tags == [tag, tag]


def test_accept_language_is_used_without_lang_and_sets_vary(client):
    published(article("a", title_en="Opening", title_zh_hans="开幕"))
    headers = {"accept-language": "zh-CN,en;q=0.5"}

    by_header = client.get("/api/v1/articles/a/", headers=headers)
    by_lang = client.get("/api/v1/articles/a/?lang=en", headers=headers)

    assert by_header.json()["title"] == "开幕"
    assert by_lang.json()["title"] == "Opening"
    assert "Accept-Language" in by_header["Vary"]
    assert "Accept-Language" not in by_lang["Vary"]


def _link(key, name, iso2):
    return {
        "key": key,
        "name": name,
        "language": "en",
        "name_basis": None,
        "is_draft": False,
        "country": iso2,
    }


def test_detail_includes_links_sources_timestamps_and_page_url(client):
    vietnam = published(country("VN"))
    record = article(
        "opening",
        title_en="Opening",
        countries=[vietnam],
        organs=[published(organ("vn-spp", name_en="SPP"))],
        topics=[topic("training", name_en="Training")],
        confidence="high",
        remark_en="As recorded.",
        **on(15),
    )
    url = "https://agency.example/report"
    source(published(record), url)

    body = client.get("/api/v1/articles/opening/", {"lang": "en"}).json()

    assert body == {
        "slug": "opening",
        "title": "Opening",
        "summary": None,
        "body": None,
        "reported_on": "2019-03-15",
        "date_precision": "day",
        "countries": [_link("VN", "Viet Nam", "VN")],
        "organs": [_link("vn-spp", "SPP", "VN")],
        "topics": [_link("training", "Training", "")],
        "url": "/en/news/opening/",
        "confidence": "high",
        "remark": "As recorded.",
        "sources": [
            {
                "url": url,
                "is_evidence_only": False,
                "title": "",
                "publisher": "",
                "published": None,
                "language": "",
                "archive_url": "",
            }
        ],
        "files": [],
        "illustrations": [],
        "corrections": [],
        "languages": ["en"],
        "fallback": {},
        "is_sample": False,
        "revision": 1,
        "published_at": "2024-05-06T16:00:00+08:00",
        "changed_at": "2024-05-06T16:00:00+08:00",
    }


def test_month_precision_period_has_no_day(client):
    record = edition(1, starts_on=dt.date(2017, 9, 1), date_precision="month")
    published(record)
    published(edition(2))

    periods = {
        item["number"]: item["period"]
        for item in client.get("/api/v1/editions/").json()["results"]
    }

    assert periods == {1: "2017-09", 2: None}


def test_country_code_is_case_insensitive(client):
    published(country("VN"))

    responses = [client.get(f"/api/v1/countries/{code}/") for code in ("vn", "VN")]

    assert [response.json()["iso2"] for response in responses] == ["VN", "VN"]


def test_related_draft_is_omitted(client):
    published(document("DOC-0001", edition=edition(7, theme_en="Secret")))

    body = client.get("/api/v1/documents/DOC-0001/").json()

    assert body["edition"] is None


FILTERS = [
    {"country": "VN"},
    {"country": "vn"},
    {"topic": "training"},
    {"year": "2019"},
    {"from": "2019-03-02"},
    {"to": "2019-03-02"},
    {"as_of": "2019-03-02"},
    {"country": "VN", "year": "2019", "topic": "training"},
    {"country": ""},
    {"country": "TH"},
]


def test_filters_match_list_pages(client):
    vietnam, laos, training = country("VN"), country("LA"), topic("training")
    published_together(
        vietnam,
        laos,
        country("TH"),
        article("a", countries=[vietnam], topics=[training], **on(1)),
        article("b", countries=[vietnam, laos], **on(2)),
        article("c", countries=[laos], topics=[training], **on(3)),
        article("undated", countries=[laos]),
    )

    with collect_failures() as failures:
        for query in FILTERS:
            with failures.isolated_case(query):
                of_api = codes(client.get(LIST, query).json())
                page = client.get("/en/news/", query)

                assert of_api == [card.code for card in page.context["entries"]]


def test_edition_state_filter_matches_numeric_codes(client):
    published(edition(2, state="held"))
    published(edition(12, state="held"))
    published(edition(1))

    page = client.get("/api/v1/editions/", {"state": "held"}).json()

    assert sorted(codes(page, "number")) == [2, 12]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count_is_constant(client, rows, django_assert_num_queries):
    """One query each for records, links, sources, files and pictures."""
    vietnam, training = country("VN"), topic("training")
    records = [
        article(f"n{number}", countries=[vietnam], topics=[training])
        for number in range(rows)
    ]
    for record in records:
        source(record)
    published_together(*records)

    with django_assert_num_queries(5):
        page = client.get(LIST).json()

    assert len(page["results"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_detail_query_count_is_constant(client, rows, django_assert_num_queries):
    record = article(
        "a", countries=[country(code) for code in ("VN", "LA", "TH")[:rows]]
    )
    for number in range(rows):
        source(record, f"https://agency.example/{number}")
    published(record)

    with django_assert_num_queries(5):
        client.get("/api/v1/articles/a/")


def test_published_at_and_changed_at_differ(client):
    record = published(article("a"))
    republished(record, at=AT + dt.timedelta(hours=1))

    body = client.get("/api/v1/articles/a/").json()

    assert body["published_at"] == "2024-05-06T16:00:00+08:00"
    assert body["changed_at"] == "2024-05-06T17:00:00+08:00"
    assert body["revision"] == 2
