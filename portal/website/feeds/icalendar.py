"""Write iCalendar (RFC 5545) lines, texts, dates and times.

The portal does not use the icalendar package here: its time zones are not correct, and
a file of a thousand events takes seven times as long (docs/decisions/0016). Tests parse
the output with icalendar and vobject.
"""

import datetime as dt
import re
from collections.abc import Iterator

_MAX_LINE_OCTETS = 75  # octets in a line, RFC 5545 §3.1
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Line ends other than line feed, in texts saved before they were normalised on input.
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_SPECIAL = re.compile(r"[\\;,\n]")


def escape_text(value: str) -> str:
    r"""Escape ``value`` as iCalendar TEXT.

    Line ends become ``\n``; control characters are removed.
    """
    plain = _LINE_ENDS.sub("\n", value)
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], _CONTROL.sub("", plain))


def format_date(value: dt.date) -> str:
    """Format a DATE: ``20251029``."""
    return f"{value.year:04}{value.month:02}{value.day:02}"


def format_utc(value: dt.datetime) -> str:
    """Format an aware datetime in UTC: ``20251029T013000Z``."""
    utc = value.astimezone(dt.UTC)
    return f"{format_date(utc)}T{utc:%H%M%S}Z"


def format_local(value: dt.datetime) -> str:
    """Format a datetime as local time without its zone: ``20251029T093000``."""
    return f"{format_date(value)}T{value:%H%M%S}"


def content_line(name: str, value: str, **parameters: str) -> str:
    """Return one content line, e.g. ``SUMMARY;LANGUAGE=vi:…``.

    ``value`` must be escaped already. Parameters without a value are left out; the
    others are language codes and time zones, which need no quoting.
    """
    parameter_text = "".join(
        f";{key}={parameter}" for key, parameter in parameters.items() if parameter
    )
    return f"{name}{parameter_text}:{value}"


def fold_lines(lines: Iterator[str] | list[str]) -> bytes:
    """Encode the lines with CRLF; fold long ones without splitting a character."""
    return b"".join(part + b"\r\n" for line in lines for part in _fold_line(line))


def _fold_line(line: str) -> Iterator[bytes]:
    """Yield the parts of one line, each at most ``_MAX_LINE_OCTETS`` long."""
    octets = line.encode()
    limit = _MAX_LINE_OCTETS
    while len(octets) > limit:
        # UTF-8 continuation bytes begin with the bits 10.
        end = limit
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        yield octets[:end]
        octets = b" " + octets[end:]
    yield octets
