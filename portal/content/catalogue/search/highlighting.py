"""Highlighting of search terms in displayed text.

The text is split at grapheme cluster boundaries only, so that no vowel or tone mark is
separated from its consonant. Each cluster is folded separately, so the original text is
highlighted although folded forms are compared. Clusters that are folded together, such
as the two letters E that are typed for the Thai letter AE, count as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.content.catalogue.search.tokens import Term, grapheme_clusters, split_runs
from portal.content.catalogue.search.word_forms import (
    normalize_word,
    remove_hyphens,
    word_prefix,
)
from portal.core.translations.normal_form import fold

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


def find_matches(text: str, terms: list[Term]) -> TextMatches:
    """Find the terms in ``text``: whole words, or runs of a script without spaces.

    A text without any of the terms is returned as a single cluster.
    """
    if not may_match(text, terms):
        return TextMatches([text], [], frozenset())
    clusters, folded, cluster_index = _split_clusters(text)
    spans, matched_terms = [], set()
    term_numbers = {
        term.tokens[0]: number
        for number, term in enumerate(terms)
        if term.script == "word"
    }
    for script, run_text, (start, end) in split_runs(folded) if term_numbers else ():
        number = (
            term_numbers.get(normalize_word(run_text)) if script == "word" else None
        )
        if number is not None:
            matched_terms.add(number)
            spans.append((cluster_index[start], cluster_index[end - 1] + 1))
    for number, term in enumerate(terms):
        if term.script != "word":
            term_spans = _run_spans(folded, cluster_index, term.text)
            spans += term_spans
            matched_terms |= {number} if term_spans else set()
    return TextMatches(clusters, _merge_spans(spans), frozenset(matched_terms))


def may_match(text: str, terms: list[Term]) -> bool:
    """Cheap pre-check: return False if the text certainly has none of the terms."""
    folded = fold(text)
    unhyphenated = remove_hyphens(folded)
    return any(
        word_prefix(term.text) in unhyphenated
        if term.script == "word"
        else term.text in folded
        for term in terms
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


def _run_spans(folded: str, cluster_index: Sequence[int], run_text: str) -> list[Span]:
    """Return the spans where a folded run occurs at grapheme cluster boundaries."""
    spans, start = [], folded.find(run_text)
    while start >= 0:
        end = start + len(run_text)
        begins = start == 0 or cluster_index[start - 1] != cluster_index[start]
        ends = end == len(cluster_index) or cluster_index[end - 1] != cluster_index[end]
        if begins and ends:
            spans.append((cluster_index[start], cluster_index[end - 1] + 1))
        start = folded.find(run_text, start + 1)
    return spans


def _merge_spans(spans: list[Span]) -> list[Span]:
    """Sort the spans of hits and merge those that overlap or touch."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
