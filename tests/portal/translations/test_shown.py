import pytest
from django.utils import translation

from portal.conference.models import Article
from portal.languages import BY_CODE, LANGUAGES
from portal.translations.shown import (
    Shown,
    choose,
    reader_language,
    shown,
    written_languages,
)
from portal.translations.texts import texts_of

EN, HANS, HANT, VI = (BY_CODE[code] for code in ("en", "zh-hans", "zh-hant", "vi"))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_text_in_the_readers_language_is_shown_unmarked(language):
    texts = {code: f"text {code}" for code in BY_CODE}

    assert choose(texts, language) == Shown(f"text {language.code}", language)


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"en": "Opening", "zh-hans": "开幕"}, VI, Shown("Opening", EN, True)),
        ({"zh-hans": "开幕"}, VI, Shown("开幕", HANS, True)),
        ({"en": "", "zh-hans": "开幕"}, VI, Shown("开幕", HANS, True)),
        ({"en": None, "zh-hans": "开幕"}, EN, Shown("开幕", HANS, True)),
        ({"en": "Opening"}, HANS, Shown("Opening", EN, True)),
        ({"zh-hant": "開幕"}, HANT, Shown("開幕", HANT)),
        ({"en": "Opening"}, HANT, Shown("Opening", EN, True)),
    ],
)
def test_text_in_another_language_is_marked_as_that(texts, language, expected):
    assert choose(texts, language) == expected


def test_traditional_characters_are_converted_and_labelled():
    found = choose({"zh-hans": "检察机关合作", "en": "Cooperation"}, HANT)

    assert found == Shown("檢察機關合作", HANT, is_converted=True)
    assert found.tag == "zh-Hant"
    assert not found.is_fallback


def test_traditional_characters_of_a_person_are_not_converted():
    texts = {"zh-hant": "東盟", "zh-hans": "东盟"}

    assert choose(texts, HANT) == Shown("東盟", HANT)


@pytest.mark.parametrize(
    "texts", [{}, {"en": ""}, {"th": "การเปิด"}, {"zh-hant": "開幕"}]
)
def test_nothing_is_shown_of_languages_that_are_no_fallback(texts):
    assert choose(texts, VI) is None


def test_shown_tells_its_language_and_whether_it_is_empty():
    found = Shown("Opening", EN, True)

    assert (str(found), found.tag) == ("Opening", "en")
    assert bool(found) is True
    assert bool(Shown("", EN)) is False


def test_shown_reads_the_columns_of_a_record():
    record = Article(title_en="Opening", title_zh_hans="开幕")

    found = [shown(record, "title", language) for language in (EN, HANS, VI, HANT)]

    assert found == [
        Shown("Opening", EN),
        Shown("开幕", HANS),
        Shown("Opening", EN, True),
        Shown("開幕", HANT, is_converted=True),
    ]
    assert shown(record, "summary", EN) is None


def test_written_languages_are_told_in_the_order_of_the_house():
    record = Article(title_th="การเปิด", summary_zh_hans="摘要", title_en="Opening")

    assert written_languages(record, ("title",)) == ["en", "th"]
    assert written_languages(record, ("title", "summary")) == ["zh-hans", "en", "th"]


def test_texts_of_a_record_hold_each_language_in_which_either_is_written():
    record = Article(title_en="Opening", summary_zh_hans="摘要", body_th="x")

    assert texts_of(record, title="title", summary="summary") == {
        "zh-hans": ("", "摘要"),
        "en": ("Opening", ""),
    }
    assert texts_of(record, summary="summary") == {"zh-hans": ("", "摘要")}


@pytest.mark.parametrize("code", BY_CODE)
def test_reader_language_is_the_active_one(code):
    with translation.override(code):
        assert reader_language() is BY_CODE[code]


def test_reader_language_is_english_when_none_is_active():
    with translation.override(None):
        assert reader_language() is EN
