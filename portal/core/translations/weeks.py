"""First day of the week and names of weekdays by language, by CLDR."""

from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.dates import get_day_names

from portal.core.languages import Language
from portal.core.translations.locales import get_cldr_locale


@dataclass(frozen=True)
class Weekday:
    """Day of the week: ``number`` 0 is Monday, ``short`` is the abbreviated name."""

    number: int
    short: str
    name: str


def territory(language: Language) -> str:
    """Return the ISO 3166 code of the territory of ``language``: TH, GB, HK.

    If the language's locale names no territory, this is CLDR's likely one.
    """
    return _get_locale_with_territory(language.locale).territory


@cache
def weekdays(language: Language) -> list[Weekday]:
    """Return the seven days in the order of a week in the language's territory."""
    # The first day depends on the territory: "th" without one would begin on Monday.
    first = _get_locale_with_territory(language.locale).first_week_day
    # "format", not "stand-alone": of some languages Babel returns stand-alone names in
    # the language that was requested first.
    short, name = (
        get_day_names(width, context="format", locale=get_cldr_locale(language))
        for width in ("abbreviated", "wide")
    )
    numbers = [(first + step) % 7 for step in range(7)]
    return [Weekday(number, short[number], name[number]) for number in numbers]


@cache
def _get_locale_with_territory(locale: str) -> Locale:
    """Return Babel's locale with a territory, CLDR's likely one if none is named."""
    parsed = Locale.parse(locale)
    if parsed.territory:
        return parsed
    likely = get_global("likely_subtags")
    return Locale.parse(likely.get(locale) or likely[parsed.language])
