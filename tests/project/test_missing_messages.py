"""Messages missing from a catalogue are shown in English and marked as English.

That they are marked on every page is tested with the record: see test_site_crawl.
"""

import re
from fnmatch import fnmatchcase

import pytest
from django.core.cache import cache

from tests.catalogues import use_catalogues, write_catalogue
from tests.failures import collect_failures
from tests.project.interface_messages import staff_files, template_names
from tests.project.source_tree import TEMPLATES

pytestmark = pytest.mark.django_db

PUBLIC_TEMPLATES = [
    name
    for name in template_names()
    if not any(fnmatchcase(f"templates/{name}", pattern) for pattern in staff_files())
]


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


def test_texts_computed_from_the_catalogues_are_those_of_the_catalogues_in_use(
    client, settings, tmp_path
):
    """Else a test with other catalogues would change the results of later tests."""

    def suggestions():
        cache.clear()
        return client.get("/vi/search/suggest/", {"q": "liên hệ"}).json()[1]

    folders = settings.LOCALE_PATHS
    assert suggestions() == ["Liên hệ"]
    write_catalogue(tmp_path, "vi", missing={("", "Contact")})
    use_catalogues(settings, tmp_path)
    assert suggestions() == []
    settings.LOCALE_PATHS = folders
    assert suggestions() == ["Liên hệ"]


# ------------------------------------------------------------------ templates

_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_MESSAGE = re.compile(
    r"\{% (?:translate [^%]*|blocktranslate.*?\{% endblocktranslate )%\}", re.DOTALL
)
# Blocks in the head of the page.
_HEAD = re.compile(
    r"\{% block (?:title|title_page|title_suffix|description) %\}.*?"
    r"\{% endblock(?!translate)",
    re.DOTALL,
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
