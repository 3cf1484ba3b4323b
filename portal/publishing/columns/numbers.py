"""Numbers as clerks write them: ``1 234``, ``12.345,67``, ``36:30``."""

import re
from decimal import Decimal

from portal.publishing.characters import plain
from portal.publishing.columns.cells import NumberText

_MARKS = ".,"
_SEPARATORS = " .,'’"
# For each sign of the decimals: without separators of thousands, and with each.
_FORMS = [
    re.compile(f"({whole})(?:{re.escape(mark)}([0-9]+))?")
    for mark in _MARKS
    for whole in (
        "[0-9]+",
        *[
            f"[1-9][0-9]{{0,2}}(?:{re.escape(separator)}[0-9]{{3}})+"
            for separator in _SEPARATORS
            if separator != mark
        ],
    )
]
_DURATION = re.compile(r"([0-9]{1,5}):([0-5][0-9])(?::([0-5][0-9])(?:\.0+)?)?")
_HOURS = re.compile("(.*[0-9]) *(?:个?小时|個?小時|h|hrs?|hours?)", re.IGNORECASE)
# More decimals than anyone writes for part of an hour.
_MOST_DECIMALS = 4


def number_readings(text: str) -> list[str]:
    """The numbers that ``text`` can mean, the smallest first; [] for no number.

    ``1.000`` can mean 1 and 1000, ``12,345.67`` only 12345.67.
    """
    found = {
        _canonical(match[1], match[2] or "")
        for form in _FORMS
        if (match := form.fullmatch(text))
    }
    return sorted(found, key=Decimal) if len(found) > 1 else list(found)


def tidy_number(cell: str) -> str:
    """``cell`` as a :class:`NumberText` where it can mean one number only.

    ``1,234`` has two readings in columns of whole numbers too: that 1.234 is none does
    not show that thousands are meant, and what is read must not depend on the digits.
    """
    if isinstance(cell, NumberText):
        return cell
    text = plain(cell)
    if text.isdecimal():
        return text
    found = number_readings(text)
    return NumberText(found[0]) if len(found) == 1 else text


def tidy_hours(cell: str) -> str:
    """``cell`` as a number of hours where it is a number or a duration."""
    if isinstance(cell, NumberText):
        return cell
    text = plain(cell)
    if with_unit := _HOURS.fullmatch(text):
        text = with_unit[1]
    return _duration_hours(text) or tidy_number(text)


def is_duration(text: str) -> bool:
    return bool(_DURATION.fullmatch(text))


def _duration_hours(text: str) -> str:
    """The hours of ``36:30`` or ``36:30:00``; "" for what is none, or not exact."""
    found = _DURATION.fullmatch(text)
    if not found:
        return ""
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    hours = round(Decimal(seconds) / 3600, _MOST_DECIMALS)
    return NumberText(format(hours.normalize(), "f")) if hours * 3600 == seconds else ""


def _canonical(whole: str, decimals: str) -> str:
    digits = re.sub("[^0-9]", "", whole).lstrip("0") or "0"
    decimals = decimals.rstrip("0")
    return f"{digits}.{decimals}" if decimals else digits
