"""Snippets: a line or two of the passage of a record that contains a search hit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.content.catalogue.models import Entry
from portal.content.catalogue.search.highlighting import (
    TextMatches,
    find_matches,
    highlight_html,
    may_match,
)
from portal.content.catalogue.search.query_terms import QueryTerm
from portal.core.languages import LANGUAGES_BY_CODE, UNDETERMINED_LANGUAGE, Language
from portal.core.translations.conversion import to_traditional
from portal.core.translations.localized_text import LocalizedText, get_fallback_chain
from portal.core.translations.single_line import join_lines

# Number of grapheme clusters before the first hit, and in the whole snippet.
_CLUSTERS_BEFORE_HIT, _SNIPPET_CLUSTERS = 40, 220


@dataclass(frozen=True)
class Snippet:
    """A passage of a record as HTML with highlighted search hits.

    ``passage`` is the plain text of the whole passage with its language.
    """

    html: SafeString
    passage: LocalizedText


def build_snippet(
    entry: Entry,
    terms: Sequence[QueryTerm],
    language: Language,
    visible_texts: Iterable[str],
) -> Snippet | None:
    """Return the passage with the most terms that the visible texts lack.

    ``visible_texts`` are texts that the page shows anyway. Return None if they contain
    all terms, or if no stored passage contains a missing term, for example because it
    matched the name of a place or the end of a long file.
    """
    matched_terms = frozenset().union(
        *(find_matches(text, terms).terms for text in visible_texts)
    )
    missing_terms = [
        term for number, term in enumerate(terms) if number not in matched_terms
    ]
    best: tuple[int, LocalizedText, TextMatches] | None = None
    for code, text in _load_passages(entry, language) if missing_terms else ():
        if best and best[0] == len(missing_terms):
            break
        if not may_match(text, missing_terms):
            continue
        passage = _localize_passage(code, text, language)
        count = len(find_matches(passage.text, missing_terms).terms)
        if count > (best[0] if best else 0):
            best = (count, passage, find_matches(passage.text, terms))
    return _cut_snippet(best[1], best[2], missing_terms) if best else None


def _load_passages(entry: Entry, language: Language) -> list[tuple[str, str]]:
    """Return the summaries and stored texts, sorted by the reader's languages."""
    texts = [
        (text.language, join_lines(text.summary, LANGUAGES_BY_CODE[text.language]))
        for text in entry.prefetched_texts
        if text.summary
    ]
    order = {code: index for index, code in enumerate(get_fallback_chain(language))}
    passages = [*texts, *map(tuple, entry.search_row.passages)]
    return sorted(passages, key=lambda passage: order.get(passage[0], len(order)))


def _localize_passage(code: str, text: str, language: Language) -> LocalizedText:
    if language.code == "zh-hant" and code == "zh-hans":
        return LocalizedText(to_traditional(text), language, is_converted=True)
    written_language = LANGUAGES_BY_CODE.get(code, UNDETERMINED_LANGUAGE)
    return LocalizedText(
        text, written_language, is_fallback=written_language is not language
    )


def _cut_snippet(
    passage: LocalizedText, matches: TextMatches, missing_terms: list[QueryTerm]
) -> Snippet:
    first = find_matches(passage.text, missing_terms).spans[0][0]
    start = _word_start(matches.clusters, max(0, first - _CLUSTERS_BEFORE_HIT), first)
    end = min(len(matches.clusters), start + _SNIPPET_CLUSTERS)
    html = highlight_html(matches, start, end)
    before = "… " if start else ""
    after = " …" if end < len(matches.clusters) else ""
    return Snippet(format_html("{}{}{}", before, html, after), passage)


def _word_start(parts: list[str], start: int, hit_start: int) -> int:
    """Return the start of the next word if the script separates words by spaces.

    Return ``start`` if there is no space up to the hit.
    """
    if start == 0:
        return 0
    spaces = [index for index in range(start, hit_start) if parts[index].isspace()]
    return spaces[0] + 1 if spaces else start
