"""Weeks as they are counted and named where a language is at home, by CLDR."""

from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.dates import get_day_names

from portal.languages import Language
from portal.translations.locales import cldr


@dataclass(frozen=True)
class Weekday:
    """A day of the week: 0 is Monday. ``short`` heads a column, ``name`` is whole."""

    number: int
    short: str
    name: str


def territory(language: Language) -> str:
    """The ISO 3166 code of where ``language`` is at home: ``TH``, ``GB``, ``HK``.

    CLDR's likely one where the language's own locale names none.
    """
    return _whole(language.locale).territory


@cache
def weekdays(language: Language) -> list[Weekday]:
    """The seven days in the order in which a week is printed there."""
    # CLDR knows the first day by territory: "th" alone would begin on Monday.
    first = _whole(language.locale).first_week_day
    # Of the forms inside a date: Babel gives the stand-alone ones of some languages in
    # whichever language was asked for first.
    short, name = (
        get_day_names(width, context="format", locale=cldr(language))
        for width in ("abbreviated", "wide")
    )
    numbers = [(first + step) % 7 for step in range(7)]
    return [Weekday(number, short[number], name[number]) for number in numbers]


@cache
def _whole(locale: str) -> Locale:
    known = Locale.parse(locale)
    if known.territory:
        return known
    likely = get_global("likely_subtags")
    return Locale.parse(likely.get(locale) or likely[known.language])
