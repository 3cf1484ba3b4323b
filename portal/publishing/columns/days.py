"""Days as clerks write them: ``2018年9月3日``, ``2018-9-3``, ``2018/9``, a serial."""

import datetime as dt
import re

from portal.publishing.characters import plain

# What a spreadsheet counts days from, as its own calendar has it after February 1900.
_EPOCH = dt.date(1899, 12, 30)
# Serials of 1954 to 2118; other numbers of five digits are no days.
_SERIALS = range(20_000, 80_000)

_DAY = re.compile(r"([0-9]{4})([-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})[日号]?")
_DIGITS = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})(?:([-/.])|年)([0-9]{1,2})月?")
_YEAR = re.compile(r"([0-9]{4})年?")
# Behind a day only: 20180:00 is a duration.
_MIDNIGHT = re.compile(r"(?:[T ]|(?<=[日号]))0{1,2}:00(:00)?(\.0+)?\Z")


def tidy_day(cell: str) -> str:
    """``cell`` as ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``, as exact as it is written.

    What is no day is given back as it is, for the column to refuse.
    """
    written = _MIDNIGHT.sub("", plain(cell)).replace(" ", "")
    if not written.isascii() or not written.isdigit():
        return _day(written) or _month(written) or _year(written) or cell.strip()
    return _number(written) or cell.strip()


def day_of_serial(serial: int) -> dt.date | None:
    """The day that a spreadsheet keeps as ``serial``; None for what is no day."""
    if not 1 <= serial <= 2_958_465 or serial == 60:
        return None
    # It takes 1900 for a leap year.
    return _EPOCH + dt.timedelta(days=serial if serial > 60 else serial + 1)


def _number(digits: str) -> str:
    if len(digits) == 5 and int(digits) in _SERIALS:
        return day_of_serial(int(digits)).isoformat()
    if found := _DIGITS.fullmatch(digits):
        return _iso(*found.groups())
    return _year(digits)


def _day(written: str) -> str:
    found = _DAY.fullmatch(written)
    return _iso(found[1], found[3], found[4]) if found else ""


def _month(written: str) -> str:
    found = _MONTH.fullmatch(written)
    # A cell with the number 2018.10 shows and holds 2018.1: it could be either month.
    if not found or (found[2] == "." and found[3] == "1"):
        return ""
    return _iso(found[1], found[3], "1")[:7]


def _year(written: str) -> str:
    found = _YEAR.fullmatch(written)
    return found[1] if found else ""


def _iso(year: str, month: str, day: str) -> str:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
