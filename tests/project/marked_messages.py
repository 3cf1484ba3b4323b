"""Pages with messages that are missing from a catalogue.

A page is rendered with two catalogues. One lacks some messages, which are then shown in
English and must be marked as English. In the other the same messages are "translated"
into their own text in fullwidth letters, which occur nowhere else.
"""

import re
from html.parser import HTMLParser

from portal.core.languages import DEFAULT_LANGUAGE, Language
from portal.core.translations.interface_language import message_language
from tests.project.interface_messages import all_messages

# Missing in both catalogues, so that both have the footer line about missing messages.
NOWHERE = "Message on no page"
# Names composed of facts are wholly in one language: see test_formed_texts.
# Kinds of documents are part of such names.
FORMED = (
    "/catalogue.py:",
    "/titles.py:",
    "/title_names.py:",
    "portal/conference/choices.py:",
    "portal/website/lists.py:",
)
_PLACEHOLDERS = re.compile(r"(%\(\w+\)[a-z]|\{\w*\}|<[^>]*>|&\w+;)")
_WIDE = {
    ord(c): ord(c) - 0x21 + 0xFF01 for c in map(chr, range(0x21, 0x7F)) if c.isalpha()
}
_NARROW = {wide: plain for plain, wide in _WIDE.items()}
_VOID = {"br", "hr", "img", "input", "link", "meta", "path", "rect", "line", "circle"}
# Elements whose text cannot be marked.
_UNMARKED = {"title", "desc", "option", "textarea", "script"}


def wide(text: str) -> str:
    """Return ``text`` in fullwidth letters, except placeholders and markup."""
    parts = _PLACEHOLDERS.split(text)
    return "".join(
        part if place % 2 else part.translate(_WIDE) for place, part in enumerate(parts)
    )


def wide_or_missing(text: str) -> str:
    return "" if text == NOWHERE else wide(text)


class Stream(HTMLParser):
    """Parser of a page into elements and letters; each letter with its language."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.items, self._open = [], [("", "", False)]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        lang = values.pop("lang", self._open[-1][1])
        if values.get("name") == "opened":
            # The signed time at which a form was opened differs.
            del values["value"]
        is_mark = tag == "span" and not values
        if not is_mark:
            self.items.append((f"<{tag}", tuple(values.items())))
        if tag not in _VOID:
            self._open.append((tag, lang, is_mark))

    def handle_startendtag(self, tag, attrs):
        self.items.append((f"<{tag}", tuple(attrs)))

    def handle_endtag(self, tag):
        name, _lang, is_mark = self._open.pop()
        assert name == tag
        if not is_mark:
            self.items.append((f"</{tag}", ()))

    def handle_data(self, data):
        tags = {tag for tag, _lang, _is_mark in self._open}
        lang = "" if tags & _UNMARKED else self._open[-1][1]
        if "script" not in tags:
            self.items += [(char, lang) for char in data if not char.isspace()]


def untranslated_messages(language: Language, settings) -> list[tuple[str, str]]:
    """Return context and text of the messages for visitors that are in no catalogue of
    Django's own.

    Without the messages that names are composed of. From then on only Django's own
    catalogues are used.
    """
    settings.LOCALE_PATHS = []
    formed = {
        message.key
        for message in all_messages()
        if any(part in message.where for part in FORMED)
    }
    keys = {message.key for message in all_messages() if not message.is_for_staff}
    return sorted(
        (context, text)
        for context, text in keys - formed
        if message_language(language, text, context=context or None) is DEFAULT_LANGUAGE
    )


def has_wide_letters(item: tuple) -> bool:
    return ord(item[0][0]) in _NARROW


def wrong_in(actual: list[tuple], expected: list[tuple]) -> list[str]:
    """Describe the first place that differs or is in a wrong language."""
    pairs = zip(actual, expected, strict=False)
    places = [place for place, pair in enumerate(pairs) if not is_right(*pair)]
    if len(actual) != len(expected):
        places.append(min(len(actual), len(expected)))
    return [
        f"{actual[place : place + 1]} for {expected[place : place + 1]} in"
        f" {around(actual, place)}"
        for place in places[:1]
    ]


def is_right(item: tuple, model: tuple) -> bool:
    """Whether an element is the same, or a letter has the right language."""
    char, actual = item
    if char != model[0].translate(_NARROW):
        return False
    if len(char) > 1:
        expected = tuple((name, value.translate(_NARROW)) for name, value in model[1])
        return actual == expected
    if not char.isalpha() or not model[1]:
        return True
    return actual == ("en" if ord(model[0]) in _NARROW else model[1])


def around(items: list[tuple], place: int) -> str:
    return "".join(f"{item[0]}" for item in items[max(place - 60, 0) : place + 60])
