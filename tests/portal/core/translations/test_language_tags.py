"""Tags of languages that the portal need not have, and their names."""

import pytest
from django.core.exceptions import ValidationError

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.language_tags import (
    find_language_tag,
    list_languages,
    normalize_language_tag,
    validate_language_tag,
)

ENGLISH, CHINESE = LANGUAGES_BY_CODE["en"], LANGUAGES_BY_CODE["zh-hans"]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("th", "th"),
        (" TH ", "th"),
        ("ZH-HANS", "zh-Hans"),
        ("zh_hant", "zh-Hant"),
        ("pt-br", "pt-BR"),
        ("zh-hant-hk", "zh-Hant-HK"),
        ("es-419", "es-419"),
        ("tet", "tet"),
        ("yue", "yue"),
    ],
)
def test_tag_is_written_in_the_usual_spelling(text, tag):
    assert normalize_language_tag(text) == tag


@pytest.mark.parametrize(
    "text",
    ["", "x", "qx", "xx", "en-", "-en", "en-x-private", "th th", "t" * 300, "ไทย"],
)
def test_text_that_is_no_tag_of_a_known_language(text):
    assert normalize_language_tag(text) is None


@pytest.mark.parametrize(
    ("text", "display_language", "tag"),
    [
        ("Thai", ENGLISH, "th"),
        ("japanese", ENGLISH, "ja"),
        ("泰语", CHINESE, "th"),
        ("日语", CHINESE, "ja"),
        ("Japanese", CHINESE, "ja"),
        ("ไทย", ENGLISH, "th"),
        ("简体中文", ENGLISH, "zh-Hans"),
        ("Chinese (traditional)", CHINESE, "zh-Hant"),
        # Irish; "Ga" is the name of another language.
        ("ga", ENGLISH, "ga"),
        ("日语", ENGLISH, None),
        ("nonsense", ENGLISH, None),
    ],
)
def test_language_is_found_by_tag_or_name(text, display_language, tag):
    assert find_language_tag(text, display_language) == tag


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_suggested_languages_are_valid_and_start_with_those_of_the_portal(language):
    suggested = list_languages(language)
    tags = [tag for tag, _name in suggested]

    assert tags[: len(LANGUAGES)] == [portal.tag for portal in LANGUAGES]
    assert len(set(tags)) == len(tags) > 150
    assert all(normalize_language_tag(tag) == tag for tag in tags)
    assert all(name.text for _tag, name in suggested)


def test_only_the_usual_spelling_is_valid():
    validate_language_tag("zh-Hans")

    for text in ("zh-hans", "Thai"):
        with pytest.raises(ValidationError, match="Choose a language from the list"):
            validate_language_tag(text)
