"""Days and periods in words, by CLDR, for all twelve languages.

A date is told as exactly as it is known: September 2017 is never 1 September.
"""

import datetime as dt
import re
from itertools import takewhile

from babel.dates import format_date, format_interval, format_skeleton

from portal.languages import Language
from portal.translations.locales import cldr
from portal.translations.shown import reader_language


def in_words(
    first: dt.date, last: dt.date | None, precision: str, language: Language
) -> str:
    """A period as text: ``22–24 September 2025``, ``September 2017``, ``2017``.

    ``precision`` is ``day``, ``month`` or ``year``; ``last`` counts for days only.
    """
    if precision == "year":
        return _year(first, language)
    if precision == "month":
        return _month(first, language)
    if last is None or last == first:
        return day_in_words(first, language)
    return _interval(first, last, language)


def known_date(day: dt.date, precision: str) -> str:
    """A date in the active language, as exactly as ``precision`` says."""
    return in_words(day, None, precision, reader_language())


def day_in_words(day: dt.date, language: Language) -> str:
    """One day as text, e.g. ``22 September 2025``, ``2025年9月22日``."""
    words = format_date(day, format="long", locale=cldr(language))
    return _with_buddhist_year(words, day.year, language)


def _month(first: dt.date, language: Language) -> str:
    words = format_skeleton("yMMMM", first, locale=cldr(language))
    return _with_buddhist_year(words, first.year, language)


def _year(first: dt.date, language: Language) -> str:
    words = format_skeleton("y", first, locale=cldr(language))
    return _with_buddhist_year(words, first.year, language)


def _interval(first: dt.date, last: dt.date, language: Language) -> str:
    """Both days, the parts that they share told once.

    CLDR's own intervals shorten the month ("22–24 Sept") in most languages; they are
    taken for Chinese only, where nothing is shortened.
    """
    if language.locale.startswith("zh"):
        return format_interval(first, last, "yMMMMd", locale=cldr(language))
    if first.year != last.year:
        return f"{day_in_words(first, language)} – {day_in_words(last, language)}"
    # Judged by days that differ: of 5 September and 5 October, "5" is not shared.
    tenth, twentieth = (
        _parts(day.replace(day=number), language)
        for day, number in ((first, 10), (last, 20))
    )
    before = _shared(tenth, twentieth)
    after = _shared(tenth[before:][::-1], twentieth[before:][::-1])
    starts, ends = _parts(first, language), _parts(last, language)
    middles = [parts[before : len(parts) - after] for parts in (starts, ends)]
    dash = "–" if all(len(middle) == 1 for middle in middles) else " – "
    start, end = ("".join(middle) for middle in middles)
    rest = "".join(ends[len(ends) - after :])
    words = "".join(starts[:before]) + start + dash + end + rest
    return _with_buddhist_year(words, last.year, language)


def _parts(day: dt.date, language: Language) -> list[str]:
    return _PARTS.findall(format_date(day, format="long", locale=cldr(language)))


_PARTS = re.compile(r"\d+|\s+|[,.]|[^\s\d,.]+")


def _shared(one: list[str], other: list[str]) -> int:
    """How many first parts are the same in both."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _with_buddhist_year(words: str, year: int, language: Language) -> str:
    """Thai readers count in the Buddhist era; both years are told."""
    return f"{words} (พ.ศ. {year + 543})" if language.code == "th" else words
