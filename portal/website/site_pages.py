"""Search for pages of the site that are not records: sections, contact, calendar, …"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.search import marker_tokens
from portal.content.catalogue.search.highlighting import find_matches, highlight_html
from portal.content.catalogue.search.index import Condition, all_of
from portal.content.catalogue.search.indexing import text_tokens, title_markers
from portal.content.catalogue.search.match_levels import term_condition
from portal.content.catalogue.search.query_terms import ParsedQuery, parse_query
from portal.content.catalogue.search.suggestions import suggest_condition
from portal.content.catalogue.search.tokens import parse_terms
from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText

# URL name and title of the pages besides the sections of the navigation.
_PAGES = (
    ("about", _("About this website")),
    ("contact", _("Contact")),
    ("report", _("Report a problem with this website")),
    ("site-map", _("Site map")),
    ("accessibility", _("Accessibility statement")),
    ("privacy", _("Privacy notice")),
)
_MAX_PAGES = 3


@dataclass(frozen=True)
class SitePage:
    """A page of the site that matches a query.

    ``name`` is the name of its URL. ``title`` is HTML with the matching words marked,
    ``plain_title`` the text.
    ``matched_text`` is the text that matches if the title does not, else None.
    """

    name: str
    url: str
    title: SafeString
    plain_title: str
    title_language: Language
    matched_text: LocalizedText | None = None


@dataclass(frozen=True)
class _PageText:
    """A title or keyword of a page, with its search tokens."""

    language: Language
    text: str
    tokens: frozenset[str]
    whole_title: str


def find_site_pages(query: ParsedQuery, language: Language) -> list[SitePage]:
    """Return the pages of which a title or a keyword has all terms of the query.

    Titles of every language are searched; that of ``language``, which must be the
    active language, is shown. A page whose whole title is the query comes first.
    """
    if not query.terms:
        return []
    condition = all_of(term_condition(term) for term in query.terms)
    return _find_pages(condition, query, language)


def suggest_site_pages(text: str, language: Language) -> list[SitePage]:
    """Return the pages for whose title a text that is being typed is the beginning.

    ``language`` must be the active language.
    """
    condition = suggest_condition(text)
    return _find_pages(condition, parse_query(text), language) if condition else []


def _find_pages(
    condition: Condition, query: ParsedQuery, language: Language
) -> list[SitePage]:
    titles = set(map(marker_tokens.whole_title_token, query.titles))
    matches: list[tuple[bool, SitePage]] = []
    for name, title in _titles().items():
        texts = [text for text in _page_texts(name) if condition.is_met_by(text.tokens)]
        if texts:
            is_whole = any(text.whole_title in titles for text in texts)
            page = _build_page(name, title, texts, query, language)
            matches.append((not is_whole, page))
    matches.sort(key=lambda match: match[0])
    return [page for _is_part, page in matches[:_MAX_PAGES]]


def _build_page(
    name: str, title, texts: list[_PageText], query: ParsedQuery, language: Language
) -> SitePage:
    shown = interface_text(title)
    matches = find_matches(shown.text, query.terms)
    text = next((text for text in texts if text.language is language), texts[0])
    is_explained = len(matches.terms) == len(query.terms)
    return SitePage(
        name,
        reverse(name),
        highlight_html(matches),
        shown.text,
        shown.language,
        None
        if is_explained
        else LocalizedText(
            text.text, text.language, is_fallback=text.language is not language
        ),
    )


def _titles() -> dict:
    """Return the titles of all pages by the names of their URLs."""
    return dict(settings.NAVIGATION_SECTIONS) | dict(_PAGES)


@cache
def _page_texts(name: str) -> tuple[_PageText, ...]:
    """Return the titles of a page in every language, and its keywords.

    They are computed once per process, because new message catalogues are loaded only
    on restart.
    """
    title = _titles()[name]
    texts: dict[tuple[str, str], None] = {}
    for code in LANGUAGES_BY_CODE:
        with translation.override(code):
            texts[code, str(title)] = None
    texts |= dict.fromkeys(_read_keywords(name))
    return tuple(
        _PageText(
            LANGUAGES_BY_CODE[code],
            text,
            _all_tokens(code, text),
            marker_tokens.whole_title_token(parse_terms(text)),
        )
        for code, text in texts
    )


def _all_tokens(code: str, text: str) -> frozenset[str]:
    tokens = list(text_tokens(code, text))
    markers = [*marker_tokens.title_tokens(tokens), *title_markers(text)]
    return frozenset([*tokens, *markers])


def _read_keywords(name: str) -> Iterator[tuple[str, str]]:
    path = Path(__file__).with_name("site_page_keywords.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["page"] == name:
                yield row["language"], row["text"]
