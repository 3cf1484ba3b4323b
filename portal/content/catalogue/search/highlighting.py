"""Highlighting of search terms in displayed text.

The text is split at grapheme cluster boundaries only, so that no vowel or tone mark is
separated from its consonant. Each cluster is folded separately, so the original text is
highlighted although folded forms are compared. Clusters that are folded together, such
as the two letters E that are typed for the Thai letter AE, count as one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.content.catalogue.search.dates import find_dates
from portal.content.catalogue.search.ordinals import find_ordinals
from portal.content.catalogue.search.query_terms import QueryTerm, Reading
from portal.content.catalogue.search.tokens import Term, grapheme_clusters, split_runs
from portal.content.catalogue.search.word_forms import (
    english_stem,
    normalize_word,
    remove_hyphens,
    word_prefix,
)
from portal.core.translations.normal_form import fold

# Longer texts are not searched for dates and ordinal numbers.
_MAX_TITLE_LENGTH = 500

Span = tuple[int, int]
# Number of characters from which on a cluster is not joined with the next one.
_MAX_JOINED = 24


@dataclass(frozen=True)
class TextMatches:
    """A text split into grapheme clusters, with the positions of search terms.

    ``spans`` are ranges of cluster indexes that match; ``terms`` are the numbers of the
    terms that were found.
    """

    clusters: list[str]
    spans: list[Span]
    terms: frozenset[int]


@dataclass(frozen=True)
class _Words:
    """The words of a folded text, and its runs of scripts without spaces, in order.

    ``keys`` are equal for the forms of a word and empty for a run. ``spans`` are ranges
    of characters. ``positions`` are the numbers of the words by key.
    """

    keys: list[str]
    spans: list[Span]
    positions: dict[str, list[int]]


def find_matches(text: str, terms: Sequence[QueryTerm]) -> TextMatches:
    """Find the terms in ``text``: whole words, or runs of a script without spaces.

    Words match in any form. A reading of several words matches where they follow each
    other. A text without any of the terms is returned as a single cluster.
    """
    if not may_match(text, terms):
        return TextMatches([text], [], frozenset())
    clusters, folded, cluster_index = _split_clusters(text)
    words = _index_words(folded)
    spans, matched_terms = [], set()
    for number, term in enumerate(terms):
        term_spans = [
            (cluster_index[start], cluster_index[end - 1] + 1)
            for reading in term.readings
            for start, end in _reading_spans(reading, folded, words)
            if _is_at_boundaries(start, end, cluster_index)
        ]
        spans += term_spans
        matched_terms |= {number} if term_spans else set()
    return TextMatches(clusters, _merge_spans(spans), frozenset(matched_terms))


def may_match(text: str, terms: Sequence[QueryTerm]) -> bool:
    """Cheap pre-check: return False if the text certainly has none of the terms.

    Dates and ordinal numbers in other words than those of the query are looked for in
    titles only, not in long texts: the index has them of titles and records only.
    """
    folded = fold(text)
    unhyphenated = remove_hyphens(folded)
    return any(
        len(text) < _MAX_TITLE_LENGTH
        if reading.marker
        else all(
            word_prefix(literal.text) in unhyphenated
            if literal.script == "word"
            else literal.text in folded
            for literal in reading.terms
        )
        for term in terms
        for reading in term.readings
    )


def highlight_html(
    matches: TextMatches, start: int = 0, end: int | None = None
) -> SafeString:
    """Return a range of grapheme clusters as HTML with hits in ``<mark>`` elements."""
    end = len(matches.clusters) if end is None else end
    html, cluster_index = [], start
    for first, last in matches.spans:
        first, last = max(first, start), min(last, end)
        if first < last:
            html.append(
                conditional_escape("".join(matches.clusters[cluster_index:first]))
            )
            hit = "".join(matches.clusters[first:last])
            html.append(format_html("<mark>{}</mark>", hit))
            cluster_index = last
    html.append(conditional_escape("".join(matches.clusters[cluster_index:end])))
    # All parts are escaped above.
    return mark_safe("".join(html))  # noqa: S308


def _split_clusters(text: str) -> tuple[list[str], str, Sequence[int]]:
    """Split a text into grapheme clusters and fold each.

    Return the clusters, the folded text, and the cluster index of each folded
    character.
    """
    if text.isascii() and text.isprintable():
        return list(text), fold(text), range(len(text))
    clusters = grapheme_clusters(text)
    if "".join(map(_fold_cluster, clusters)) != fold(text):
        clusters = _join_clusters(clusters)
    texts, cluster_index = [], []
    for number, part in enumerate(clusters):
        folded = _fold_cluster(part)
        texts.append(folded)
        cluster_index += [number] * len(folded)
    return clusters, "".join(texts), cluster_index


def _join_clusters(clusters: list[str]) -> list[str]:
    """Join neighbouring clusters that have another form together than apart."""
    joined: list[str] = []
    for part in clusters:
        previous = joined[-1] if joined else ""
        # The limit keeps the work linear in the length of the text.
        if len(previous) < _MAX_JOINED and _fold_cluster(
            previous + part
        ) != _fold_cluster(previous) + _fold_cluster(part):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    return fold(cluster)


def _index_words(folded: str) -> _Words:
    """Index the words of a text, so that they are looked at once for all terms."""
    keys, spans, positions = [], [], {}
    for number, (script, text, span) in enumerate(split_runs(folded)):
        key = _word_key(normalize_word(text)) if script == "word" else ""
        keys.append(key)
        spans.append(span)
        positions.setdefault(key, []).append(number)
    return _Words(keys, spans, positions)


def _reading_spans(reading: Reading, folded: str, words: _Words) -> Iterator[Span]:
    """Yield the spans of characters of a folded text that match a reading."""
    if reading.marker:
        yield from _marker_spans(reading.marker, folded)
    elif all(literal.script == "word" for literal in reading.terms):
        yield from _word_spans(reading.terms, words)
    else:
        texts = (re.escape(literal.text) for literal in reading.terms)
        for match in re.finditer(r"[\W_]*".join(texts), folded):
            yield match.span()


def _marker_spans(marker: str, folded: str) -> Iterator[Span]:
    """Yield the spans of a date or an ordinal number in a short text."""
    if len(folded) >= _MAX_TITLE_LENGTH:
        return
    for date in find_dates(folded):
        # A day is part of its month and of its year.
        if date.token.startswith(marker):
            yield date.start, date.end
    for ordinal in find_ordinals(folded):
        if ordinal.token == marker:
            yield ordinal.start, ordinal.end


def _word_spans(literals: Sequence[Term], words: _Words) -> Iterator[Span]:
    keys = [_word_key(literal.tokens[0]) for literal in literals]
    for first in words.positions.get(keys[0], ()) if keys else ():
        end = first + len(keys)
        if words.keys[first:end] == keys:
            yield words.spans[first][0], words.spans[end - 1][1]


def _word_key(word: str) -> str:
    """Return what the forms of a normalised word have in common: its stem."""
    return english_stem(word) or word


def _is_at_boundaries(start: int, end: int, cluster_index: Sequence[int]) -> bool:
    """Return whether a span of characters is a span of whole grapheme clusters."""
    begins = start == 0 or cluster_index[start - 1] != cluster_index[start]
    ends = end == len(cluster_index) or cluster_index[end - 1] != cluster_index[end]
    return begins and ends


def _merge_spans(spans: list[Span]) -> list[Span]:
    """Sort the spans of hits and merge those that overlap or touch."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
