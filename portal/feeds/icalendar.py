"""Writing iCalendar (RFC 5545): lines, texts, days and moments as the format has them.

Our own forty lines and not the icalendar package: what we write is a closed list of
properties, it is written for a thousand events within a request (ten times faster than
by the package), and the same events are the same bytes. The package reads what we
write in the tests, and vobject beside it.
"""

import datetime as dt
import re
from collections.abc import Iterator

_LONGEST = 75  # octets in a line, RFC 5545 §3.1
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Others than line feed, in texts that were saved before they were replaced on input.
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_SPECIAL = re.compile(r"[\\;,\n]")


def text(value: str) -> str:
    """``value`` as TEXT: escaped, its line ends told by ``\\n``, without controls."""
    plain = _LINE_ENDS.sub("\n", value)
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], _CONTROL.sub("", plain))


def day(value: dt.date) -> str:
    return f"{value.year:04}{value.month:02}{value.day:02}"


def moment(value: dt.datetime) -> str:
    """An aware moment in UTC: ``20251029T013000Z``."""
    utc = value.astimezone(dt.UTC)
    return f"{day(utc)}T{utc:%H%M%S}Z"


def local(value: dt.datetime) -> str:
    """A moment as the clock on the wall shows it: ``20251029T093000``."""
    return f"{day(value)}T{value:%H%M%S}"


def line(name: str, value: str, **parameters: str) -> str:
    """One property, e.g. ``SUMMARY;LANGUAGE=vi:…``; ``value`` as it is to stand there.

    Parameters are codes of our own (languages, zones): they need no quoting.
    """
    words = "".join(f";{key}={given}" for key, given in parameters.items() if given)
    return f"{name}{words}:{value}"


def folded(lines: Iterator[str] | list[str]) -> bytes:
    """Lines as octets, the long ones folded where no character is cut in two."""
    return b"".join(part + b"\r\n" for one in lines for part in _folds(one))


def _folds(one: str) -> Iterator[bytes]:
    octets = one.encode()
    room = _LONGEST
    while len(octets) > room:
        # The octets of a character after its first begin with the bits 10.
        end = room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        yield octets[:end]
        octets = b" " + octets[end:]
    yield octets
