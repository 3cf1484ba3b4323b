"""Texts of several lines as one line, with separators between what were lines."""

import re

from portal.languages import Language
from portal.translations.shown import Shown

_PARAGRAPH_END = re.compile(r"\n\s*\n")
_CLOSING = "\"'”’»›」』）)》〉】]"
# After one of these a further separator would be one too many: full stops, commas and
# colons of the twelve languages.
_LATIN_MARKS = ".!?;:,…"
_CHINESE_MARKS = "。！？；：，、．"
_OTHER_MARKS = "។៕៖၊။ฯ๚๛"
_SEPARATOR, _CHINESE_SEPARATOR = "; ", "；"


def join_lines(text: str, language: Language) -> str:
    """Return ``text``, which is in ``language``, as one line.

    Each line is an item (one result a line, an entry of a list) and a blank line ends a
    paragraph. Two of them are separated by a semicolon of the script unless the first
    one ends with a punctuation mark, or the second is a paragraph that continues the
    sentence with a small letter.
    """
    separator = _CHINESE_SEPARATOR if language.tag.startswith("zh") else _SEPARATOR
    joined = ""
    for paragraph in _PARAGRAPH_END.split(text):
        lines = [" ".join(line.split()) for line in paragraph.splitlines()]
        items = [line for line in lines if line]
        for number, item in enumerate(items):
            continues = number == 0 and item[0].islower()
            joined += _gap(joined, continues, separator) + item
    return joined


def on_single_line(text: Shown) -> Shown:
    """Return ``text`` in its own language as one line."""
    joined = join_lines(text.text, text.language)
    return Shown(joined, text.language, text.is_fallback, text.is_converted)


def _gap(before: str, continues: bool, separator: str) -> str:
    """Return what is written between ``before`` and the next item."""
    if not before:
        return ""
    end = before.rstrip(_CLOSING)[-1:]
    if end in _CHINESE_MARKS:
        return ""
    if continues or end in _LATIN_MARKS + _OTHER_MARKS:
        return " "
    return separator
