"""Titles of records without a written title, generated from their facts."""

from collections.abc import Callable, Mapping

from django.utils import translation

from portal.content.catalogue.registry import Kind
from portal.core.languages import DEFAULT_LANGUAGE, Language
from portal.core.translations.interface_language import is_partly_english
from portal.core.translations.localized_text import LocalizedText


def form_title(
    kind: Kind,
    facts: dict,
    country_names: Callable[[Language], Mapping[str, str]],
    language: Language,
) -> LocalizedText:
    """Return the title that ``kind.title_from_facts`` generates from ``facts``.

    ``language`` must be the active language; ``country_names`` returns the country
    names of a language by iso2. If the translation catalogue of the language lacks the
    message, the title and the country names in it are English.
    """
    names = country_names(language)
    title = kind.title_from_facts(facts, names)
    if is_partly_english(language):
        with translation.override(DEFAULT_LANGUAGE.code):
            # A missing message produces the same sentence in both languages.
            if title == kind.title_from_facts(facts, names):
                title = kind.title_from_facts(facts, country_names(DEFAULT_LANGUAGE))
                return LocalizedText(title, DEFAULT_LANGUAGE, is_fallback=True)
    return LocalizedText(title, language)
