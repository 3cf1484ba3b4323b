"""Removal of invisible characters from texts before they are stored.

Pasted text and saved files contain characters such as byte order marks, direction marks
and zero-width spaces. Names that look equal would differ because of them.
"""

import re
import unicodedata

from portal.core.translations.character_table import CharacterTable
from portal.core.translations.invisible_text import INVISIBLE_LETTERS

# Line ends of old programs, and of Excel for Alt+Enter.
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_INVISIBLE = {"Cc", "Cf"}
# Between letters of the scripts from Arabic to Khmer these characters separate words or
# join letters; elsewhere they are useless.
_JOINERS = "\u200b\u200c\u200d"
_SCRIPTS = "\u0600-\u1cff\ua8e0-\uabff"
_USELESS_JOINERS = re.compile(
    f"(?<![{_SCRIPTS}])[{_JOINERS}]+|[{_JOINERS}]+(?![{_SCRIPTS}{_JOINERS}])"
)
# Unicode categories: private use (shown only by particular fonts) and surrogates.
_UNREADABLE = {"Co", "Cs"}
_REPLACEMENT = "\ufffd"


def _drop_invisible(character: str) -> str:
    """Return "" for an invisible character, otherwise the character."""
    is_invisible = unicodedata.category(character) in _INVISIBLE
    is_meaningful = character in f"\n\t{_JOINERS}"
    is_dropped = character in INVISIBLE_LETTERS or (is_invisible and not is_meaningful)
    return "" if is_dropped else character


_CHARACTERS = CharacterTable(_drop_invisible)


def clean_text(text: str, *, is_line: bool = False) -> str:
    """Return ``text`` in NFC, stripped and without invisible characters.

    Line ends of all kinds become ``\\n``, or spaces if ``is_line`` is True.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _LINE_ENDS.sub("\n", text)
    text = unicodedata.normalize("NFC", text).translate(_CHARACTERS)
    text = _USELESS_JOINERS.sub("", text)
    if is_line:
        text = re.sub("[\n\t]+", " ", text)
    return text.strip()


def find_unreadable_character(text: str) -> str:
    """Return the first character of ``text`` that cannot be displayed, or ""."""
    if text.isascii():
        return ""
    for character in text:
        if character == _REPLACEMENT or unicodedata.category(character) in _UNREADABLE:
            return character
    return ""
