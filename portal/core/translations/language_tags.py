"""BCP 47 tags of languages that the portal need not have, as of a foreign report."""

import re
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES, Language
from portal.core.translations.language_names import get_language_name
from portal.core.translations.locales import get_cldr_locale
from portal.core.translations.localized_text import LocalizedText

# Language with script, region or both: "zh-Hans", "pt-BR".
_TAG = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE
)
_MESSAGE = _(
    "Choose a language from the list, or enter its code, for example th or zh-Hans."
)


def normalize_language_tag(text: str) -> str | None:
    """Return ``text`` in the usual spelling of a language tag: ``zh-Hans``, ``pt-BR``.

    None if it is not a tag of language, script and region, or if CLDR has no name for
    the language. Extended subtags and variants are not accepted.
    """
    match = _TAG.fullmatch(text.strip().replace("_", "-"))
    if match is None:
        return None
    language, script, region = (part or "" for part in match.groups())
    if language.lower() not in get_cldr_locale(DEFAULT_LANGUAGE).languages:
        return None
    parts = (language.lower(), script.title(), region.upper())
    return "-".join(filter(None, parts))


def find_language_tag(text: str, display_language: Language) -> str | None:
    """Return the tag of a language that is written as a tag or by its name, or None.

    Names are those in ``display_language``, in English and, of the portal's languages,
    in the language itself.
    """
    if tag := normalize_language_tag(text):
        return tag
    name = text.strip().casefold()
    for language in (display_language, DEFAULT_LANGUAGE):
        if tag := _get_tags_by_name(language).get(name):
            return tag
    return None


def list_languages(display_language: Language) -> list[tuple[str, LocalizedText]]:
    """Return tag and name of the portal's languages, then of those with a short tag.

    A short tag has two letters (ISO 639-1). These are sorted by name.
    """
    tags = [language.tag for language in LANGUAGES]
    portal_languages = {tag.partition("-")[0] for tag in tags}
    others = [
        (code, get_language_name(code, display_language))
        for code in get_cldr_locale(DEFAULT_LANGUAGE).languages
        if len(code) == 2 and code not in portal_languages
    ]
    others.sort(key=lambda pair: pair[1].text.casefold())
    return [(tag, get_language_name(tag, display_language)) for tag in tags] + others


def validate_language_tag(text: str) -> None:
    """Raise ValidationError unless ``text`` is a language tag in the usual spelling."""
    if normalize_language_tag(text) != text:
        raise ValidationError(_MESSAGE)


@cache
def _get_tags_by_name(display_language: Language) -> dict[str, str]:
    """Map names of languages, in lower case, to their tags."""
    names = {
        name.casefold(): code.replace("_", "-")
        for code, name in get_cldr_locale(display_language).languages.items()
    }
    own_names = {
        name.casefold(): language.tag
        for language in LANGUAGES
        for name in (language.native_name, language.name)
    }
    return names | own_names
