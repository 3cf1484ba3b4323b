import pytest

from portal.content.catalogue.search.engine import search_entries
from portal.content.catalogue.search.query_terms import parse_query
from portal.content.catalogue.search.snippets import Snippet, build_snippet
from portal.core.languages import LANGUAGES_BY_CODE
from tests.factories.conference import article
from tests.factories.publishing import published

pytestmark = pytest.mark.django_db


def snippet_of(q: str, language="en", displayed=("Title",), **values) -> Snippet | None:
    published(article("one", **{"title_en": "Title", **values}))
    [entry] = search_entries(q).entries
    return build_snippet(
        entry, parse_query(q).terms, LANGUAGES_BY_CODE[language], displayed
    )


def test_snippet_shows_match_outside_title():
    snippet = snippet_of("extradition", body_en="A word on <extradition> & more.")

    assert snippet.html == "A word on &lt;<mark>extradition</mark>&gt; &amp; more."
    assert (snippet.passage.tag, snippet.passage.is_fallback) == ("en", False)


def test_snippet_shows_a_word_that_is_written_with_a_hyphen():
    snippet = snippet_of("cooperation", body_en="They agreed on co-operation.")

    assert snippet.html == "They agreed on <mark>co-operation</mark>."


def test_no_snippet_when_title_matches_all_terms():
    assert snippet_of("title", body_en="A title in the text.") is None


def test_snippet_prefers_reader_language():
    texts = {"body_en": "Extradition.", "body_vi": "extradition bằng tiếng Việt"}

    assert snippet_of("extradition", "vi", **texts).passage.tag == "vi"


def test_snippet_in_other_language_is_marked():
    snippet = snippet_of("詐騙", "th", body_zh_hans="打击电信诈骗犯罪")

    assert snippet.html == "打击电信<mark>诈骗</mark>犯罪"
    assert (snippet.passage.tag, snippet.passage.is_fallback) == ("zh-Hans", True)


def test_snippet_is_converted_for_readers_of_traditional_characters():
    snippet = snippet_of("诈骗", "zh-hant", body_zh_hans="打击电信诈骗犯罪")

    assert snippet.html == "打擊電信<mark>詐騙</mark>犯罪"
    assert (snippet.passage.tag, snippet.passage.is_converted) == ("zh-Hant", True)


def test_snippet_is_passage_with_most_missing_terms():
    snippet = snippet_of(
        "fraud evidence",
        summary_en="On fraud.",
        body_en="On fraud and evidence.",
        displayed=["Title"],
    )

    assert snippet.html == "On <mark>fraud</mark> and <mark>evidence</mark>."


def test_snippet_of_a_long_text_is_cut_at_words():
    snippet = snippet_of("needle", body_en=f"{'many words ' * 60}needle{' after' * 60}")

    assert snippet.html.startswith("… words many words") or snippet.html.startswith(
        "… many words"
    )
    assert "<mark>needle</mark> after" in snippet.html
    assert snippet.html.endswith(" …")
    assert len(snippet.html) < 260


def test_burmese_snippet_is_cut_at_grapheme_clusters():
    body = "ပြည်ထောင်စု" * 60 + "ရှေ့နေချုပ်" + "ပြည်ထောင်စု" * 60
    snippet = snippet_of("ရှေ့နေချုပ်", "my", body_my=body)

    inside = snippet.html.removeprefix("… ").removesuffix(" …")
    assert "<mark>ရှေ့နေချုပ်</mark>" in inside
    assert inside.replace("<mark>", "").replace("</mark>", "") in body
    assert not inside.startswith(("ြ", "်", "ေ", "ာ"))


def test_no_snippet_when_no_passage_matches():
    assert snippet_of("article") is None
