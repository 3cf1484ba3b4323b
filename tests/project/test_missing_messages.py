"""Messages missing from a catalogue are shown in English and marked as English.

Every page is rendered with two catalogues. One lacks every second message, which is
then shown in English. In the other the same messages are "translated" into their own
text in fullwidth letters, which occur nowhere else. Then the other half is missing.
"""

import io
import re
from fnmatch import fnmatchcase
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import resolve
from django.utils.translation import override

from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE
from portal.core.translations.interface_language import message_language
from tests.catalogues import use_catalogues, write_catalogue
from tests.failures import collect_failures
from tests.project.html_crawler import is_ours, parse_page, path_of
from tests.project.interface_messages import all_messages, staff_files, template_names
from tests.project.source_tree import TEMPLATES

pytestmark = pytest.mark.django_db

LANGUAGE = LANGUAGES_BY_CODE["vi"]
EVERY = 2
# Missing in both catalogues, so that both have the footer line about missing messages.
NOWHERE = "Message on no page"
# Names composed of facts are wholly in one language: see test_formed_texts.
FORMED = ("/catalogue.py:", "portal/website/lists.py:")
OF_EACH_VIEW = 2
OTHER_LANGUAGES = [
    "none/",
    "calendar/?month=x",
    "calendar/?month=3000-01",
    "search/?q=ASEAN",
    "search/?q=zzzz+yyyy&kind=seminar",
    "search/?q=%23",
    "seminars/?year=2024",
    "documents/?page=900",
    "report/?sent=1",
]
PUBLIC_TEMPLATES = [
    name
    for name in template_names()
    if not any(fnmatchcase(f"templates/{name}", pattern) for pattern in staff_files())
]
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


@pytest.fixture
def addresses(client):
    """Two linked pages of each view, and pages with errors."""
    call_command("load_record", stdout=io.StringIO())
    home = f"/{LANGUAGE.code}/"
    waiting, visited, by_view = [home], {home}, {}
    while waiting:
        path = waiting.pop(0)
        with override(LANGUAGE.code):
            view = resolve(path.partition("?")[0]).view_name
        if len(by_view.get(view, ())) >= OF_EACH_VIEW:
            continue
        response = client.get(path)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            b"".join(response)
            continue
        by_view.setdefault(view, []).append(path)
        links = parse_page(path, response.content.decode()).links
        linked = {path_of(address) for address in links if is_ours(address)}
        waiting += sorted(p for p in linked - visited if p.startswith(home))
        visited |= linked
    pages = [path for paths in by_view.values() for path in paths]
    return [*pages, *(home + path for path in OTHER_LANGUAGES)]


@pytest.fixture
def messages(settings) -> list[tuple[str, str]]:
    """Context and text of the messages for visitors that are in no other catalogue.

    Without the messages that names are composed of, and without those that Django
    itself translates.
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
        if message_language(LANGUAGE, text, context=context or None) is DEFAULT_LANGUAGE
    )


def test_missing_messages_are_marked_and_nothing_else_changes(
    client, settings, tmp_path, addresses, messages
):
    visited = set()
    for first in range(EVERY):
        missing = set(messages[first::EVERY])
        pages = {}
        for name in ("wide", "missing"):
            folder = tmp_path / f"{name}-{first}"
            write_catalogue(
                folder,
                LANGUAGE.code,
                missing=missing | {("", NOWHERE)},
                instead=wide_or_missing if name == "wide" else None,
            )
            use_catalogues(settings, folder)
            cache.clear()
            pages[name] = {
                path: client.get(path).content.decode() for path in addresses
            }
        wrong = set()
        for path in addresses:
            actual, expected = (
                Stream(pages[name][path]).items for name in ("missing", "wide")
            )
            visited |= {char for char, *_rest in expected if ord(char[0]) in _NARROW}
            wrong |= {f"{path}: {text}" for text in wrong_in(actual, expected)}
        assert wrong == set()
    # Otherwise the pages would have shown hardly any of the missing messages.
    assert len(visited) > 40


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


def test_footer_says_that_parts_are_in_english_only_if_messages_are_missing(
    client, settings, tmp_path
):
    line = "Menus and labels that are not translated yet are shown in English."
    assert line not in client.get("/vi/contact/").content.decode()
    assert client.get("/vi/contact/").context["is_partly_english"] is False

    write_catalogue(tmp_path, "vi", missing={("", line)})
    use_catalogues(settings, tmp_path)
    page = client.get("/vi/contact/").content.decode()

    assert page.count(f'<span lang="en">{line}</span>') == 1
    assert page.index("<footer") < page.index(line)
    assert '<html lang="vi"' in page
    assert client.get("/vi/contact/")["Content-Language"] == "vi"
    assert line not in client.get("/en/contact/").content.decode()


# ------------------------------------------------------------------ templates

_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_MESSAGE = re.compile(
    r"\{% (?:translate [^%]*|blocktranslate.*?\{% endblocktranslate )%\}", re.DOTALL
)
# Blocks in the head of the page.
_HEAD = re.compile(
    r"\{% block (?:title|title_suffix|description) %\}.*?\{% endblock", re.DOTALL
)
_PLAIN = re.compile(r"<(title|desc|option)\b.*?</\1>", re.DOTALL)


def test_messages_that_a_page_shows_are_marked_in_templates():
    """Except in attributes, titles and options, which cannot have markup."""
    with collect_failures() as failures:
        for name in PUBLIC_TEMPLATES:
            with failures.case(name):
                assert _unmarked_messages(name) == []


def _unmarked_messages(name: str) -> list[str]:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    html = _TAG.sub(lambda tag: " " * len(tag[0]), source)
    plain = [
        match.span() for match in (*_HEAD.finditer(source), *_PLAIN.finditer(source))
    ]
    return [
        message[0]
        for message in _MESSAGE.finditer(source)
        if html.rfind("<", 0, message.start()) <= html.rfind(">", 0, message.start())
        if not any(start <= message.start() < end for start, end in plain)
        if not is_marked(source, message)
    ]


def test_attributes_of_templates_have_no_marked_texts():
    """The mark is an element, which would be shown as text in an attribute."""
    with collect_failures() as failures:
        for name in PUBLIC_TEMPLATES:
            with failures.case(name):
                assert _marks_in_attributes(name) == []


def _marks_in_attributes(name: str) -> list[str]:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    html = _TAG.sub(lambda tag: " " * len(tag[0]), source)
    return [
        tag[0]
        for tag in _TAG.finditer(source)
        if re.search(r"\|(?:with_lang|in_message)\b|\{% marked %\}", tag[0])
        if html.rfind("<", 0, tag.start()) > html.rfind(">", 0, tag.start())
    ]


def is_marked(source: str, message: re.Match) -> bool:
    """Whether a message is marked, or put in a variable that is marked when shown."""
    is_variable = re.search(r" as \w+ %\}$", message[0])
    is_block = source[: message.start()].endswith("{% marked %}")
    return bool(is_variable or is_block or "|with_lang" in message[0])
