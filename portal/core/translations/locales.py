"""CLDR locales of the portal's languages, cached."""

from functools import cache

from babel import Locale

from portal.core.languages import Language


@cache
def get_cldr_locale(language: Language) -> Locale:
    """Return Babel's locale for ``language``.

    Cached, because given a name Babel would search about a thousand locales for every
    date and number.
    """
    return Locale.parse(language.locale)
