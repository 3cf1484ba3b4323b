"""Parsing of numbers as users write them: ``1 234``, ``12.345,67``, ``36:30``."""

import re
from decimal import Decimal

from portal.content.form_fields.characters import plain
from portal.content.spreadsheets.sheet import NumberText

_DECIMAL_MARKS = ".,"
_SEPARATORS = " .,'’"
# For each decimal mark: patterns without and with each thousands separator.
_PATTERNS = [
    re.compile(f"({integer_pattern})(?:{re.escape(decimal_mark)}([0-9]+))?")
    for decimal_mark in _DECIMAL_MARKS
    for integer_pattern in (
        "[0-9]+",
        *[
            f"[1-9][0-9]{{0,2}}(?:{re.escape(separator)}[0-9]{{3}})+"
            for separator in _SEPARATORS
            if separator != decimal_mark
        ],
    )
]
_DURATION = re.compile(r"([0-9]{1,5}):([0-5][0-9])(?::([0-5][0-9])(?:\.0+)?)?")
_HOURS = re.compile("(.*[0-9]) *(?:个?小时|個?小時|h|hrs?|hours?)", re.IGNORECASE)
# Maximum number of decimals of a fraction of an hour.
_MAX_DECIMALS = 4


def number_readings(text: str) -> list[str]:
    """Return the numbers that ``text`` can mean, in ascending order.

    ``1.000`` can mean 1 and 1000, ``12,345.67`` only 12345.67. Returns [] if the text
    is no number.
    """
    readings = {
        _canonical(match[1], match[2] or "")
        for pattern in _PATTERNS
        if (match := pattern.fullmatch(text))
    }
    return sorted(readings, key=Decimal) if len(readings) > 1 else list(readings)


def normalize_number(cell: str) -> str:
    """Return ``cell`` as a NumberText if it is unambiguous, else unchanged.

    ``1,234`` is ambiguous in columns of whole numbers too, although 1.234 is not a
    whole number: whether a text is accepted must not depend on its digits.
    """
    if isinstance(cell, NumberText):
        return cell
    text = plain(cell)
    if text.isdecimal():
        return text
    readings = number_readings(text)
    return NumberText(readings[0]) if len(readings) == 1 else text


def normalize_hours(cell: str) -> str:
    """Return a number or duration in ``cell`` as a number of hours.

    A unit such as ``小时`` or ``hrs`` is removed. Other text is returned unchanged.
    """
    if isinstance(cell, NumberText):
        return cell
    text = plain(cell)
    if with_unit := _HOURS.fullmatch(text):
        text = with_unit[1]
    return _duration_hours(text) or normalize_number(text)


def is_duration(text: str) -> bool:
    return bool(_DURATION.fullmatch(text))


def _duration_hours(text: str) -> str:
    """Return the hours of a duration such as ``36:30`` or ``36:30:00``.

    Returns "" if the text is no duration or four decimals cannot express it exactly.
    """
    match = _DURATION.fullmatch(text)
    if not match:
        return ""
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    hours = round(Decimal(seconds) / 3600, _MAX_DECIMALS)
    return NumberText(format(hours.normalize(), "f")) if hours * 3600 == seconds else ""


def _canonical(integer_part: str, decimals: str) -> str:
    digits = re.sub("[^0-9]", "", integer_part).lstrip("0") or "0"
    decimals = decimals.rstrip("0")
    return f"{digits}.{decimals}" if decimals else digits
