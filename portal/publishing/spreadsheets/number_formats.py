"""How a workbook shows a number: as a day, a month, a year, or a number.

A workbook keeps a date as a count of days; only the cell's format tells that it is
one, and how exactly: what Excel makes of ``2018年9月`` is 1 September shown as a month.
"""

import re
from decimal import Decimal, InvalidOperation

from portal.publishing.columns.days import day_of_serial

DAY, MONTH, YEAR, TIME = "day", "month", "year", "time"
MONTH_OR_DAY = "month or day"
# Formats that files name by number only (ECMA-376, 18.8.30, as in mainland China). What
# is a month there is a day elsewhere.
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58), DAY),
    **dict.fromkeys((27, 36, 50, 52, 57), MONTH_OR_DAY),
    17: MONTH,
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), TIME),
}
_SECONDS = 24 * 60 * 60
# From 1904: the calendar of old Macintosh workbooks begins so many days later.
_DAYS_OF_1904 = 1462


def kind_of_format(number: int, code: str = "") -> str:
    """What the format shows a number as, ``""`` for a plain number."""
    if not code:
        return _BUILT_IN.get(number, "")
    shown = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code).split(";")[0].lower()
    if "general" in shown:
        return ""
    if "y" in shown or "e" in shown.replace("e+", "").replace("e-", ""):
        if "d" in shown:
            return DAY
        return MONTH if "m" in shown else YEAR
    if "d" in shown and "m" in shown:
        return DAY
    return TIME if "h" in shown or "s" in shown else ""


def shown_number(written: str, kind: str, *, is_1904: bool) -> str:
    """The number ``written`` as its cell shows it, dates as ``YYYY-MM-DD``."""
    try:
        number = Decimal(written)
        if kind:
            return _shown_date(number, kind, is_1904=is_1904)
        # What a cell holds beyond 15 digits is noise of its arithmetic.
        return _plain(Decimal(f"{float(number):.15g}"))
    except (InvalidOperation, OverflowError, ValueError):
        return written


def _plain(number: Decimal) -> str:
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return str(number)
    return format(number, "f").removesuffix(".0")


def _shown_date(number: Decimal, kind: str, *, is_1904: bool) -> str:
    days, part = divmod(number, 1)
    day = day_of_serial(int(days) + (_DAYS_OF_1904 if is_1904 else 0))
    seconds = round(part * _SECONDS)
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
