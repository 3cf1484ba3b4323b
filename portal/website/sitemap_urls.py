"""URLs of the XML sitemap: pages in all languages, records in their languages.

The sitemap is one file while there are few records, else an index of parts. A part
contains the entries whose primary keys are in one range. It therefore does not change
when entries of other parts are added or removed, and it has a maximum size: 500 entries
in twelve languages are 6,000 URLs; the protocol allows 50,000 per file.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Max
from django.urls import LocalePrefixPattern, URLPattern, get_resolver

from portal.content.catalogue.models import Entry, EntryTag
from portal.core.languages import LANGUAGES_BY_CODE
from portal.website.base_views import PublicView
from portal.website.page_metadata import AlternateLink, alternate_links

ENTRIES_PER_PART = 500
# Pages without content to index: they only show what the visitor enters.
_EXCLUDED_URL_NAMES = {"search", "report"}


@dataclass(frozen=True)
class SitemapUrl:
    """One sitemap URL: path with language prefix, last change and other languages.

    ``changed_on`` is None for static pages.
    """

    path: str
    changed_on: dt.date | None
    alternates: list[AlternateLink]


@dataclass(frozen=True)
class SitemapPart:
    """One part of the sitemap: number, date of its last change, number of entries."""

    number: int
    changed_on: dt.date
    count: int


def sitemap_parts() -> list[SitemapPart]:
    """Return the sitemap parts that contain records; one query."""
    rows = (
        _indexable_entries()
        .annotate(part=F("pk") / ENTRIES_PER_PART)
        .order_by("part")
        .values_list("part")
        .annotate(changed=Max("changed_at"), count=Count("pk"))
    )
    return [
        SitemapPart(number, changed.date(), count) for number, changed, count in rows
    ]


def record_urls(number: int | None = None) -> list[SitemapUrl]:
    """Return the URLs of the records, one per record and language.

    ``number`` limits them to one part; None means all parts.
    """
    entries = _indexable_entries()
    if number is not None:
        entries = entries.filter(
            pk__gte=number * ENTRIES_PER_PART, pk__lt=(number + 1) * ENTRIES_PER_PART
        )
    rows = entries.order_by("kind", "code").values_list(
        "path", "languages", "changed_at"
    )
    return [
        sitemap_url
        for path, languages, changed_at in rows
        for sitemap_url in _language_urls(path, languages, changed_at.date())
    ]


def static_page_urls() -> list[SitemapUrl]:
    """Return the URLs of the static pages in all languages.

    Static pages are public views whose URL pattern has no arguments.
    """
    return [
        sitemap_url
        for path in sorted(_static_paths(get_resolver().url_patterns))
        for sitemap_url in _language_urls(path, LANGUAGES_BY_CODE, None)
    ]


def topic_urls() -> list[SitemapUrl]:
    """Return the URLs of the pages of topics in all languages; one query.

    Those of topics that only sample records have are left out.
    """
    tags = EntryTag.objects.filter(axis="topic", entry__is_sample=False)
    rows = tags.order_by("value").values_list("value")
    return [
        sitemap_url
        for key, changed_at in rows.annotate(changed=Max("entry__changed_at"))
        for sitemap_url in _language_urls(
            f"topics/{key}/", LANGUAGES_BY_CODE, changed_at.date()
        )
    ]


def _indexable_entries():
    # Search engines must not index sample records.
    return Entry.objects.exclude(path="").filter(is_sample=False)


def _language_urls(
    path: str, codes: Iterable[str], changed_on: dt.date | None
) -> list[SitemapUrl]:
    """Return the sitemap URLs of one page, one per language in ``codes``.

    Each lists all language versions as alternates.
    """
    alternates = alternate_links(path, codes)
    return [
        SitemapUrl(alternate.path, changed_on, alternates)
        for alternate in alternates
        if alternate.hreflang != "x-default"
    ]


def _static_paths(patterns) -> Iterable[str]:
    """Yield the paths of all static pages, without the language prefix."""
    for pattern in patterns:
        if isinstance(pattern.pattern, LocalePrefixPattern):
            yield from _paths_without_arguments(pattern.url_patterns, "")


def _paths_without_arguments(patterns, prefix: str) -> Iterable[str]:
    """Yield the paths of static pages in ``patterns`` and in nested URLconfs."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from _paths_without_arguments(pattern.url_patterns, route)
        elif _is_static_page(pattern, route):
            yield route


def _is_static_page(pattern: URLPattern, route: str) -> bool:
    """Return True for a public view whose route has no arguments, unless excluded."""
    view = getattr(pattern.callback, "view_class", None)
    is_page = view is not None and issubclass(view, PublicView)
    return is_page and "<" not in route and pattern.name not in _EXCLUDED_URL_NAMES
