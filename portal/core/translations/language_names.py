"""Names of languages, by CLDR."""

from functools import cache

from portal.core.languages import (
    CHINESE_VARIETIES,
    DEFAULT_LANGUAGE,
    Language,
    language_for,
)
from portal.core.translations.locales import get_cldr_locale
from portal.core.translations.localized_text import LocalizedText


@cache
def get_language_name(code: str, display_language: Language) -> LocalizedText:
    """Return the name of a language for readers of ``display_language``.

    ``code`` is any BCP 47 tag. If CLDR has no name in ``display_language``, the English
    name is returned, otherwise the code; the ``language`` of the result is that of the
    name.
    """
    return _get_name(_get_named_tag(code), display_language)


@cache
def get_spoken_language_name(code: str, display_language: Language) -> LocalizedText:
    """Return the name of a language as :func:`get_language_name` does, without script.

    A country or a lecturer speaks Chinese, not Simplified Chinese.
    """
    primary = _get_named_tag(code).partition("-")[0].lower()
    return _get_name(primary, display_language)


def _get_named_tag(code: str) -> str:
    """Return the tag by which CLDR names a language: "id" for the older code "in"."""
    primary = code.partition("-")[0].lower()
    # "yue" is displayed in one of the portal's languages, but has its own name.
    is_variety = primary in CHINESE_VARIETIES and primary != "zh"
    portal_language = None if is_variety else language_for(code)
    return portal_language.tag if portal_language else code


def _get_name(tag: str, display_language: Language) -> LocalizedText:
    for language in (display_language, DEFAULT_LANGUAGE):
        names = get_cldr_locale(language).languages
        name = names.get(tag.replace("-", "_")) or names.get(tag.partition("-")[0])
        if name:
            return LocalizedText(name, language)
    return LocalizedText(tag, DEFAULT_LANGUAGE)
