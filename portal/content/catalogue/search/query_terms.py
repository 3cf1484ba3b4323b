"""Parse a search text into the terms that a record must have.

A term is a word, a run of a script without spaces, a quoted phrase, a date, an ordinal
number, or a text with synonyms. Each has one or more readings, of which a record must
have one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from portal.content.catalogue.search.dates import find_dates
from portal.content.catalogue.search.ordinals import Ordinal, find_ordinals
from portal.content.catalogue.search.synonyms import find_stop_words, find_synonyms
from portal.content.catalogue.search.tokens import Term, parse_terms
from portal.core.translations.normal_form import fold

# Number of titles that are looked up for a query with several synonyms.
_MAX_TITLES = 16
_QUOTED = re.compile('["“”„«「『]([^"“”„«»「」『』]+)["“”»」』]')


@dataclass(frozen=True)
class Reading:
    """One meaning of a term: literal terms that follow each other, or a marker token.

    ``marker`` is the token of a date or an ordinal number; then ``terms`` is empty.
    """

    terms: tuple[Term, ...] = ()
    marker: str = ""


@dataclass(frozen=True)
class QueryTerm:
    """A part of a query that a record must have, in any of its readings.

    ``text`` is the folded text; the first of the ``readings`` is the text as typed.
    ``kind`` is "text", "phrase", "date", "ordinal" or "synonym".
    """

    text: str
    kind: str
    readings: tuple[Reading, ...]

    @property
    def typed_terms(self) -> tuple[Term, ...]:
        """The literal terms of the text as typed."""
        return self.readings[0].terms


@dataclass(frozen=True)
class ParsedQuery:
    """A parsed search text.

    ``text`` is the folded text. ``terms`` are what a record must have; ``literals`` are
    all words and runs as typed, stop words included. ``titles`` are the literals of the
    titles that count as equal to the query, with synonyms replaced, or without stop
    words. ``ordinal`` is the first ordinal number.
    """

    text: str = ""
    terms: tuple[QueryTerm, ...] = ()
    literals: tuple[Term, ...] = ()
    titles: tuple[tuple[Term, ...], ...] = ()
    ordinal: Ordinal | None = None

    @property
    def has_only_stop_words(self) -> bool:
        """Whether the query has words, but none to search for."""
        return bool(self.literals) and not self.terms


@dataclass(frozen=True)
class _Span:
    """A part of the folded query with its term and its synonyms."""

    start: int
    end: int
    term: QueryTerm
    synonyms: tuple[str, ...] = ()


def parse_query(text: str) -> ParsedQuery:
    """Parse a search text. A text without letters and digits has no terms."""
    folded = fold(text)
    literals = tuple(parse_terms(folded))
    if not literals:
        return ParsedQuery()
    spans = _find_spans(folded)
    stop_words = find_stop_words(text)
    terms = []
    position = 0
    for span in [*spans, None]:
        gap = folded[position : span.start if span else len(folded)]
        terms += [
            QueryTerm(term.text, "text", (Reading((term,)),))
            for term in parse_terms(gap)
            if term.text not in stop_words
        ]
        if span:
            terms.append(span.term)
            position = span.end
    ordinals = find_ordinals(folded)
    titles = list(_build_titles(folded, spans))
    titles += [without_stop_words(title, stop_words) for title in titles]
    return ParsedQuery(
        folded,
        # A term that is written twice is required once.
        tuple(dict.fromkeys(terms)),
        literals,
        tuple(dict.fromkeys(filter(None, titles))),
        ordinals[0] if ordinals else None,
    )


def without_stop_words(
    terms: Iterable[Term], stop_words: frozenset[str]
) -> tuple[Term, ...]:
    """Return the terms that are not among the stop words of their text."""
    return tuple(term for term in terms if term.text not in stop_words)


def _find_spans(folded: str) -> list[_Span]:
    spans: list[_Span] = []
    finders: tuple[Callable[[str], Iterable[_Span]], ...] = (
        _find_phrases,
        _find_date_spans,
        _find_ordinal_spans,
        _find_synonym_spans,
    )
    for find in finders:
        for span in find(folded):
            overlaps = any(
                span.start < other.end and other.start < span.end for other in spans
            )
            if not overlaps and span.term.typed_terms:
                spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def _find_phrases(folded: str) -> Iterator[_Span]:
    for match in _QUOTED.finditer(folded):
        yield _build_span(folded, *match.span(), "phrase")


def _find_date_spans(folded: str) -> Iterator[_Span]:
    for date in find_dates(folded):
        reading = Reading(marker=date.token)
        yield _build_span(folded, date.start, date.end, "date", reading)


def _find_ordinal_spans(folded: str) -> Iterator[_Span]:
    for ordinal in find_ordinals(folded):
        reading = Reading(marker=ordinal.token)
        yield _build_span(folded, ordinal.start, ordinal.end, "ordinal", reading)


def _find_synonym_spans(folded: str) -> Iterator[_Span]:
    for match in find_synonyms(folded):
        readings = [Reading(tuple(parse_terms(text))) for text in match.synonyms]
        span = _build_span(folded, match.start, match.end, "synonym", *readings)
        yield _Span(span.start, span.end, span.term, match.synonyms)


def _build_span(
    folded: str, start: int, end: int, kind: str, *readings: Reading
) -> _Span:
    text = folded[start:end]
    typed = Reading(tuple(parse_terms(text)))
    return _Span(start, end, QueryTerm(text, kind, (typed, *readings)))


def _build_titles(folded: str, spans: list[_Span]) -> Iterator[tuple[Term, ...]]:
    """Yield the terms of the query as a title, also with its synonyms replaced."""
    parts, position = [], 0
    for span in spans:
        parts.append((folded[position : span.start],))
        parts.append((folded[span.start : span.end], *span.synonyms))
        position = span.end
    parts.append((folded[position:],))
    for texts in islice(product(*parts), _MAX_TITLES):
        yield tuple(parse_terms("".join(texts)))
