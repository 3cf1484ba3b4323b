"""Titles of records without a written title, formed from facts by a message."""

from collections.abc import Callable, Mapping

from django.utils import translation

from portal.catalogue.registry import Kind
from portal.languages import DEFAULT, Language
from portal.translations.interface import is_partly_english
from portal.translations.shown import Shown


def form_title(
    kind: Kind,
    facts: dict,
    country_names: Callable[[Language], Mapping[str, str]],
    language: Language,
) -> Shown:
    """The title that the sentence of ``kind`` makes of ``facts``.

    ``language`` is active. Where its catalogue lacks the message, the title is in
    English, with the names of the countries in English.
    """
    names = country_names(language)
    title = kind.sentence(facts, names)
    if is_partly_english(language):
        with translation.override(DEFAULT.code):
            # A message that is missing makes the same sentence in both languages.
            if title == kind.sentence(facts, names):
                title = kind.sentence(facts, country_names(DEFAULT))
                return Shown(title, DEFAULT, is_fallback=True)
    return Shown(title, language)
