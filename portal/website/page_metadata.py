"""Language alternatives and Open Graph locale for the head of a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE, Language
from portal.core.translations.weeks import territory

# Default languages for visitors who read none of the portal's languages, in order of
# preference.
_DEFAULT_LANGUAGE_ORDER = ("en", "zh-hans")


@dataclass(frozen=True)
class AlternateLink:
    """Link to a page in another language; ``hreflang`` may be ``x-default``."""

    hreflang: str
    path: str


def alternate_links(path: str, codes: Iterable[str]) -> list[AlternateLink]:
    """Return the links to a page in the languages ``codes``, and its x-default.

    ``path`` is the path after the language prefix. Empty if there are no languages.
    """
    available_codes = set(codes)
    links = [
        AlternateLink(language.tag, f"/{language.code}/{path}")
        for language in LANGUAGES
        if language.code in available_codes
    ]
    default_code = default_language_code(available_codes)
    return (
        [*links, AlternateLink("x-default", f"/{default_code}/{path}")]
        if default_code
        else []
    )


def default_language_code(codes: Iterable[str]) -> str:
    """Return the default language among ``codes``, "" if there are none.

    It is the language for visitors who read none of the portal's languages.
    """
    available_codes = set(codes)
    preferred_order = (*_DEFAULT_LANGUAGE_ORDER, *LANGUAGES_BY_CODE)
    return next((code for code in preferred_order if code in available_codes), "")


def open_graph_locale(language: Language) -> str:
    """Return the Open Graph locale of a language: ``th_TH``, ``zh_CN``.

    The format has language and territory but no script.
    """
    return f"{language.locale.partition('_')[0]}_{territory(language)}"
