"""Texts as they can be set, and cut where one may cut them."""

import re
import unicodedata
from collections.abc import Iterator

from icu4py.breakers import CharacterBreaker, LineBreaker

# What orders the direction of the text around it would turn the rest of the page.
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[{_DIRECTIONS}\ufeff\ufff9-\ufffb]")
_SPACES = re.compile("[\t\n\v\f\r \x85\u2028\u2029]+")
_NOT_SET = {"Cc", "Cs"}
# A longer cluster is no writing, but marks heaped on one another.
_LONGEST_CLUSTER = 32
_MOST_MARKS = 30
_LONGEST_PART = 24
_MAY_BREAK = "\u200b"
# Nothing in it lets a line break; typst itself breaks addresses. A digest stays whole.
_LONG_WORD = re.compile("(?<![^\\s])(?!https?://)[!-\u024f]{70,}")


def settable(text: str) -> str:
    """``text`` with every run of white space as one space, and without what no font
    has a sign for: control characters, and those that turn directions.

    More than thirty marks on one sign are no writing in any script (UAX 15, stream-safe
    text), and setting them takes minutes.
    """
    text = _UNSEEN.sub("", _SPACES.sub(" ", text))
    text = "".join(_signs(text))
    return _LONG_WORD.sub(lambda word: _MAY_BREAK.join(word[0]), text)


def _signs(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else 0
        if category not in _NOT_SET and marks <= _MOST_MARKS:
            yield char


def clusters(text: str, room: int) -> list[str]:
    """The grapheme clusters at the beginning of ``text`` that take no more ``room``.

    A Chinese sign takes three, any other cluster one.
    """
    found = []
    # The rest of an endless text is not even read.
    for cluster in CharacterBreaker(text[: room * _LONGEST_CLUSTER], "en"):
        room -= 3 if unicodedata.east_asian_width(cluster[0]) in "WF" else 1
        if room < 0:
            break
        found.append(cluster[:_LONGEST_CLUSTER])
    return found


def parts(text: str, room: int) -> tuple[list[str], bool]:
    """``text`` in pieces after which it may be cut, and whether it was cut already.

    Pieces are what stands between two places where lines may break; of a piece too
    long for a line, grapheme clusters. Together they take no more than ``room``.
    """
    begun = "".join(clusters(text, room))
    is_cut = begun != text
    words = list(LineBreaker(begun, "en"))
    if is_cut and len(words) > 1:
        words.pop()
    found = []
    for word in words:
        own = clusters(word, room)
        is_long = len(own) > _LONGEST_PART
        found += [f"{cluster}{_MAY_BREAK}" for cluster in own] if is_long else [word]
    return found, is_cut
