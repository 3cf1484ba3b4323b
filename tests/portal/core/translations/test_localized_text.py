import pytest
from django.utils import translation

from portal.conference.models import Article
from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.localized_text import (
    LocalizedText,
    choose_localized_text,
    get_active_language,
    localized,
    written_languages,
)
from portal.core.translations.record_texts import get_texts_by_language

EN, HANS, HANT, VI = (
    LANGUAGES_BY_CODE[code] for code in ("en", "zh-hans", "zh-hant", "vi")
)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_text_in_reader_language_is_unmarked(language):
    texts = {code: f"text {code}" for code in LANGUAGES_BY_CODE}

    assert choose_localized_text(texts, language) == LocalizedText(
        f"text {language.code}", language
    )


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"en": "Opening", "zh-hans": "开幕"}, VI, LocalizedText("Opening", EN, True)),
        ({"zh-hans": "开幕"}, VI, LocalizedText("开幕", HANS, True)),
        ({"en": "", "zh-hans": "开幕"}, VI, LocalizedText("开幕", HANS, True)),
        ({"en": None, "zh-hans": "开幕"}, EN, LocalizedText("开幕", HANS, True)),
        ({"en": "Opening"}, HANS, LocalizedText("Opening", EN, True)),
        ({"zh-hant": "開幕"}, HANT, LocalizedText("開幕", HANT)),
        ({"en": "Opening"}, HANT, LocalizedText("Opening", EN, True)),
    ],
)
def test_text_in_other_language_is_marked(texts, language, expected):
    assert choose_localized_text(texts, language) == expected


def test_traditional_characters_are_converted_and_labelled():
    text = choose_localized_text({"zh-hans": "检察机关合作", "en": "Cooperation"}, HANT)

    assert text == LocalizedText("檢察機關合作", HANT, is_converted=True)
    assert text.tag == "zh-Hant"
    assert not text.is_fallback


def test_human_written_traditional_text_is_not_converted():
    texts = {"zh-hant": "東盟", "zh-hans": "东盟"}

    assert choose_localized_text(texts, HANT) == LocalizedText("東盟", HANT)


@pytest.mark.parametrize(
    "texts", [{}, {"en": ""}, {"th": "การเปิด"}, {"zh-hant": "開幕"}]
)
def test_text_in_non_fallback_language_is_not_shown(texts):
    assert choose_localized_text(texts, VI) is None


def test_localized_text_has_language_and_truth_value():
    text = LocalizedText("Opening", EN, True)

    assert (str(text), text.tag) == ("Opening", "en")
    assert bool(text) is True
    assert bool(LocalizedText("", EN)) is False


def test_localized_reads_record_columns():
    record = Article(title_en="Opening", title_zh_hans="开幕")

    texts = [localized(record, "title", language) for language in (EN, HANS, VI, HANT)]

    assert texts == [
        LocalizedText("Opening", EN),
        LocalizedText("开幕", HANS),
        LocalizedText("Opening", EN, True),
        LocalizedText("開幕", HANT, is_converted=True),
    ]
    assert localized(record, "summary", EN) is None


def test_written_languages_follow_portal_order():
    record = Article(title_th="การเปิด", summary_zh_hans="摘要", title_en="Opening")

    assert written_languages(record, ("title",)) == ["en", "th"]
    assert written_languages(record, ("title", "summary")) == ["zh-hans", "en", "th"]


def test_texts_of_includes_each_language_with_title_or_summary():
    record = Article(title_en="Opening", summary_zh_hans="摘要", body_th="x")

    assert get_texts_by_language(record, title="title", summary="summary") == {
        "zh-hans": ("", "摘要"),
        "en": ("Opening", ""),
    }
    assert get_texts_by_language(record, summary="summary") == {"zh-hans": ("", "摘要")}


@pytest.mark.parametrize("code", LANGUAGES_BY_CODE)
def test_reader_language_is_active_language(code):
    with translation.override(code):
        assert get_active_language() is LANGUAGES_BY_CODE[code]


def test_reader_language_is_english_when_none_is_active():
    with translation.override(None):
        assert get_active_language() is EN
