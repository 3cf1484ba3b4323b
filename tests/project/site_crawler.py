"""Crawler that follows the links of the site and varies the language of the pages.

Which links a page has does not depend on its language, and all pages of a view have the
same templates. So each address is requested in few of the twelve languages, but each
view in all of them: they take turns. A list has many addresses that differ only in the
values of its filters: of most of them only the status is read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import override

from portal.core.languages import LANGUAGES_BY_CODE
from tests.project.html_crawler import Page, is_ours, parse_page, path_of
from tests.unrendered_pages import unrendered

# Stands for the language in an address.
ANY_LANGUAGE = "/<lang>/"
# Number of addresses of a view with the same parameters whose pages are read.
OF_SAME_PARAMETERS = 4
# Typeset files, which have tests of their own.
GENERATED = re.compile(r"(/print/|/card\.png)$")
# Each month links to the next without end; ``text`` only changes the size of letters;
# every page links to the report form with its own address.
ENDLESS = re.compile(r"[?&](month|text)=|/report/\?")


@dataclass
class _View:
    """The addresses of one view with or without a query, and the next language.

    ``filtered`` are the numbers of pages by the names of the parameters in the query.
    """

    addresses: list[str] = field(default_factory=list)
    languages: Iterator[str] = field(default_factory=lambda: cycle(LANGUAGES_BY_CODE))
    others: Iterator[str] = field(default_factory=lambda: cycle(LANGUAGES_BY_CODE))
    requests: int = 0
    filtered: Counter = field(default_factory=Counter)


class Crawl:
    """The pages and the statuses of other answers, by path.

    A page without a query is requested in two languages, any other address in one.
    ``links`` are the addresses that are followed from a page. Of addresses with the
    same parameters as four others only the status is read.
    """

    def __init__(self, client):
        self.pages: dict[str, Page] = {}
        self.links: dict[str, set[str]] = {}
        self.statuses: dict[str, int] = {}
        self._client = client
        self._known: set[str] = set()
        self._waiting: list[str] = []
        self._views: dict[tuple[str, bool], _View] = defaultdict(_View)

    def run(self, *addresses: str) -> None:
        self._add(addresses)
        while self._waiting:
            while self._waiting:
                address = self._waiting.pop()
                view = self._views[view_of(address)]
                if self._is_like_many_others(address, view):
                    self._request_status(address, next(view.others))
                    continue
                view.addresses.append(address)
                for _ in range(1 if "?" in address else 2):
                    self._request_next(address, view)
            self._request_each_view_in_every_language()

    def unlinked_in(self, language: str, addresses: set[str]) -> set[str]:
        """Return which addresses no page of one language links to.

        First the pages that link to them in other languages are requested in this one,
        beginning with those that link to most of them.
        """
        unlinked = addresses - set().union(
            *(self.links[path] for path in self.pages if language_of(path) == language)
        )
        linked = {
            address: addresses & set().union(*(self.links[path] for path in paths))
            for address, paths in self.paths_by_address().items()
        }
        for address in sorted(linked, key=lambda address: -len(linked[address])):
            if ANY_LANGUAGE in address and linked[address] & unlinked:
                unlinked -= self._request(address, language)
        return unlinked

    def paths_by_address(self) -> dict[str, list[str]]:
        """Return the paths of the pages of each address, in one or more languages."""
        paths = defaultdict(list)
        for path in self.pages:
            paths[without_language(path)].append(path)
        return paths

    def _add(self, addresses: Iterable[str]) -> None:
        new = sorted(set(addresses) - self._known)
        self._known.update(new)
        self._waiting += new

    def _is_like_many_others(self, address: str, view: _View) -> bool:
        if "?" not in address:
            return False
        names = tuple(name for name, _value in parse_qsl(urlsplit(address).query))
        view.filtered[names] += 1
        return view.filtered[names] > OF_SAME_PARAMETERS

    def _request_each_view_in_every_language(self) -> None:
        for view in list(self._views.values()):
            left = len(LANGUAGES_BY_CODE) - view.requests
            for _, address in zip(range(left), cycle(view.addresses), strict=False):
                self._request_next(address, view)

    def _request_next(self, address: str, view: _View) -> None:
        view.requests += 1
        self._request(address, next(view.languages))

    def _request_status(self, address: str, language: str) -> None:
        path = address.replace(ANY_LANGUAGE, f"/{language}/")
        with unrendered():
            response = self._client.get(path)
        self.statuses[path] = response.status_code
        b"".join(response)

    def _request(self, address: str, language: str) -> set[str]:
        """Return the links of the page, none if the answer is not a page."""
        path = address.replace(ANY_LANGUAGE, f"/{language}/")
        if path not in self.pages and path not in self.statuses:
            response = self._client.get(path)
            if response.status_code == 200 and "html" in response["Content-Type"]:
                self.pages[path] = parse_page(path, response.content.decode())
                self.links[path] = _links(self.pages[path])
                self._add(self.links[path])
            else:
                self.statuses[path] = response.status_code
                # Read but not closed: at the end of a request Django would close the
                # database connection that the test runs on.
                b"".join(response)
        return self.links.get(path, set())


def language_of(path: str) -> str:
    """Return the language of a path of the portal, "" if it has none."""
    code = path.split("/")[1]
    return code if code in LANGUAGES_BY_CODE else ""


def without_language(path: str) -> str:
    language = language_of(path)
    return path.replace(f"/{language}/", ANY_LANGUAGE, 1) if language else path


def view_of(address: str) -> tuple[str, bool]:
    """Return the route of an address, and whether the address has a query."""
    path = urlsplit(address.replace(ANY_LANGUAGE, "/en/")).path
    try:
        with override("en"):
            route = resolve(path).route
    except Resolver404:
        route = ""  # a broken link
    return route, "?" in address


def _links(page: Page) -> set[str]:
    """Return the links to follow: of the portal, in the language of the page.

    A link with a query is followed only from a page without one, or combinations of
    filters would have no end.
    """
    links, language = set(), language_of(page.address)
    for link in page.links:
        path = path_of(link)
        if not is_ours(link) or GENERATED.search(urlsplit(path).path):
            continue
        is_here = language_of(path) in ("", language)
        is_bounded = "?" not in path or (
            "?" not in page.address and not ENDLESS.search(path)
        )
        if is_here and is_bounded:
            links.add(without_language(path))
    return links
