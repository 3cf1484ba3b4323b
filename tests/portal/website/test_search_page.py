"""The page that searches all public records."""

import datetime as dt
import re
from itertools import cycle

import pytest
from django.core.cache import cache

from portal.content.catalogue.search import engine, index
from portal.core.languages import LANGUAGES_BY_CODE
from tests.factories.conference import article, document, edition, page
from tests.factories.directory import country, place
from tests.factories.publishing import published, published_together
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db


def body(client, query: str, language="en", status=200) -> str:
    cache.clear()
    response = client.get(f"/{language}/search/{query}")
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def titles(text: str) -> list[str]:
    headings = re.findall(r'<h3 class="card__title">(.*?)</h3>', text)
    return [re.sub("<[^>]+>", "", title).strip() for title in headings]


def draft(slug: str, day: dt.date, **values):
    values = {"title_en": slug, "body_en": "Fraud.", **values}
    return article(slug, reported_on=day, date_precision="day", **values)


def dated(slug: str, day: dt.date, **values):
    return published(draft(slug, day, **values))


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?kind=article"])
def test_empty_search_shows_help(client, query):
    published(article("one"))
    text = body(client, query)

    assert "Search tips" in text
    assert titles(text) == []


def test_query_without_letters_shows_message(client):
    assert "Enter at least one word or number." in body(client, "?q=%E2%80%A6")


def test_hit_is_shown_in_reader_language_with_highlights(client):
    published(article("one", title_en="Telecom fraud", title_vi="Lừa đảo <viễn> thông"))

    text = body(client, "?q=lua+dao", "vi")

    assert (
        '<a href="/vi/news/one/" lang="vi"><mark>Lừa</mark> <mark>đảo</mark> '
        "&lt;viễn&gt; thông</a>"
    ) in text


def test_hit_in_other_language_is_marked(client):
    published(article("one", title_en="Opening", body_zh_hans="打击电信诈骗犯罪"))

    text = body(client, "?q=%E8%A9%90%E9%A8%99", "th")

    assert titles(text) == ["Opening"]
    assert 'search-snippet" lang="zh-Hans">打击电信<mark>诈骗</mark>犯罪</p>' in text


def test_record_is_found_by_generated_title(client):
    published(edition(15))

    text = body(client, "?q=CAPGC")

    assert titles(text) == ["15th China-ASEAN Prosecutors-General Conference"]


def test_query_is_escaped_in_output(client):
    text = body(client, "?q=%22%3E%3Cscript%3E")

    assert 'value="&quot;&gt;&lt;script&gt;"' in text
    assert "<script>" not in text


def test_facets_narrow_hits_and_keep_query(client):
    vietnam = published(country("VN", name_en="Viet Nam"))
    laos = published(country("LA", name_en="Laos"))
    dated("viet", dt.date(2024, 1, 1), countries=[vietnam])
    dated("lao", dt.date(2023, 1, 1), countries=[laos])
    published(page("about", body_en="Fraud."))

    text = body(client, "?q=fraud&order=newest")

    links = re.findall(r'<li> <a href="(\?[^"]+)"><span[^>]*>([^<]+)</span>', text)
    query = "?q=fraud&amp;order=newest&amp;"
    assert links == [
        (f"{query}kind=article", "News articles"),
        (f"{query}kind=page", "Pages"),
        (f"{query}country=LA", "Laos"),
        (f"{query}country=VN", "Viet Nam"),
        (f"{query}year=2024", "2024"),
        (f"{query}year=2023", "2023"),
    ]
    assert titles(body(client, "?q=fraud&country=VN")) == ["viet"]


def test_years_of_facets_are_written_as_in_the_language(client):
    dated("later", dt.date(2024, 1, 1))
    dated("earlier", dt.date(2023, 1, 1))

    text = client.get("/zh-hans/search/?q=fraud").content.decode()

    assert re.findall(r"<span[^>]*>(\d{4}[^<]*)</span>", text) == ["2024年", "2023年"]


@pytest.mark.parametrize(
    ("language", "year", "expected"),
    [
        ("en", "2024", "2024"),
        ("zh-hans", "2024", "2024年"),
        ("th", "2024", "พ.ศ. 2567 (ค.ศ. 2024)"),
    ],
)
def test_year_of_an_active_filter_is_written_as_in_the_facet(
    client, language, year, expected
):
    response = client.get(f"/{language}/search/?q=fraud&year={year}")

    assert [item.label for item in response.context["active_filters"]] == [expected]


def test_active_filters_can_be_removed(client):
    vietnam = published(country("VN", name_en="Viet Nam"))
    dated("viet", dt.date(2024, 1, 1), countries=[vietnam])

    text = body(client, "?q=fraud&country=vn&kind=article&page=1")

    assert re.findall(r'class="chip" href="([^"]*)"', text) == [
        "?q=fraud&amp;country=vn",
        "?q=fraud&amp;kind=article",
    ]
    assert '<a href="?q=fraud">Clear all filters</a>' in text
    assert '<input name="country" type="hidden" value="VN">' in text


def test_facets_omit_unpublished_countries(client):
    hidden, public = country("VN", name_en="Viet Nam"), country("LA", name_en="Laos")
    published(public)
    dated("one", dt.date(2024, 1, 1), countries=[hidden, public])
    dated("two", dt.date(2024, 1, 1), countries=[hidden])

    assert "Viet Nam" not in body(client, "?q=fraud")


def test_default_order_is_best_match(client):
    dated("Fraud old", dt.date(2020, 1, 1))
    dated("New", dt.date(2024, 1, 1))

    best, newest = body(client, "?q=fraud"), body(client, "?q=fraud&order=newest")

    assert titles(best) == ["Fraud old", "New"]
    assert titles(newest) == ["New", "Fraud old"]
    assert '<a href="?q=fraud" aria-current="true">Most relevant first</a>' in best
    assert '<a href="?q=fraud">Most relevant first</a>' in newest


def test_results_are_paginated_by_20(client):
    published_together(
        *(draft(f"row {number}", dt.date(2024, 1, 1 + number)) for number in range(21))
    )

    first, second = body(client, "?q=fraud"), body(client, "?q=fraud&page=2")

    assert (len(titles(first)), titles(second)) == (20, ["row 0"])
    assert "21 results" in first
    assert "Page 2 of 2" in second
    body(client, "?q=fraud&page=3", status=404)


def test_result_count_is_capped_at_1000(client, monkeypatch):
    for module in (engine, index):
        monkeypatch.setattr(module, "MAX_RESULTS", 2)
    for number in range(3):
        dated(f"row {number}", dt.date(2024, 1, 1 + number))

    text = body(client, "?q=fraud")

    assert "More than" in text
    assert len(titles(text)) == 2


def test_no_results_shows_help(client):
    published(article("one", title_en="Telecom fraud"))

    text = body(client, "?q=fraud+absent+%E4%B8%8D%E5%9C%A8&kind=article")

    assert "No results match all your search terms and filters" in text
    assert '<a href="?kind=article&amp;q=fraud" lang="">fraud</a>' in text
    assert '<a href="?q=fraud+absent' in text
    assert "absent</a>" not in text.split("Results for single terms")[1]
    assert '<a href="/en/seminars/">' in text


def test_correction_longer_than_a_search_may_be_is_not_offered(client):
    published(article("one", title_en="Fraud and extradition"))
    text = ("fraud " * 31).ljust(190) + "extraditin"
    assert len(text) == 200

    response = client.get("/en/search/", {"q": text})

    assert response.status_code == 200
    assert response.context["correction"] == ""


def test_query_in_zawgyi_is_offered_in_unicode(client):
    published(article("one", title_my="ပြည်ထောင်စုရှေ့နေချုပ်ရုံး"))

    response = client.get("/my/search/", {"q": "ျပည္ေထာင္စုေရွ႕ေနခ်ဳပ္႐ုံး"})

    assert response.context["correction"] == "ပြည်ထောင်စုရှေ့နေချုပ်ရုံး"
    assert [item.card.code for item in response.context["cards"]] == ["one"]


def test_query_in_zawgyi_without_results_shows_help(client):
    for text in ("ျမန္မာ", "ျမန္မာ" * 40):
        response = client.get("/my/search/", {"q": text[:200]})
        assert response.status_code == 200
        assert response.context["correction"] == ""


def test_too_long_search_shows_help_without_queries(client, django_assert_num_queries):
    """Each text in one language: the language does not decide what is too long."""
    texts = ("a" * 10_000, "%E6%A3%80" * 201, "%CC%81" * 10_000, "a&q=" + "b" * 201)
    languages = cycle(("en", "zh-hant", "km"))
    with collect_failures() as failures:
        for text, language in zip(texts, languages, strict=False):
            with failures.case(text[:20], language):
                # The names of countries.
                with django_assert_num_queries(1):
                    page = body(client, f"?q={text}", language)

                assert f'<html lang="{LANGUAGES_BY_CODE[language].tag}">' in page
                assert 'aria-describedby="search-words-error"' in page
                assert 'id="search-words-error"' in page
                assert 'value=""' in page
                assert len(page) < 100_000


@pytest.mark.parametrize(
    "text",
    [
        "%00",
        "%07",
        "%ff",
        "%C3%28",
        "%22",
        "%E2%80%9C%E2%80%9D",
        "%E2%80%A6",
        "the+of+and",
        "%CC%81" * 200,
        "()*%3A+%7C+%26+%21",
    ],
)
def test_search_without_anything_to_search_for_shows_help(client, text):
    published(article("one"))

    page = body(client, f"?q={text}")

    assert "Search tips" in page
    assert titles(page) == []


@pytest.mark.parametrize(
    "text",
    [
        "fraud%00",
        "%07fraud%ff",
        "%22fraud",
        "fraud%22+%28",
        "%E2%80%9Cfraud",
        "the+fraud",
        "fraud%27%29%3B--",
        "fraud*",
    ],
)
def test_text_around_odd_characters_is_searched(client, text):
    dated("one", dt.date(2024, 1, 1))

    assert titles(body(client, f"?q={text}")) == ["one"]


def test_only_stop_words_are_explained(client):
    assert "only very common words" in body(client, "?q=the+of")


def test_mixed_scripts_and_many_marks_are_searched(client):
    text = "fraud检察อัยการ" + "e\u0301" * 60 + "က္က" * 10

    assert "No results contain all your search terms" in body(client, f"?q={text}")


@pytest.mark.parametrize(
    "query",
    [
        "?q=fraud&year=24&country=%00&kind=a+b&order=worst&page=0",
        "?q=absent&q=fraud&from=singlemessage&utm_source=x",
        "?q=fraud&kind=page&kind=article&order=newest&order=best&page=7&page=1",
    ],
)
def test_malformed_filters_are_ignored_and_the_last_value_counts(client, query):
    dated("one", dt.date(2024, 1, 1))

    assert titles(body(client, query)) == ["one"]


def test_impossible_year_shows_everything_found_with_the_error(client):
    dated("one", dt.date(2024, 1, 1))

    text = body(client, "?q=fraud&year=2567&kind=page&page=3", status=400)

    assert titles(text) == ["one"]
    assert 'name="year" type="number" inputmode="numeric" value="2567"' in text
    assert 'aria-invalid="true" aria-describedby="filter-year-error"' in text
    assert "The year 2567 is in the Buddhist calendar." in text
    assert '<input name="kind" type="hidden" value="page">' in text
    assert text.count('<meta name="robots" content="noindex">') == 1
    assert 'class="chip"' not in text


def test_page_deeper_than_any_result_is_not_found_with_a_remedy(client):
    assert "pages are shown" in body(client, "?q=fraud&page=99999999", status=404)


def test_query_of_200_characters_is_accepted(client):
    body(client, "?q=" + "%E6%A3%80" * 200)


def test_search_query_count_is_constant(client, django_assert_num_queries):
    vietnam = published(country("VN"))
    with collect_failures() as failures:
        for rows in (1, 2, 3):
            day, words = dt.date(2024, 1, rows), {"title_th": "ร่วม"}
            published_together(
                draft(f"row {rows}", day, countries=[vietnam], **words),
                document(f"DOC-000{rows}", title_en="Fraud", place=place()),
            )
            for order in ("best", "newest"):
                with failures.case(rows, order):
                    with django_assert_num_queries(5):
                        text = body(client, f"?q=fraud&order={order}")

                    assert len(titles(text)) == 2 * rows


@pytest.mark.parametrize(
    ("query", "queries"), [("", 1), ("?q=absent", 3), ("?q=absent+words", 4)]
)
def test_search_without_hits_needs_fewer_queries(
    client, query, queries, django_assert_num_queries
):
    published(article("one"))

    with django_assert_num_queries(queries):
        body(client, query)


def test_search_is_cacheable_and_noindex(client):
    response = client.get("/en/search/?q=fraud")

    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert b'<meta name="robots" content="noindex">' in response.content
    assert b"/en/search/" not in client.get("/sitemap.xml").content
