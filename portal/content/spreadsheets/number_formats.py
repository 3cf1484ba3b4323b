"""Number formats of workbook cells: date, month, year, time, duration, percentage.

Workbooks store dates as a number of days; only the number format shows that a number is
a date, and its precision: Excel stores ``2018年9月`` as 1 September with a month
format. Formats of the Buddhist and other eras apply to the same number of days.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from portal.content.spreadsheets.sheet import NumberText

DAY, MONTH, YEAR, TIME = "day", "month", "year", "time"
MONTH_OR_DAY, DURATION, PERCENT = "month or day", "duration", "percent"
# Built-in formats (ECMA-376, 18.8.30, as in mainland China). Formats that are a month
# in this locale are a day in others. 59 to 81 are Thai.
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
# Literal text, colours, conditions, locales and calendar choices (B1, B2).
_NO_CODES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|b[12]', re.IGNORECASE)
_TEXTS = re.compile(r'"[^"]*"|\\.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
# Day 0 of serial numbers for dates from 1 March 1900 on.
_EPOCH = dt.date(1899, 12, 30)
_SECONDS_PER_DAY = 24 * 60 * 60
# Days between the 1900 and the 1904 date system (old Macintosh workbooks).
_OFFSET_1904_DATE_SYSTEM = 1462


def classify_number_format(number: int, code: str = "") -> str:
    """Return the class of a number format, ``""`` for plain numbers.

    ``number`` is the format id, ``code`` its format code if the file defines one.
    """
    if not code:
        return _BUILT_IN.get(number, "")
    if _ELAPSED.search(_TEXTS.sub("", code)):
        return DURATION
    sections = _NO_CODES.sub("", code).lower().split(";")
    # The first section of [=0]"";yyyy-mm-dd is empty; use the first non-empty one.
    section = next(filter(None, sections), "")
    if "general" in section:
        return ""
    section = section.replace("e+", "").replace("e-", "")
    # ``b`` is the Buddhist year in Thailand, ``e`` an era year in East Asia.
    if any(letter in section for letter in "yeb"):
        if "d" in section:
            return DAY
        return MONTH if "m" in section else YEAR
    if "d" in section and "m" in section:
        return DAY
    if "%" in section:
        return PERCENT
    return TIME if "h" in section or "s" in section else ""


def date_from_serial(serial: int) -> dt.date | None:
    """Return the date of a spreadsheet serial number, None if it is none."""
    if not 1 <= serial <= 2_958_465 or serial == 60:
        return None
    # Spreadsheets treat 1900 as a leap year: 60 is 29 February 1900, which did not
    # exist.
    return _EPOCH + dt.timedelta(days=serial if serial > 60 else serial + 1)


def format_cell_number(text: str, kind: str, *, is_1904: bool) -> str:
    """Return the number ``text`` as its cell displays it.

    Dates are ``YYYY-MM-DD`` or shorter, durations ``36:30`` or ``36:30:15``, and plain
    numbers a NumberText. Invalid numbers are returned unchanged.
    """
    try:
        number = Decimal(text)
        if kind == DURATION:
            return _format_duration(number)
        if kind == PERCENT:
            return f"{_format_number(Decimal(f'{float(number) * 100:.15g}'))}%"
        if kind:
            return _format_cell_date(number, kind, is_1904=is_1904)
        # Digits beyond the 15th are floating-point noise.
        return NumberText(_format_number(Decimal(f"{float(number):.15g}")))
    except (InvalidOperation, OverflowError, ValueError):
        return text


def _format_number(number: Decimal) -> str:
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return str(number)
    # Adding 0 turns -0 into 0.
    return format(number + 0, "f").removesuffix(".0")


def _format_duration(number: Decimal) -> str:
    seconds = round(abs(number) * _SECONDS_PER_DAY)
    sign = "-" if number < 0 and seconds else ""
    seconds_text = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}{seconds_text}"


def _format_cell_date(number: Decimal, kind: str, *, is_1904: bool) -> str:
    # Rounded before the split, so that a time just before midnight becomes the next
    # day.
    days, seconds = divmod(round(number * _SECONDS_PER_DAY), _SECONDS_PER_DAY)
    day = date_from_serial(days + (_OFFSET_1904_DATE_SYSTEM if is_1904 else 0))
    time = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if kind == TIME and not days:
        return time
    if day is None:
        return _format_number(number)
    if kind == YEAR:
        return f"{day.year:04}"
    if kind == MONTH or (kind == MONTH_OR_DAY and day.day == 1):
        return f"{day:%Y-%m}"
    return f"{day.isoformat()} {time}" if seconds else day.isoformat()
