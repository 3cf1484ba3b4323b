"""Numbers and sizes as each language writes them, by CLDR, and as names say them."""

from babel.numbers import format_decimal
from babel.units import format_unit

from portal.languages import Language
from portal.translations.locales import cldr

_DIGITS = "零一二三四五六七八九"
_SIZES = (("digital-megabyte", 1_000_000), ("digital-kilobyte", 1_000))


def number_in_words(number: int | float, language: Language) -> str:
    """``12,345``, ``12.345``: grouped as the language does it."""
    return format_decimal(number, locale=cldr(language))


def size_in_words(size: int, language: Language) -> str:
    """The size of a file: ``0.9 kB``, ``12 kB``, ``3.4 MB``; never less than 0.1 kB."""
    unit, bytes_each = _SIZES[0] if size >= _SIZES[0][1] else _SIZES[1]
    shown = max(size / bytes_each, 0.1)
    shown = round(shown, 1) if shown < 10 else round(shown)
    return format_unit(shown, unit, length="short", locale=cldr(language))


def ordinal(number: int, language: Language) -> str:
    """The number of an edition as its name in ``language`` says it.

    ``15th`` in English, ``十五`` in Chinese (official titles: 第十五届), digits in the
    other languages, whose sentences carry their own word for it.
    """
    if language.code == "en":
        return f"{number}{_english_ending(number)}"
    if language.code.startswith("zh") and number < 100:
        return _in_chinese(number)
    return str(number)


def _english_ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    before = _DIGITS[tens] if tens > 1 else ""
    return f"{before}十{_DIGITS[ones] if ones else ''}"
