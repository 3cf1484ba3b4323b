"""Marking what was found in a text as it is shown.

The text is cut at grapheme clusters only, so no vowel or tone loses its consonant, and
each cluster is folded by itself: what a reader sees is marked, whatever was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.catalogue.search.tokens import Term, clusters, runs
from portal.catalogue.search.words import beginning, same_word, without_hyphens
from portal.translations.folding import fold

Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """A text in clusters, the spans of clusters that are hits, and of which terms."""

    clusters: list[str]
    spans: list[Span]
    terms: frozenset[int]


def found_in(text: str, terms: list[Term]) -> Found:
    """Where ``text`` has the terms: whole words, and runs without spaces as typed.

    A text that has none of them is one cluster as a whole.
    """
    if not may_have_any(text, terms):
        return Found([text], [], frozenset())
    parts, folded, at = _cut(text)
    spans, met = [], set()
    wanted = {
        term.tokens[0]: number
        for number, term in enumerate(terms)
        if term.script == "word"
    }
    for script, run, (start, end) in runs(folded) if wanted else ():
        number = wanted.get(same_word(run)) if script == "word" else None
        if number is not None:
            met.add(number)
            spans.append((at[start], at[end - 1] + 1))
    for number, term in enumerate(terms):
        if term.script != "word":
            places = _places(folded, at, term.text)
            spans += places
            met |= {number} if places else set()
    return Found(parts, _joined(spans), frozenset(met))


def may_have_any(text: str, terms: list[Term]) -> bool:
    """Cheaper than looking closely: most texts have nothing of what is searched for."""
    folded = fold(text)
    bare = without_hyphens(folded)
    return any(
        beginning(term.text) in bare if term.script == "word" else term.text in folded
        for term in terms
    )


def marked(found: Found, start: int = 0, end: int | None = None) -> SafeString:
    """The clusters from ``start`` to ``end`` as HTML, the hits in ``mark`` elements."""
    end = len(found.clusters) if end is None else end
    html, at = [], start
    for first, last in found.spans:
        first, last = max(first, start), min(last, end)
        if first < last:
            html.append(conditional_escape("".join(found.clusters[at:first])))
            hit = "".join(found.clusters[first:last])
            html.append(format_html("<mark>{}</mark>", hit))
            at = last
    html.append(conditional_escape("".join(found.clusters[at:end])))
    # Each part of it is escaped above.
    return mark_safe("".join(html))  # noqa: S308


def _cut(text: str) -> tuple[list[str], str, Sequence[int]]:
    """The clusters, the folded text, and for each character of that its cluster."""
    if text.isascii() and text.isprintable():
        return list(text), fold(text), range(len(text))
    parts = clusters(text)
    texts, at = [], []
    for number, part in enumerate(parts):
        folded = _folded_cluster(part)
        texts.append(folded)
        at += [number] * len(folded)
    return parts, "".join(texts), at


@lru_cache(maxsize=8192)
def _folded_cluster(cluster: str) -> str:
    return fold(cluster)


def _places(folded: str, at: Sequence[int], wanted: str) -> list[Span]:
    """Where the run stands, from the beginning of a cluster to the end of one."""
    spans, start = [], folded.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        begins = start == 0 or at[start - 1] != at[start]
        ends = end == len(at) or at[end - 1] != at[end]
        if begins and ends:
            spans.append((at[start], at[end - 1] + 1))
        start = folded.find(wanted, start + 1)
    return spans


def _joined(spans: list[Span]) -> list[Span]:
    """In order, those that touch as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
