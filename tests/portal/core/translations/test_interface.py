"""The language in which an interface message is shown."""

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from portal.core.translations.interface_language import (
    interface_text,
    is_partly_english,
    message_language,
    text_language,
)

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
CATALOGUE = f"""{HEADER}
msgid "Thing of test"
msgstr "Vật"

msgid "Same of test"
msgstr "Same of test"

msgctxt "place"
msgid "Both of test"
msgstr "Cả hai"

msgctxt "time"
msgid "Both of test"
msgstr ""

msgid "%(count)s thing of test"
msgid_plural "%(count)s things of test"
msgstr[0] "%(count)s vật"

msgid "%(count)s gap of test"
msgid_plural "%(count)s gaps of test"
msgstr[0] ""

msgid "gap of test, %(name)s"
msgstr ""

msgid "Vật"
msgstr ""
"""
VIETNAMESE, THAI = LANGUAGES_BY_CODE["vi"], LANGUAGES_BY_CODE["th"]


@pytest.fixture
def catalogues(settings, tmp_path):
    for locale, text in {"vi": CATALOGUE, "th": HEADER}.items():
        folder = tmp_path / locale / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text(text, encoding="utf-8")
    settings.LOCALE_PATHS = [tmp_path]
    call_command("compile_catalogues", verbosity=0)


@pytest.mark.usefixtures("catalogues")
def test_language_of_a_message_is_english_where_it_is_missing():
    translated = {
        "translated": message_language(VIETNAMESE, "Thing of test"),
        "spelled alike": message_language(VIETNAMESE, "Same of test"),
        "context": message_language(VIETNAMESE, "Both of test", context="place"),
        "plural": message_language(
            VIETNAMESE,
            "%(count)s thing of test",
            plural="%(count)s things of test",
        ),
    }
    missing = {
        "empty": message_language(VIETNAMESE, "gap of test, %(name)s"),
        "context": message_language(VIETNAMESE, "Both of test", context="time"),
        "no context": message_language(VIETNAMESE, "Both of test"),
        "plural": message_language(
            VIETNAMESE, "%(count)s gap of test", plural="%(count)s gaps of test"
        ),
        "unknown": message_language(VIETNAMESE, "Unknown to the test"),
        "catalogue": message_language(THAI, "Thing of test"),
    }

    assert set(translated.values()) == {VIETNAMESE}
    assert set(missing.values()) == {DEFAULT_LANGUAGE}
    assert message_language(DEFAULT_LANGUAGE, "Unknown to the test") is DEFAULT_LANGUAGE


@pytest.mark.usefixtures("catalogues")
def test_language_of_a_text_is_english_where_its_message_is_missing():
    with translation.override("vi"):
        missing = [
            gettext("gap of test, %(name)s"),
            capfirst(gettext("gap of test, %(name)s")),
            pgettext("time", "Both of test"),
        ]
        translated = [
            gettext("Thing of test"),
            gettext("Same of test"),
            # Both a translation and the msgid of a message without a translation.
            "Vật",
            # Texts that are not messages.
            *("", "2025", "SEM-0001"),
        ]

    assert {text_language(VIETNAMESE, text) for text in missing} == {DEFAULT_LANGUAGE}
    assert {text_language(VIETNAMESE, text) for text in translated} == {VIETNAMESE}
    assert text_language(DEFAULT_LANGUAGE, missing[0]) is DEFAULT_LANGUAGE


@pytest.mark.usefixtures("catalogues")
def test_text_with_values_has_the_language_of_its_message():
    with translation.override("vi"):
        gap = interface_text(gettext("gap of test, %(name)s"), {"name": "Huế"})
        translated = interface_text(gettext("Thing of test"))

    assert (gap.text, gap.tag, gap.is_fallback) == ("gap of test, Huế", "en", True)
    assert (translated.text, translated.tag, translated.is_fallback) == (
        "Vật",
        "vi",
        False,
    )


@pytest.mark.usefixtures("catalogues")
def test_language_is_partly_english_if_its_catalogue_lacks_messages():
    assert is_partly_english(VIETNAMESE)
    assert is_partly_english(THAI)
    assert not is_partly_english(DEFAULT_LANGUAGE)


def test_message_of_the_framework_that_it_translates_is_not_english(catalogues):
    """Django translates this message to Vietnamese; the test catalogue does not."""
    assert message_language(VIETNAMESE, "This field is required.") is VIETNAMESE
