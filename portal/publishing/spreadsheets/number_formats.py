"""How a workbook shows a number: as a day, a month, a year, a duration, or a number.

A workbook keeps a date as a count of days; only the cell's format tells that it is
one, and how exactly: what Excel makes of ``2018年9月`` is 1 September shown as a month.
A format in the Buddhist or another era shows the same count of days.
"""

import re
from decimal import Decimal, InvalidOperation

from portal.publishing.columns.cells import NumberText
from portal.publishing.columns.days import day_of_serial

DAY, MONTH, YEAR, TIME = "day", "month", "year", "time"
MONTH_OR_DAY, DURATION, PERCENT = "month or day", "duration", "percent"
# Formats that files name by number only (ECMA-376, 18.8.30, as in mainland China). What
# is a month there is a day elsewhere. From 59 to 81 they are Thai.
_BUILT_IN = {
    **dict.fromkeys((9, 10, 67, 68), PERCENT),
    **dict.fromkeys((14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58), DAY),
    **dict.fromkeys((71, 72, 73, 81), DAY),
    **dict.fromkeys((27, 36, 50, 52, 57), MONTH_OR_DAY),
    **dict.fromkeys((17, 74), MONTH),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), TIME),
    **dict.fromkeys((75, 76, 77, 78, 80), TIME),
    **dict.fromkeys((46, 79), DURATION),
}
# Texts and signs that stand for themselves, colours, conditions and locales; the choice
# of a calendar (B1, B2).
_NO_CODES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|b[12]', re.IGNORECASE)
_TEXTS = re.compile(r'"[^"]*"|\\.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_SECONDS = 24 * 60 * 60
# From 1904: the calendar of old Macintosh workbooks begins so many days later.
_DAYS_OF_1904 = 1462


def kind_of_format(number: int, code: str = "") -> str:
    """What the format shows a number as, ``""`` for a plain number."""
    if not code:
        return _BUILT_IN.get(number, "")
    if _ELAPSED.search(_TEXTS.sub("", code)):
        return DURATION
    sections = _NO_CODES.sub("", code).lower().split(";")
    # Of [=0]"";yyyy-mm-dd the first shows nothing.
    shown = next(filter(None, sections), "")
    if "general" in shown:
        return ""
    shown = shown.replace("e+", "").replace("e-", "")
    # In Thailand b stands for the year of the Buddhist era, in East Asia e for others.
    if any(letter in shown for letter in "yeb"):
        if "d" in shown:
            return DAY
        return MONTH if "m" in shown else YEAR
    if "d" in shown and "m" in shown:
        return DAY
    if "%" in shown:
        return PERCENT
    return TIME if "h" in shown or "s" in shown else ""


def shown_number(written: str, kind: str, *, is_1904: bool) -> str:
    """The number ``written`` as its cell shows it, dates as ``YYYY-MM-DD``.

    A plain number is a :class:`NumberText`, a duration ``36:30`` or ``36:30:15``.
    """
    try:
        number = Decimal(written)
        if kind == DURATION:
            return _shown_duration(number)
        if kind == PERCENT:
            return f"{_plain(Decimal(f'{float(number) * 100:.15g}'))}%"
        if kind:
            return _shown_date(number, kind, is_1904=is_1904)
        # What a cell holds beyond 15 digits is noise of its arithmetic.
        return NumberText(_plain(Decimal(f"{float(number):.15g}")))
    except (InvalidOperation, OverflowError, ValueError):
        return written


def _plain(number: Decimal) -> str:
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return str(number)
    # Adding nothing makes 0 of -0.
    return format(number + 0, "f").removesuffix(".0")


def _shown_duration(number: Decimal) -> str:
    seconds = round(abs(number) * _SECONDS)
    sign = "-" if number < 0 and seconds else ""
    rest = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}{rest}"


def _shown_date(number: Decimal, kind: str, *, is_1904: bool) -> str:
    # Rounded as a whole: a moment before midnight is shown as the next day.
    days, seconds = divmod(round(number * _SECONDS), _SECONDS)
    day = day_of_serial(days + (_DAYS_OF_1904 if is_1904 else 0))
    time = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if kind == TIME and not days:
        return time
    if day is None:
        return _plain(number)
    if kind == YEAR:
        return f"{day.year:04}"
    if kind == MONTH or (kind == MONTH_OR_DAY and day.day == 1):
        return f"{day:%Y-%m}"
    return f"{day.isoformat()} {time}" if seconds else day.isoformat()
