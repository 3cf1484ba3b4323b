"""Formatting of numbers, file sizes and ordinals in the twelve languages, by CLDR."""

from babel.numbers import format_decimal
from babel.units import format_unit

from portal.core.languages import Language
from portal.core.translations.locales import get_cldr_locale

_DIGITS = "零一二三四五六七八九"
_BURMESE_DIGITS = str.maketrans("0123456789", "၀၁၂၃၄၅၆၇၈၉")
_SIZES = (("digital-megabyte", 1_000_000), ("digital-kilobyte", 1_000))


def format_number(number: int | float, language: Language) -> str:
    """Format a number with the language's separators: ``12,345``, ``12.345``."""
    return format_decimal(number, locale=get_cldr_locale(language))


def format_file_size(size: int, language: Language) -> str:
    """Format a file size in bytes: ``0.9 kB``, ``12 kB``, ``3.4 MB``.

    Sizes below 0.1 kB are shown as 0.1 kB.
    """
    unit, unit_bytes = _SIZES[0] if size >= _SIZES[0][1] else _SIZES[1]
    rounded = max(size / unit_bytes, 0.1)
    rounded = round(rounded, 1) if rounded < 10 else round(rounded)
    return format_unit(rounded, unit, length="short", locale=get_cldr_locale(language))


def format_ordinal(number: int, language: Language) -> str:
    """Format the number of a conference edition as in its title.

    ``15th`` in English, ``十五`` in Chinese (第十五届) and ``၁၅`` in Burmese, as in
    official names there; dates and amounts have the digits 0 to 9 in every language.
    Other languages get digits, because their sentences contain the ordinal word or
    affix.
    """
    if language.code == "en":
        return f"{number}{_get_english_ordinal_suffix(number)}"
    if language.code.startswith("zh") and number < 100:
        return _format_chinese_number(number)
    return format_ordinal_digits(number, language)


def format_ordinal_digits(number: int, language: Language) -> str:
    """Format an ordinal for a sentence that has the word or affix in every language."""
    digits = str(number)
    return digits.translate(_BURMESE_DIGITS) if language.code == "my" else digits


def _get_english_ordinal_suffix(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _format_chinese_number(number: int) -> str:
    tens, units = divmod(number, 10)
    if tens == 0:
        return _DIGITS[units]
    before = _DIGITS[tens] if tens > 1 else ""
    return f"{before}十{_DIGITS[units] if units else ''}"
