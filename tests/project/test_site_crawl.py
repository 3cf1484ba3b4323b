"""Crawl of the site in every language by the links of the home page.

No link of the site is broken, nothing is fetched from another host, and every text is
in the language that its markup says.
"""

import io
import re
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import Resolver404, resolve
from django.utils.translation import override
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.querysets import translated_fields
from tests.project.html_crawler import Page, is_ours, parse_page, path_of

pytestmark = pytest.mark.django_db

# Letters of a script, and the tags of the languages written in it.
SCRIPTS = {
    "Thai": (re.compile("[\u0e00-\u0e7f]{2}"), {"th"}),
    "Lao": (re.compile("[\u0e80-\u0eff]{2}"), {"lo"}),
    "Khmer": (re.compile("[\u1780-\u17ff]{2}"), {"km"}),
    "Burmese": (re.compile("[\u1000-\u109f]{2}"), {"my"}),
    "Han": (re.compile("[\u4e00-\u9fff]"), {"zh", "zh-Hans", "zh-Hant"}),
}
# Typeset files, which have tests of their own.
GENERATED = re.compile(r"(/print/|/card\.png)$")
# Each month links to the next without end; ``text`` only changes the size of letters;
# every page links to the report form with its own address.
ENDLESS = re.compile(r"[?&](month|text)=|/report/\?")


@pytest.fixture
def record(db):
    call_command("load_record", stdout=io.StringIO())


def _crawled(client, language: str) -> tuple[dict[str, Page], dict[str, int]]:
    """Return the linked pages of one language, and the statuses of other links."""
    pages, answers = {}, {}
    waiting = [f"/{language}/", f"/{language}/report/"]
    while waiting:
        path = waiting.pop()
        if path in pages or path in answers:
            continue
        response = client.get(path)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            answers[path] = response.status_code
            # Read but not closed: at the end of a request Django would close the
            # database connection that the test runs on.
            b"".join(response)
            continue
        pages[path] = parse_page(path, response.content.decode())
        waiting += [p for p in _ours(pages[path], language) if p not in pages]
    return pages, answers


def _ours(page: Page, language: str) -> list[str]:
    """Return the links to follow: of the portal, in this language.

    A link with a query is followed only from a page without one, or combinations of
    filters would have no end.
    """
    links = []
    for address in page.links:
        path = path_of(address)
        if not is_ours(address) or GENERATED.search(urlsplit(path).path):
            continue
        is_here = path.startswith(f"/{language}/") or not _is_page(path)
        is_bounded = "?" not in path or (
            "?" not in page.address and not ENDLESS.search(path)
        )
        if is_here and is_bounded:
            links.append(path)
    return links


def _is_page(path: str) -> bool:
    return path.split("/")[1] in LANGUAGES_BY_CODE


def test_no_broken_links_and_no_text_without_language_tag(client, record):
    """In one test, because loading the record takes as long as reading its pages."""
    entries = set(Entry.objects.exclude(path="").values_list("path", flat=True))
    written = _written()
    for language in LANGUAGES_BY_CODE:
        pages, answers = _crawled(client, language)

        assert {f"/{language}/{path}" for path in entries} <= set(pages), language
        assert {p: s for p, s in answers.items() if s not in (200, 301, 302)} == {}
        assert _unresolved(pages) == set()
        assert _broken_fragments(pages) == set()
        assert _foreign(pages) == set()
        assert _unmarked(pages, written) == set()


def _unresolved(pages) -> set[str]:
    """Return links of the portal that no view answers."""
    wrong = set()
    for page in pages.values():
        for path in {path_of(a) for a in page.links if is_ours(a)}:
            code = path.split("/")[1]
            try:
                with override(code if code in LANGUAGES_BY_CODE else "en"):
                    resolve(urlsplit(path).path)
            except Resolver404:
                wrong.add(path)
    return wrong


def _broken_fragments(pages) -> set[tuple[str, str]]:
    return {
        (page.address, link)
        for page in pages.values()
        for link in page.links
        if "#" in link and is_ours(link) and path_of(link) in pages
        if link.partition("#")[2] not in pages[path_of(link)].ids | {""}
    }


def _foreign(pages) -> set[tuple[str, str]]:
    """Return fetched files that are on another host or missing."""
    wrong = set()
    for page in pages.values():
        for address in page.fetched:
            if address.startswith("data:"):
                continue
            path = path_of(address)
            is_static = path.startswith("/static/")
            if not is_ours(address) or not is_static or not _is_resolvable(path):
                wrong.add((page.address, address))
    return wrong


def _is_resolvable(path: str) -> bool:
    return finders.find(urlsplit(path).path.removeprefix("/static/")) is not None


def _written() -> dict[str, set[str]]:
    """Return each translated text of a record with the tags of its languages."""
    tags: dict[str, set[str]] = {}
    for kind in all_kinds():
        names = translated_fields(kind.model)
        for record in kind.model.objects.all():
            for language, name in product(LANGUAGES, names):
                text = getattr(record, build_localized_fieldname(name, language.code))
                if text and len(text) > 3:
                    key = " ".join(text.split())
                    tags.setdefault(key, set()).add(language.tag)
    return tags


def _unmarked(pages, written) -> set[tuple[str, str, str]]:
    wrong = set()
    for page in pages.values():
        for tag, text in page.texts:
            # lang="" means that the language of a source is unknown.
            if tag and not _is_marked(tag, text, written):
                wrong.add((page.address, tag, text[:80]))
    return wrong


def _is_marked(tag: str, text: str, written) -> bool:
    if text in written:
        # A text may be the same in simplified and traditional characters.
        return tag in written[text] or (
            tag in ("zh", "zh-Hant") and "zh-Hans" in written[text]
        )
    is_address = text.startswith(("http://", "https://"))
    return is_address or all(
        tag in tags for letters, tags in SCRIPTS.values() if letters.search(text)
    )
