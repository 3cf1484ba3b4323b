"""Crawl of the site in every language by the links of the home page.

No link of the site is broken, nothing is fetched from another host, and every text is
in the language that its markup says, even if messages are missing from the catalogue.
The record is loaded and the site is crawled once, which takes longer than the tests.
"""

import io
import re
from collections.abc import Iterator
from functools import cache as cached
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import override
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.querysets import translated_fields
from tests.catalogues import use_catalogues, write_catalogue
from tests.failures import collect_failures
from tests.project.html_crawler import is_ours, path_of
from tests.project.marked_messages import (
    NOWHERE,
    Stream,
    has_wide_letters,
    untranslated_messages,
    wide_or_missing,
    wrong_in,
)
from tests.project.site_crawler import (
    ANY_LANGUAGE,
    Crawl,
    language_of,
    view_of,
    without_language,
)

pytestmark = pytest.mark.django_db

# Letters of a script, and the tags of the languages written in it.
SCRIPTS = {
    "Thai": (re.compile("[\u0e00-\u0e7f]{2}"), {"th"}),
    "Lao": (re.compile("[\u0e80-\u0eff]{2}"), {"lo"}),
    "Khmer": (re.compile("[\u1780-\u17ff]{2}"), {"km"}),
    "Burmese": (re.compile("[\u1000-\u109f]{2}"), {"my"}),
    "Han": (re.compile("[\u4e00-\u9fff]"), {"zh", "zh-Hans", "zh-Hant"}),
}


# Of the test of missing messages: every second message is missing, in turn.
LANGUAGE = LANGUAGES_BY_CODE["vi"]
EVERY = 2
OF_EACH_VIEW = 2
COORDINATION = "exchanges/cn-vn-guangxi-direct-coordination/"
ALSO_READ = [
    "none/",
    "about/?text=large",
    COORDINATION,
    "report/?page=/vi/",
    "calendar/?month=x",
    "calendar/?month=3000-01",
    "search/?q=ASEAN",
    "search/?q=zzzz+yyyy&kind=seminar",
    "search/?q=%23",
    "seminars/?year=2024",
    "documents/?page=900",
    "report/?sent=1",
]


@pytest.fixture(scope="module")
def crawl_and_pages(rows_of_module) -> Iterator[tuple[Crawl, list[str]]]:
    with rows_of_module(_load_and_crawl) as crawl_and_pages:
        yield crawl_and_pages


@pytest.fixture
def crawl(crawl_and_pages) -> Crawl:
    return crawl_and_pages[0]


@pytest.fixture
def pages_of_each_view(crawl_and_pages) -> list[str]:
    """Pages that are chosen before any test, because a test may request more."""
    return crawl_and_pages[1]


def _load_and_crawl() -> tuple[Crawl, list[str]]:
    call_command("load_record", stdout=io.StringIO())
    crawl = Crawl(Client())
    crawl.run(ANY_LANGUAGE, f"{ANY_LANGUAGE}report/")
    return crawl, _pages_of_each_view(crawl)


def test_no_broken_links_and_no_text_without_language_tag(crawl):
    entries = _entries()
    with collect_failures() as failures:
        for language in LANGUAGES_BY_CODE:
            with failures.case("every entry is linked", language):
                _assert_none(crawl.unlinked_in(language, entries))
        with failures.case("the page of every entry was read"):
            _assert_none(entries - crawl.paths_by_address().keys())
        for rule, check in RULES.items():
            with failures.case(rule):
                _assert_none(check(crawl))


def _assert_none(wrong: set) -> None:
    assert not wrong, "\n".join(map(str, sorted(wrong)))


def _entries() -> set[str]:
    paths = Entry.objects.exclude(path="").values_list("path", flat=True)
    return {f"{ANY_LANGUAGE}{path}" for path in paths}


def _failed(crawl: Crawl) -> set[tuple[str, int]]:
    return {(p, s) for p, s in crawl.statuses.items() if s not in (200, 301, 302)}


def _differing(crawl: Crawl) -> set[tuple[str, str]]:
    """Return links that a page has in one of its languages and not in another."""
    wrong = set()
    for address, paths in crawl.paths_by_address().items():
        links = [crawl.links[path] for path in paths]
        differing = set.union(*links) - set.intersection(*links)
        wrong |= {(address, link) for link in differing}
    return wrong


def _unresolved(crawl: Crawl) -> set[str]:
    """Return links of the portal that no view answers."""
    wrong = set()
    links = {link for page in crawl.pages.values() for link in page.links}
    for path in {path_of(link) for link in links if is_ours(link)}:
        try:
            with override(language_of(path) or "en"):
                resolve(urlsplit(path).path)
        except Resolver404:
            wrong.add(path)
    return wrong


def _broken_fragments(crawl: Crawl) -> set[tuple[str, str]]:
    """The linked page may have been requested in another language than the link's."""
    ids = {
        address: {""}.union(*(crawl.pages[path].ids for path in paths))
        for address, paths in crawl.paths_by_address().items()
    }
    return {
        (page.address, link)
        for page in crawl.pages.values()
        for link in page.links
        if "#" in link and is_ours(link) and without_language(path_of(link)) in ids
        if link.partition("#")[2] not in ids[without_language(path_of(link))]
    }


def _foreign(crawl: Crawl) -> set[tuple[str, str]]:
    """Return fetched files that are on another host or missing."""
    wrong = set()
    for page in crawl.pages.values():
        for address in page.fetched:
            if address.startswith("data:"):
                continue
            path = path_of(address)
            is_static = path.startswith("/static/")
            if not is_ours(address) or not is_static or not _is_resolvable(path):
                wrong.add((page.address, address))
    return wrong


@cached
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


def _unmarked(crawl: Crawl) -> set[tuple[str, str, str]]:
    wrong, written = set(), _written()
    for page in crawl.pages.values():
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


RULES = {
    "every link is answered": _failed,
    "every link has a view": _unresolved,
    "every language has the same links": _differing,
    "every fragment exists": _broken_fragments,
    "every file is ours": _foreign,
    "every text is in its language": _unmarked,
}


def test_missing_messages_are_marked_and_nothing_else_changes(
    pages_of_each_view, client, settings, tmp_path
):
    messages = untranslated_messages(LANGUAGE, settings)
    letters, wrong = set(), set()
    for first in range(EVERY):
        missing = set(messages[first::EVERY])
        pages = {}
        for name, instead in (("wide", wide_or_missing), ("missing", None)):
            folder = tmp_path / f"{name}-{first}"
            write_catalogue(
                folder,
                LANGUAGE.code,
                missing=missing | {("", NOWHERE)},
                instead=instead,
            )
            use_catalogues(settings, folder)
            cache.clear()
            pages[name] = [
                client.get(path).content.decode() for path in pages_of_each_view
            ]
        for path, *htmls in zip(pages_of_each_view, *pages.values(), strict=True):
            expected, actual = (Stream(html).items for html in htmls)
            letters |= {item[0] for item in expected if has_wide_letters(item)}
            wrong |= {f"{path}: {text}" for text in wrong_in(actual, expected)}
    assert wrong == set()
    # Otherwise the pages would have shown hardly any of the missing messages.
    assert len(letters) > 40


def _pages_of_each_view(crawl: Crawl) -> list[str]:
    """Return two pages of each view, and pages with other messages.

    Of a view with filters one with a filter and one without; those with most texts.
    """
    paths_by_address = crawl.paths_by_address()
    assert ANY_LANGUAGE + COORDINATION in paths_by_address
    by_view: dict[str, list[str]] = {}
    for address in paths_by_address:
        if address.startswith(ANY_LANGUAGE):
            by_view.setdefault(view_of(address)[0], []).append(address)
    chosen = []
    for addresses in by_view.values():
        addresses.sort(key=lambda a: -len(crawl.pages[paths_by_address[a][0]].texts))
        chosen += _two_of(addresses)
    language = f"/{LANGUAGE.code}/"
    assert len(chosen) > OF_EACH_VIEW * len(all_kinds())
    return [
        *(address.replace(ANY_LANGUAGE, language) for address in chosen),
        *(language + path for path in ALSO_READ),
    ]


def _two_of(addresses: list[str]) -> list[str]:
    filtered = [address for address in addresses if "?" in address]
    plain = [address for address in addresses if "?" not in address]
    return (plain[:1] + filtered[:1] + plain[1:])[:OF_EACH_VIEW]
