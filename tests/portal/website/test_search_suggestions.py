"""Suggestions while typing, and the OpenSearch description."""

import datetime as dt
import json
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.utils.translation import gettext, override

from portal.core.languages import LANGUAGES
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ
from tests.factories.publishing import published, withdrawn
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db


def suggestions(client, text: str, language="en") -> list[str]:
    cache.clear()
    response = client.get(f"/{language}/search/suggest/", {"q": text})
    assert response.status_code == 200
    content = json.loads(response.content)
    assert content[0] == text[:200]
    lengths = {len(column) for column in content[1:]}
    assert len(content) == 5
    assert len(lengths) == 1
    assert lengths.pop() <= 8
    return content[1]


def dated(slug: str, **values):
    day = {"reported_on": dt.date(2024, 5, 6), "date_precision": "day"}
    return published(article(slug, **day, **values))


def test_titles_with_a_word_that_begins_with_the_text_are_suggested(client):
    dated("one", title_en="Law on extradition", title_th="กฎหมายส่งผู้ร้าย")
    dated("two", title_en="Extra time")

    assert suggestions(client, "extr") == ["Extra time", "Law on extradition"]
    assert suggestions(client, "law extrad") == ["Law on extradition"]
    assert suggestions(client, "extradition z") == ["Law on extradition"]
    assert suggestions(client, "extradition zz") == []
    assert suggestions(client, "ส่งผู้", "th") == ["กฎหมายส่งผู้ร้าย"]
    assert suggestions(client, "tradition") == []


def test_names_come_first(client):
    vietnam = published(country("VN", name_en="Viet Nam"))
    published(organ("court", country=vietnam, name_en="Viet Nam court"))
    dated("one", title_en="Viet Nam news")

    assert suggestions(client, "viet") == [
        "Viet Nam",
        "Viet Nam court",
        "Viet Nam news",
    ]


def test_pages_of_the_site_are_suggested(client):
    assert suggestions(client, "conta") == ["Contact"]
    assert suggestions(client, "liên hệ", "vi") == ["Liên hệ"]


def test_records_that_are_not_public_are_not_suggested(client):
    article("draft", title_en="Fraud draft")
    withdrawn(article("gone", title_en="Fraud gone"))
    dated("one", title_en="Fraud public")

    assert suggestions(client, "frau") == ["Fraud public"]


def test_equal_titles_are_suggested_once(client):
    for number in range(3):
        dated(f"row-{number}", title_en="Fraud")

    assert suggestions(client, "fraud") == ["Fraud"]


def test_suggestions_are_links_with_kinds(client):
    published(edition(15))
    response = client.get("/en/search/suggest/?q=15th")

    _text, titles, kinds, urls, tags = json.loads(response.content)
    assert titles == ["15th China-ASEAN Prosecutors-General Conference"]
    assert kinds == ["conference"]
    assert urls == ["http://testserver/en/conference/15/"]
    assert tags == ["en"]


def test_title_in_another_language_is_marked(client):
    dated("one", title_en="Fraud", title_zh_hans="诈骗")

    for language, title, tag in (
        ("th", "Fraud", "en"),
        ("en", "Fraud", "en"),
        ("zh-hant", "詐騙", "zh-Hant"),
    ):
        cache.clear()
        response = client.get(f"/{language}/search/suggest/?q=fraud")
        content = json.loads(response.content)
        assert (content[1], content[4]) == ([title], [tag])


def test_odd_texts_have_no_suggestions(client):
    dated("one", title_en="Fraud")
    texts = (
        "",
        " ",
        "a",
        "\0",
        "\x07",
        "…",
        '"',
        "x" * 10_000,
        "\u0301" * 300,
        "%",
        "*",
    )
    with collect_failures() as failures:
        for text in texts:
            with failures.case(text[:5]):
                assert suggestions(client, text) == []


def test_suggestions_may_be_cached_and_set_no_cookie(client):
    response = client.get("/en/search/suggest/?q=fraud")

    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    assert response["Content-Type"].startswith("application/x-suggestions+json")


def test_number_of_queries_is_constant(client, django_assert_num_queries):
    for number in range(3):
        published(document(f"DOC-000{number}", title_en=f"Fraud {number}"))
        cache.clear()
        with django_assert_num_queries(4):
            client.get("/en/search/suggest/?q=fraud")
    with django_assert_num_queries(0):
        client.get("/en/search/suggest/?q=")


def test_opensearch_description_names_search_and_suggestions(client):
    response = client.get("/vi/search/opensearch.xml")

    namespace = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    # The text is our own.
    root = ET.fromstring(response.content)  # noqa: S314
    urls = {
        url.get("type"): url.get("template") for url in root.findall("o:Url", namespace)
    }
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    assert urls == {
        "text/html": "http://testserver/vi/search/?q={searchTerms}",
        "application/x-suggestions+json": (
            "http://testserver/vi/search/suggest/?q={searchTerms}"
        ),
    }
    assert root.find("o:Language", namespace).text == "vi"


# Maximum number of characters in OpenSearch 1.1.
OPENSEARCH_LIMITS = {"ShortName": 16, "LongName": 48, "Description": 1024}


def test_opensearch_description_respects_the_limits_of_the_format(client):
    with collect_failures() as failures:
        for language in LANGUAGES:
            response = client.get(f"/{language.code}/search/opensearch.xml")
            root = ET.fromstring(response.content)  # noqa: S314 our own text
            texts = {element.tag.split("}")[1]: element.text for element in root}
            with failures.case(language.code):
                assert {"ShortName", "Description", "Language"} <= set(texts)
                for name, limit in OPENSEARCH_LIMITS.items():
                    assert len(texts.get(name, "")) <= limit, name
            with failures.case(language.code, "LongName"), override(language.code):
                name = gettext("China-ASEAN Prosecutors-General Conference")
                expected = name if len(name) <= OPENSEARCH_LIMITS["LongName"] else None
                assert texts.get("LongName") == expected


def test_pages_link_the_description_and_the_script(client):
    page = client.get("/vi/contact/").content.decode()

    assert 'rel="search" type="application/opensearchdescription+xml"' in page
    assert 'href="/vi/search/opensearch.xml"' in page
    assert 'data-suggestions="/vi/search/suggest/"' in page
    assert "js/search" in page
