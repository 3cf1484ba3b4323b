"""Names of languages in the reader's language."""

import pytest

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.language_names import get_language_name

THAI = LANGUAGES_BY_CODE["th"]


@pytest.mark.parametrize(
    ("code", "reader", "name"),
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
def test_language_name_is_localized(code, reader, name):
    shown = get_language_name(code, LANGUAGES_BY_CODE[reader])

    assert (shown.text, shown.language.code) == (name, reader)


def test_every_language_has_localized_name_in_each_language():
    wrong = [
        (language.code, reader.code)
        for language in LANGUAGES
        for reader in LANGUAGES
        if get_language_name(language.code, reader).language is not reader
    ]

    assert wrong == []


def test_language_unknown_to_cldr_is_shown_as_code():
    assert get_language_name("qaa", THAI).text == "qaa"
