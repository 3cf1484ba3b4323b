import pytest

from portal.core.languages import (
    LANGUAGES,
    LANGUAGES_BY_CODE,
    language_for,
    preferred_language,
)

CODES = [
    *("zh-hans", "zh-hant", "en", "vi", "th", "lo"),
    *("km", "my", "id", "ms", "fil", "pt"),
]


def code_of(language) -> str | None:
    return language.code if language else None


def test_portal_has_its_twelve_languages():
    assert sorted(language.code for language in LANGUAGES) == sorted(CODES)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_fallbacks_are_supported_languages(language):
    assert language.code not in language.fallbacks
    assert set(language.fallbacks) <= set(LANGUAGES_BY_CODE)
    assert {"en", "zh-hans"} <= {language.code, *language.fallbacks}


@pytest.mark.parametrize("code", CODES)
def test_language_code_is_case_insensitive(code):
    spellings = (code, code.upper(), code.title(), code.replace("-", "_"), f" {code} ")

    assert {code_of(language_for(tag)) for tag in spellings} == {code}


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("zh", "zh-hans"),
        ("zh-cn", "zh-hans"),
        ("zh-sg", "zh-hans"),
        ("zh-my", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("ZH_cn", "zh-hans"),
        ("zh-Hans-CN", "zh-hans"),
        ("zh-hk", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("zh-tw", "zh-hant"),
        ("zh-mo", "zh-hant"),
        ("zh-Hant-HK", "zh-hant"),
        ("zh-Hant-TW", "zh-hant"),
        ("zh-Hans-HK", "zh-hans"),
        ("zh-US", "zh-hans"),
        ("zh-Hant-x-hans", "zh-hant"),
        ("zh-x-hant", "zh-hans"),
        ("zh-yue", "zh-hant"),
        ("zh-yue-CN", "zh-hans"),
        ("zh-cmn-Hans-CN", "zh-hans"),
        ("zh-cmn-TW", "zh-hant"),
        ("yue", "zh-hant"),
        ("yue-HK", "zh-hant"),
        ("YUE_hk", "zh-hant"),
        ("yue-Hant", "zh-hant"),
        ("yue-Hans", "zh-hans"),
        ("yue-Hans-HK", "zh-hans"),
        ("yue-CN", "zh-hans"),
        ("cmn", "zh-hans"),
        ("cmn-Hans-CN", "zh-hans"),
        ("cmn-Hant", "zh-hant"),
        ("cmn-Hant-CN", "zh-hant"),
        ("cmn-TW", "zh-hant"),
        ("cmn-HK", "zh-hant"),
        ("cmn-MO", "zh-hant"),
        ("cmn-SG", "zh-hans"),
        ("wuu", "zh-hans"),
        ("hak", "zh-hans"),
        ("hak-TW", "zh-hant"),
        ("nan", "zh-hans"),
        ("nan-TW", "zh-hant"),
        ("tl", "fil"),
        ("tl-PH", "fil"),
        ("fil-PH", "fil"),
        ("in", "id"),
        ("in-ID", "id"),
        ("id-ID", "id"),
        ("pt-pt", "pt"),
        ("pt-br", "pt"),
        ("pt-BR", "pt"),
        ("pt-TL", "pt"),
        ("vi-vn", "vi"),
        ("vi-VN", "vi"),
        ("en-us", "en"),
        ("en-GB", "en"),
        ("ms-Latn-MY", "ms"),
        ("th-TH", "th"),
        ("lo-LA", "lo"),
        ("km-KH", "km"),
        ("my-MM", "my"),
    ],
)
def test_language_alias_is_resolved(tag, code):
    assert code_of(language_for(tag)) == code


@pytest.mark.parametrize(
    "tag", ["", "-", "de", "fr-FR", "zhh", "en1", "*", "chinese", "yu", "cm-Hans"]
)
def test_unknown_code_is_not_a_language(tag):
    assert language_for(tag) is None


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("vi", "vi"),
        ("vi,en;q=0.8", "vi"),
        ("en;q=0.8,vi", "vi"),
        ("en;q=0.3, th;q=0.9, vi;q=0.5", "th"),
        ("th;q=0.5,vi;q=0.5", "th"),
        ("de-DE,de;q=0.9,id;q=0.1", "id"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-hant"),
        ("yue-HK,en;q=0.8", "zh-hant"),
        ("cmn-Hans-CN;q=0.9,en;q=0.8", "zh-hans"),
        ("vi;q=0,en;q=0.1", "en"),
        ("en; q=0.2, lo ;q=0.4", "lo"),
    ],
)
def test_preferred_language_is_best_supported_match(header, code):
    assert code_of(preferred_language(header)) == code


@pytest.mark.parametrize(
    "header",
    ["", "*", ",", ";;;", "de,fr", "vi;q=0", "vi;q=x", "vi;q=nan", "vi;level=1", "q=1"],
)
def test_unusable_accept_language_yields_none(header):
    assert preferred_language(header) is None


def test_malformed_accept_language_part_is_skipped():
    assert code_of(preferred_language("vi;q=high, th;q=0.1, ;q=1, en;q")) == "th"


def test_long_accept_language_is_handled():
    assert code_of(preferred_language("en," + "x" * 100_000)) == "en"
