"""Formatting of dates and periods in the twelve languages, by CLDR.

A date is shown only as precisely as it is known: a date of precision ``month`` is
"September 2017", never "1 September 2017". Thai dates have the year of the Buddhist
era, and that of the common era in brackets.
"""

import datetime as dt
import re
from itertools import takewhile

from babel.dates import format_date, format_interval, format_skeleton

from portal.core.languages import Language
from portal.core.translations.locales import get_cldr_locale
from portal.core.translations.localized_text import get_active_language

# Patterns of one day instead of CLDR's, so that a day and a month read alike.
_DAY_PATTERNS = {"vi": "d 'tháng' M 'năm' y"}
# Words before a date in a sentence or title, by language and precision.
_WORDS_IN_TEXT = {("vi", "day"): "ngày", ("vi", "year"): "năm"}
_BUDDHIST_ERA_OFFSET = 543


def format_period(
    start: dt.date, end: dt.date | None, precision: str, language: Language
) -> str:
    """Format a period: ``22–24 September 2025``, ``September 2017``, ``2017``.

    ``precision`` is ``day``, ``month`` or ``year``. ``end`` is used only with the
    precision ``day``.
    """
    if precision == "year":
        return _format_year(start, language)
    if precision == "month":
        return _format_month(start, language)
    if end is None or end == start:
        return format_day(start, language)
    return _format_interval(start, end, language)


def format_known_date(day: dt.date, precision: str) -> str:
    """Format a date in the active language, with the given precision.

    ``precision`` is ``day``, ``month`` or ``year``.
    """
    return format_period(day, None, precision, get_active_language())


def format_iso_date(text: str, language: Language) -> str:
    """Format a period in ISO 8601 for a sentence or title, as exact as it is.

    ``2017-09-17`` becomes ``17 September 2017``, in Vietnamese ``ngày 17 tháng 9 năm
    2017``; ``text`` may also be a month, a year or ``2025-09-22/2025-09-24``.
    """
    first, _separator, last = text.partition("/")
    precision = {4: "year", 7: "month", 10: "day"}[len(first)]
    period = format_period(
        dt.date.fromisoformat(f"{first}-01-01"[:10]),
        dt.date.fromisoformat(last) if last else None,
        precision,
        language,
    )
    word = _WORDS_IN_TEXT.get((language.code, precision))
    return f"{word} {period}" if word else period


def format_day(day: dt.date, language: Language) -> str:
    """Format one day: ``22 September 2025``, ``2025年9月22日``."""
    return _add_era(_format_long(day, language), day.year, language)


def _format_long(day: dt.date, language: Language) -> str:
    pattern = _DAY_PATTERNS.get(language.code, "long")
    return format_date(day, format=pattern, locale=get_cldr_locale(language))


def _format_month(first: dt.date, language: Language) -> str:
    text = format_skeleton("yMMMM", first, locale=get_cldr_locale(language))
    return _add_era(text, first.year, language)


def _format_year(first: dt.date, language: Language) -> str:
    text = format_skeleton("y", first, locale=get_cldr_locale(language))
    return _add_era(text, first.year, language)


def _format_interval(first: dt.date, last: dt.date, language: Language) -> str:
    """Format two different days; the parts that they have in common appear once.

    CLDR's own intervals abbreviate the month ("22–24 Sept") in most languages, so they
    are used only for Chinese, which has no abbreviations.
    """
    if language.locale.startswith("zh"):
        return format_interval(first, last, "yMMMMd", locale=get_cldr_locale(language))
    if first.year != last.year:
        return f"{format_day(first, language)} – {format_day(last, language)}"
    # Compare dates with different day numbers (10 and 20), so that the day of 5
    # September and 5 October is not taken for a common part.
    tenth, twentieth = (
        _split_date(day.replace(day=number), language)
        for day, number in ((first, 10), (last, 20))
    )
    before = _count_shared_parts(tenth, twentieth)
    after = _count_shared_parts(tenth[before:][::-1], twentieth[before:][::-1])
    starts, ends = _split_date(first, language), _split_date(last, language)
    middles = [parts[before : len(parts) - after] for parts in (starts, ends)]
    dash = "–" if all(len(middle) == 1 for middle in middles) else " – "
    start, end = ("".join(middle) for middle in middles)
    rest = "".join(ends[len(ends) - after :])
    text = "".join(starts[:before]) + start + dash + end + rest
    return _add_era(text, last.year, language)


def _split_date(day: dt.date, language: Language) -> list[str]:
    """Split a formatted day into numbers, white space, punctuation and words."""
    return _PARTS.findall(_format_long(day, language))


_PARTS = re.compile(r"\d+|\s+|[,.]|[^\s\d,.]+")


def _count_shared_parts(first: list[str], second: list[str]) -> int:
    """Return the number of equal parts at the beginning of both lists."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _add_era(text: str, year: int, language: Language) -> str:
    """Return a date with the year in both eras if the language is Thai.

    CLDR names the common era ("ค.ศ.") in the date of a day only.
    """
    if language.code != "th":
        return text
    before = text.removesuffix(str(year)).removesuffix("ค.ศ. ")
    return f"{before}พ.ศ. {year + _BUDDHIST_ERA_OFFSET} (ค.ศ. {year})"
