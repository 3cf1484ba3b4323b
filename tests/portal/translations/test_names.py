"""Names of languages in the reader's language."""

import pytest

from portal.languages import BY_CODE, LANGUAGES
from portal.translations.names import language_name

THAI = BY_CODE["th"]


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
def test_language_is_named_for_the_reader(code, reader, name):
    shown = language_name(code, BY_CODE[reader])

    assert (shown.text, shown.language.code) == (name, reader)


def test_every_language_of_the_portal_has_a_name_in_each():
    wrong = [
        (one.code, reader.code)
        for one in LANGUAGES
        for reader in LANGUAGES
        if language_name(one.code, reader).language is not reader
    ]

    assert wrong == []


def test_language_that_cldr_cannot_name_is_its_code():
    assert language_name("qaa", THAI).text == "qaa"
