"""Names of languages in the reader's language."""

import pytest

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.language_names import (
    get_language_name,
    get_spoken_language_name,
)

THAI = LANGUAGES_BY_CODE["th"]


@pytest.mark.parametrize(
    ("code", "page_language", "name"),
    [
        ("zh-hans", "en", "Simplified Chinese"),
        ("zh-hans", "zh-hans", "简体中文"),
        ("lo", "zh-hant", "老撾文"),
        ("tet", "pt", "tétum"),
        ("ta", "km", "តាមីល"),
        ("yue", "en", "Cantonese"),
        ("zh", "en", "Simplified Chinese"),
    ],
)
def test_language_name_is_localized(code, page_language, name):
    name_text = get_language_name(code, LANGUAGES_BY_CODE[page_language])

    assert (name_text.text, name_text.language.code) == (name, page_language)


@pytest.mark.parametrize(
    ("code", "page_language", "name"),
    [
        ("zh", "en", "Chinese"),
        ("zh-Hans", "zh-hant", "中文"),
        ("zh-hans", "vi", "Tiếng Trung"),
        ("yue", "en", "Cantonese"),
        ("fil", "zh-hans", "菲律宾语"),
        ("in", "en", "Indonesian"),
        ("pt-BR", "en", "Portuguese"),
        ("qaa", "th", "qaa"),
    ],
)
def test_spoken_language_has_no_script(code, page_language, name):
    name_text = get_spoken_language_name(code, LANGUAGES_BY_CODE[page_language])

    assert name_text.text == name


def test_every_language_has_localized_name_in_each_language():
    wrong = [
        (language.code, page_language.code)
        for language in LANGUAGES
        for page_language in LANGUAGES
        if get_language_name(language.code, page_language).language is not page_language
    ]

    assert wrong == []


def test_language_unknown_to_cldr_is_shown_as_code():
    assert get_language_name("qaa", THAI).text == "qaa"
