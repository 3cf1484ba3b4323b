"""Conversion of texts with several lines into one line."""

import re

from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText

_PARAGRAPH_END = re.compile(r"\n\s*\n")
_CLOSING = "\"'”’»›」』）)》〉】]"
# No separator is added after these punctuation marks of the twelve languages.
_LATIN_MARKS = ".!?;:,…"
_CHINESE_MARKS = "。！？；：，、．"
_OTHER_MARKS = "។៕៖၊။ฯ๚๛"
_SEPARATOR, _CHINESE_SEPARATOR = "; ", "；"


def join_lines(text: str, language: Language) -> str:
    """Return ``text``, which is in ``language``, as one line.

    Lines are items, for example of a list; blank lines separate paragraphs. Items are
    separated by a semicolon of the script, unless the first one ends with a punctuation
    mark. A paragraph that begins with a lower-case letter continues the sentence and is
    separated by a space.
    """
    separator = _CHINESE_SEPARATOR if language.tag.startswith("zh") else _SEPARATOR
    joined = ""
    for paragraph in _PARAGRAPH_END.split(text):
        lines = [" ".join(line.split()) for line in paragraph.splitlines()]
        items = [line for line in lines if line]
        for number, item in enumerate(items):
            continues = number == 0 and item[0].islower()
            joined += _choose_separator(joined, continues, separator) + item
    return joined


def on_single_line(text: LocalizedText) -> LocalizedText:
    """Return ``text`` as one line, with the same language and labels."""
    joined = join_lines(text.text, text.language)
    return LocalizedText(joined, text.language, text.is_fallback, text.is_converted)


def _choose_separator(preceding_text: str, continues: bool, separator: str) -> str:
    """Return the separator between the text ``preceding_text`` and the next item."""
    if not preceding_text:
        return ""
    end = preceding_text.rstrip(_CLOSING)[-1:]
    if end in _CHINESE_MARKS:
        return ""
    if continues or end in _LATIN_MARKS + _OTHER_MARKS:
        return " "
    return separator
