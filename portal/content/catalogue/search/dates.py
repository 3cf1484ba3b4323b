"""Dates as people write them in a query, in all twelve languages.

The index has tokens for the years, months and days of a record's period; a date in a
query becomes the token of its precision. Names of months come from CLDR.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from babel.dates import get_month_names

from portal.content.catalogue.period import MAX_YEAR, MIN_YEAR, Period, iso_date
from portal.core.languages import LANGUAGES
from portal.core.translations.normal_form import fold

# Folding removes private-use characters from every text.
_DATE_PREFIX = "\ue021"
# Longer periods are indexed by their first days and months, and by all of their years.
_MAX_DAYS, _MAX_MONTHS = 62, 36
# Years by which the Buddhist era of Thailand, Laos and Cambodia is ahead.
_BUDDHIST_ERA_OFFSET = 543
# Thai dates often have only the last two digits of the year: "29 ต.ค. 67" is of 2567.
_BUDDHIST_CENTURY = 2500
# Words around the parts of a date: "of", "year", "month", "day" and so on.
_FILLERS = (
    *("the", "of", "on", "in", "de", "do", "da", "em", "dia", "ano", "ng", "noong"),
    *("pada", "taong", "ngay", "mung", "mong", "tahun", "tanggal", "haribulan", "hb"),
    *("วันที่", "ปี", "พ.ศ.", "พ.ศ", "พศ", "ค.ศ.", "ค.ศ", "คศ"),
    *("ວັນທີ", "ປີ", "ຄ.ສ.", "ພ.ສ."),
    *("ថ្ងៃទី", "ថ្ងៃ", "ឆ្នាំ", "ព.ស.", "គ.ស."),
    *("ခုနှစ်", "ခု", "နှစ်", "လ", "ရက်နေ့", "ရက်", "နေ့", "ပြည့်နှစ်"),
)
# Words before the number of a month.
_MONTH_WORDS = (
    *("thang", "thg", "bulan", "buwan", "mes"),
    *("เดือน", "ເດືອນ", "ខែទី", "ខែ"),
)
# Words after "tháng", as Vietnamese documents write months.
_VIETNAMESE_MONTHS = {
    "một": 1,
    "giêng": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
}
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HAN_DIGIT = "[〇零一二三四五六七八九0-9]"
_HAN_NUMBER = "(?:[0-3]?[0-9]|[一二三四五六七八九十廿卅]{1,3})"


@dataclass(frozen=True)
class QueryDate:
    """A date in a query: ``start`` and ``end`` of its text, and ``iso``, its value."""

    start: int
    end: int
    iso: str

    @property
    def token(self) -> str:
        """The token of the records that take place at this date."""
        return date_token(self.iso)


def date_token(iso: str) -> str:
    """Return the token of a year, month or day: ``2025``, ``2025-09``, …"""
    return _DATE_PREFIX + iso.replace("-", "")


def period_tokens(period: Period) -> list[str]:
    """Return the tokens of all years, months and days in a period, at its precision.

    A record of which only the month is known has no token for a day.
    """
    if period.first is None or period.last_day is None:
        return []
    values: dict[str, None] = {}
    for year in range(period.first.year, period.last_day.year + 1):
        values[str(year)] = None
    if period.precision != "year":
        months = {
            iso_date(day, "month"): None for day in _days(period, _MAX_MONTHS * 31)
        }
        values |= dict.fromkeys(list(months)[:_MAX_MONTHS])
    if period.precision == "day":
        values |= {day.isoformat(): None for day in _days(period, _MAX_DAYS)}
    return [date_token(value) for value in values]


def _days(period: Period, limit: int) -> Iterator[dt.date]:
    count = min((period.last_day - period.first).days + 1, limit)
    for number in range(count):
        yield period.first + dt.timedelta(days=number)


def find_dates(folded: str) -> list[QueryDate]:
    """Return the dates in a folded query, in order; they do not overlap."""
    dates: list[QueryDate] = []
    for pattern in _patterns():
        for match in pattern.finditer(folded):
            start, end = match.span()
            if any(start < date.end and date.start < end for date in dates):
                continue
            if iso := _value(match.groupdict()):
                dates.append(QueryDate(start, end, iso))
    return sorted(dates, key=lambda date: date.start)


def _value(parts: dict[str, str | None]) -> str:
    """Return the ISO 8601 value of the parts of a date, "" if there is no such date."""
    year = int(parts["year"].translate(_HAN_DIGITS))
    if year < 100:
        year += _BUDDHIST_CENTURY
    if year > MAX_YEAR:
        year -= _BUDDHIST_ERA_OFFSET
    if not MIN_YEAR <= year <= MAX_YEAR:
        return ""
    month = _month_number(parts)
    day = _han_number(parts["day"]) if parts.get("day") else None
    if month is None:
        return str(year)
    if parts.get("is_numeric") is not None and month > 12 and day and day <= 12:
        day, month = month, day
    try:
        date = dt.date(year, month, day or 1)
    except ValueError:
        return ""
    return iso_date(date, "day" if day else "month")


def _month_number(parts: dict[str, str | None]) -> int | None:
    if parts.get("name"):
        return _month_names()[parts["name"]]
    number = parts.get("month") or parts.get("number")
    return _han_number(number) if number else None


def _han_number(text: str) -> int:
    """Return the value of a number up to 39 in digits or Chinese numerals."""
    if text.isdigit() and text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(ones.translate(_HAN_DIGITS))
    tens = int(tens.translate(_HAN_DIGITS)) if tens else 1
    return tens * 10 + (int(ones.translate(_HAN_DIGITS)) if ones else 0)


@cache
def _month_names() -> dict[str, int]:
    """Return the folded names of the months in every language, with their numbers."""
    names: dict[str, int] = {"sept": 9}
    for language in LANGUAGES:
        if not language.code.startswith("zh"):
            for name, number in _month_names_of(language.locale).items():
                names.setdefault(name, number)
    return names | {
        fold(f"tháng {name}"): number for name, number in _VIETNAMESE_MONTHS.items()
    }


def _month_names_of(locale: str) -> dict[str, int]:
    """Return the folded names of the months in a language, with their numbers."""
    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, locale=locale).items():
                name = fold(name).strip(" .")
                # Vietnamese months of CLDR are numbers, which a pattern covers.
                if not re.search("[0-9]", name):
                    names.setdefault(name, number)
    return names


def _word_pattern(word: str) -> str:
    """Return the pattern of a folded word; Latin words are whole words."""
    pattern = re.escape(word)
    return f"(?<![a-z]){pattern}(?![a-z])" if word.isascii() else pattern


def _any_word(words: Iterable[str]) -> str:
    """Return the pattern of any of the folded words, the longest first."""
    return "|".join(map(_word_pattern, sorted(words, key=len, reverse=True)))


@cache
def _patterns() -> tuple[re.Pattern, ...]:
    """Return the patterns of dates, the most specific first."""
    vietnamese = _any_word(map(fold, _VIETNAMESE_MONTHS))
    fillers = "|".join(
        [
            "(?<![a-z])(?<!viet )nam(?![a-z])",
            *(
                _word_pattern(word)
                for word in sorted(map(fold, _FILLERS), key=len, reverse=True)
            ),
            # Before the number of a month they belong to the month.
            *(
                f"{_word_pattern(fold(word))}(?!\\s*(?:[0-9]|{vietnamese}))"
                for word in _MONTH_WORDS
            ),
        ]
    )
    names = _any_word(_month_names())
    thai_month = f"(?P<name>{_any_word(_month_names_of('th'))})"
    words = "|".join(
        f"(?<![a-z]){word}" if word.isascii() else fold(word) for word in _MONTH_WORDS
    )
    # Few repetitions, and none is given back: the time must not grow with the text.
    gap = f"(?:[\\s,./-]+|{fillers}){{0,8}}+"
    month = f"(?:(?P<name>{names})|(?:{words})\\s*(?P<number>[01]?[0-9])(?![0-9]))"
    year = "(?<![0-9])(?P<year>(?:19|20|24|25|26)[0-9]{2})(?![0-9])"
    day = (
        "(?<![0-9])(?:ika-?\\s?)?(?P<day>[0-3]?[0-9])(?:st|nd|rd|th|o|hb)?(?![0-9a-z])"
    )
    day += "(?:\\s*[-‐-―~～至]\\s*[0-3]?[0-9](?:st|nd|rd|th)?(?![0-9]))?"
    # Numbers up to 31 may be a day.
    short_year = "(?<![0-9])(?P<year>3[2-9]|[4-9][0-9])(?![0-9])"
    lead = f"(?:(?:{fillers})\\s*+){{0,3}}+"
    numeric = "(?P<day>[0-3]?[0-9])(?P<is_numeric>[/.-])(?P<month>[0-3]?[0-9])"
    han_year = f"(?P<year>{_HAN_DIGIT}{{4}})年"
    han_month = f"{han_year}(?P<month>{_HAN_NUMBER})月(?:份)?"
    han_days = f"[日号]?(?:[至到—―~～-]{_HAN_NUMBER})?[日号]"
    texts = (
        f"{han_month}(?P<day>{_HAN_NUMBER}){han_days}",
        han_month,
        han_year,
        f"{lead}{year}([/.-])(?P<month>[01]?[0-9])[/.-](?P<day>[0-3]?[0-9])(?![0-9])",
        f"{lead}(?<![0-9]){numeric}(?P=is_numeric){year}",
        f"{lead}{day}{gap}{month}{gap}{year}",
        f"{lead}{month}{gap}{day}{gap}{year}",
        f"{year}{gap}{month}{gap}{day}(?:\\s*(?:{fillers})){{0,2}}",
        f"{lead}{month}{gap}{year}",
        f"{lead}{day}{gap}{thai_month}{gap}{short_year}",
        f"{lead}{thai_month}{gap}{short_year}",
        f"{year}{gap}{month}(?:\\s*(?:{fillers})){{0,2}}",
        f"{year}-(?P<month>[01][0-9])(?![0-9])",
        f"(?<![0-9/.-])(?P<month>[01]?[0-9])/{year}",
        f"{lead}{year}(?:\\s*(?:ခုနှစ်|ခု|နှစ်))?",
    )
    return tuple(re.compile(text) for text in texts)
