"""What CLDR has of a language, looked up once."""

from functools import cache

from babel import Locale

from portal.languages import Language


@cache
def cldr(language: Language) -> Locale:
    """Given a name, Babel looks for it among a thousand, for every date and number."""
    return Locale.parse(language.locale)
