"""Texts as they are stored: without invisible characters.

Programs leave such characters in what is pasted or saved: a byte order mark, signs of
direction, a space without width behind a name. Names that look the same would differ.
"""

import re
import unicodedata

from portal.translations.blank import UNSEEN

# Written by old programs between lines and paragraphs, and by Excel for Alt+Enter.
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_INVISIBLE = {"Cc", "Cf"}
# Between letters of these scripts, of Arabic to Khmer, they part words or join letters.
_JOINERS = "\u200b\u200c\u200d"
_SCRIPTS = "\u0600-\u1cff\ua8e0-\uabff"
_USELESS_JOINERS = re.compile(
    f"(?<![{_SCRIPTS}])[{_JOINERS}]+|[{_JOINERS}]+(?![{_SCRIPTS}{_JOINERS}])"
)
# Private use (what one font shows there, another does not) and halves of a pair.
_UNREADABLE = {"Co", "Cs"}
_REPLACEMENT = "\ufffd"


class _Characters(dict):
    """What is kept of each character; filled as characters are met."""

    def __missing__(self, number: int) -> str:
        character = chr(number)
        is_invisible = unicodedata.category(character) in _INVISIBLE
        is_used = character in f"\n\t{_JOINERS}"
        is_dropped = character in UNSEEN or (is_invisible and not is_used)
        self[number] = kept = "" if is_dropped else character
        return kept


_CHARACTERS = _Characters()


def clean_text(text: str, *, is_line: bool = False) -> str:
    """``text`` in NFC, without invisible characters and without blanks around it.

    Line ends of all kinds become ``\\n``, and spaces in a text that ``is_line``.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _LINE_ENDS.sub("\n", text)
    text = unicodedata.normalize("NFC", text).translate(_CHARACTERS)
    text = _USELESS_JOINERS.sub("", text)
    if is_line:
        text = re.sub("[\n\t]+", " ", text)
    return text.strip()


def unreadable_character(text: str) -> str:
    """The first character of ``text`` that readers cannot be shown, or ""."""
    if text.isascii():
        return ""
    for character in text:
        if character == _REPLACEMENT or unicodedata.category(character) in _UNREADABLE:
            return character
    return ""
