"""Parsing of dates as users write them.

Accepts ``2018年9月3日``, ``2018-9-3``, ``2018/9``, ``2018``, ``20180903`` and
spreadsheet serial numbers.
"""

import datetime as dt
import re

from portal.content.form_fields.characters import plain
from portal.content.spreadsheets.number_formats import date_from_serial

# Serial numbers from 1954 to 2118; other five-digit numbers are not read as dates.
_SERIALS = range(20_000, 80_000)

_DAY = re.compile(r"([0-9]{4})([-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})[日号]?")
_DIGITS = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})(?:([-/.])|年)([0-9]{1,2})月?")
_YEAR = re.compile(r"([0-9]{4})年?")
# A midnight time needs a separator before it: ``20180:00`` is a duration.
_MIDNIGHT = re.compile(r"(?:[T ]|(?<=[日号]))0{1,2}:00(:00)?(\.0+)?\Z")


def normalize_date(cell: str) -> str:
    """Return the date in ``cell`` as ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``.

    The precision is that of the cell. Text that is not recognised as a date is returned
    unchanged apart from surrounding blanks, and ``parse_cell`` rejects it.
    """
    text = _MIDNIGHT.sub("", plain(cell)).replace(" ", "")
    if not text.isascii() or not text.isdigit():
        return (
            _parse_day(text) or _parse_month(text) or _parse_year(text) or cell.strip()
        )
    return _parse_digits(text) or cell.strip()


def _parse_digits(digits: str) -> str:
    if len(digits) == 5 and int(digits) in _SERIALS:
        return date_from_serial(int(digits)).isoformat()
    if match := _DIGITS.fullmatch(digits):
        return _to_iso(*match.groups())
    return _parse_year(digits)


def _parse_day(text: str) -> str:
    match = _DAY.fullmatch(text)
    return _to_iso(match[1], match[3], match[4]) if match else ""


def _parse_month(text: str) -> str:
    match = _MONTH.fullmatch(text)
    # Ambiguous: a numeric cell displays and stores 2018.10 as 2018.1.
    if not match or (match[2] == "." and match[3] == "1"):
        return ""
    return _to_iso(match[1], match[3], "1")[:7]


def _parse_year(text: str) -> str:
    match = _YEAR.fullmatch(text)
    return match[1] if match else ""


def _to_iso(year: str, month: str, day: str) -> str:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
