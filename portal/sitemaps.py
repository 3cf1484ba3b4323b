"""The sitemap: standing pages in all languages, records in those they exist in.

One file while the record is small; above, an index of parts. A part holds the entries
whose numbers lie in one span, so that it stays the same when others come and go, and is
bounded: 500 entries in twelve languages are 6,000 addresses of the 50,000 allowed.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Max
from django.urls import LocalePrefixPattern, URLPattern, get_resolver

from portal.catalogue.models import Entry
from portal.directory.pages import PublicPage
from portal.feeds.metadata import Alternate, alternates
from portal.languages import BY_CODE

SPAN = 500
# Pages with nothing to find on them: what they show is what somebody typed.
_NOT_FOUND_BY_SEARCH = {"search", "report"}


@dataclass(frozen=True)
class Address:
    """One address: path with its language, day of the last change, other languages."""

    path: str
    changed_on: dt.date | None
    alternates: list[Alternate]


@dataclass(frozen=True)
class Part:
    """One part of the sitemap: its number and the day of the last change in it."""

    number: int
    changed_on: dt.date
    count: int


def parts() -> list[Part]:
    """The parts of the records, in one query."""
    rows = (
        _listed()
        .annotate(part=F("pk") / SPAN)
        .order_by("part")
        .values_list("part")
        .annotate(changed=Max("changed_at"), count=Count("pk"))
    )
    return [Part(number, changed.date(), count) for number, changed, count in rows]


def records(number: int | None = None) -> list[Address]:
    """The records of one part, or all of them, each in its languages."""
    found = _listed()
    if number is not None:
        found = found.filter(pk__gte=number * SPAN, pk__lt=(number + 1) * SPAN)
    rows = found.order_by("kind", "code").values_list("path", "languages", "changed_at")
    return [
        address
        for path, languages, changed_at in rows
        for address in _in_languages(path, languages, changed_at.date())
    ]


def standing_pages() -> list[Address]:
    """The pages that stand whatever is on record, in all languages."""
    return [
        address
        for path in sorted(_standing_paths(get_resolver().url_patterns))
        for address in _in_languages(path, BY_CODE, None)
    ]


def _listed():
    # No search engine is to find what was invented to try the site out.
    return Entry.objects.exclude(path="").filter(is_sample=False)


def _in_languages(
    path: str, codes: Iterable[str], changed_on: dt.date | None
) -> list[Address]:
    ways = alternates(path, codes)
    return [
        Address(way.path, changed_on, ways)
        for way in ways
        if way.hreflang != "x-default"
    ]


def _standing_paths(patterns) -> Iterable[str]:
    """Public pages behind the language prefix whose address has no part to fill in."""
    for pattern in patterns:
        if isinstance(pattern.pattern, LocalePrefixPattern):
            yield from _plain_paths(pattern.url_patterns, "")


def _plain_paths(patterns, before: str) -> Iterable[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from _plain_paths(pattern.url_patterns, route)
        elif _is_standing(pattern, route):
            yield route


def _is_standing(pattern: URLPattern, route: str) -> bool:
    view = getattr(pattern.callback, "view_class", None)
    is_page = view is not None and issubclass(view, PublicPage)
    return is_page and "<" not in route and pattern.name not in _NOT_FOUND_BY_SEARCH
