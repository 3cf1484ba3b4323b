"""Correction of one typing error in words of a query that no record has.

Words of titles, summaries and names are stored when their search rows are written. A
candidate is offered only if a search finds it, so words of records that are not public
are never offered.
"""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q

from portal.content.catalogue.models import SearchWord
from portal.content.catalogue.search import marker_tokens
from portal.content.catalogue.search.index import all_of, newest_hits
from portal.content.catalogue.search.query_terms import QueryTerm
from portal.content.catalogue.search.tokens import parse_terms
from portal.content.catalogue.search.word_forms import normalize_word

# Shorter words have too many neighbours.
MIN_LENGTH = 5
_MAX_LENGTH = 40
# Numbers of words read for one query, candidates looked up in the index for one word,
# and records by which candidates are compared.
_MAX_WORDS, _MAX_CANDIDATES, _MAX_RECORDS = 1000, 8, 20
# Number of words looked up in the index by one query when the table is cleaned.
_CLEANING_BATCH = 50


def store_words(texts: Iterable[str]) -> None:
    """Store the words of texts that are not stored yet, in two queries.

    The table has no unique constraint: two transactions that store the same word do not
    wait for each other, and the nightly rebuild removes the second one.
    """
    words = {
        term.text
        for text in texts
        for term in parse_terms(text)
        if term.script == "word" and _is_correctable(term.text, MIN_LENGTH - 1)
    }
    if not words:
        return
    known = SearchWord.objects.filter(word__in=words).values_list("word", flat=True)
    SearchWord.objects.bulk_create(
        SearchWord(
            word=word,
            length=len(word),
            start=word[: len(word) // 2],
            end=word[len(word) // 2 :],
        )
        for word in sorted(words.difference(known))
    )


def delete_stale_words(after: int = 0) -> int | None:
    """Delete words that no record has, and repeated words, from the next batch.

    ``after`` is the value returned by the previous call. Return None at the end.
    """
    rows = list(
        SearchWord.objects.filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", "word")[:_CLEANING_BATCH]
    )
    if not rows:
        return None
    matched = {hit.level for hit in _look_up([word for _pk, word in rows], limit=1)}
    stale = [pk for index, (pk, _word) in enumerate(rows) if index not in matched]
    SearchWord.objects.filter(pk__in=stale).delete()
    words = {word for _pk, word in rows}
    repeated = SearchWord.objects.filter(word__in=words).order_by("pk")
    seen: set[str] = set()
    again = []
    for pk, word in repeated.values_list("pk", "word"):
        if word in seen:
            again.append(pk)
        seen.add(word)
    SearchWord.objects.filter(pk__in=again).delete()
    return rows[-1][0]


def correct_text(folded: str, terms: Sequence[QueryTerm]) -> str:
    """Return a folded query with its unknown words corrected.

    ``terms`` are the terms of the query that no record has. Return "" if one of them
    has no correction.
    """
    words = [term.text for term in terms if _is_correctable_term(term)]
    if not words or len(words) < len(terms):
        return ""
    corrections = _find_corrections(words)
    for word in words:
        if word not in corrections:
            return ""
        pattern = rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"
        folded = re.sub(pattern, corrections[word], folded)
    return folded


def _is_correctable_term(term: QueryTerm) -> bool:
    return (
        term.kind == "text"
        and term.typed_terms[0].script == "word"
        and _is_correctable(term.text, MIN_LENGTH)
    )


def _is_correctable(word: str, min_length: int) -> bool:
    return min_length <= len(word) <= _MAX_LENGTH and word.isalpha()


def _find_corrections(words: list[str]) -> dict[str, str]:
    """Return the best correction of each word that has one."""
    filters = Q()
    for word in words:
        filters |= _neighbour_filter(word)
    stored = SearchWord.objects.filter(filters).values_list("word", flat=True)
    stored_words = set(stored.order_by("pk")[:_MAX_WORDS])
    candidates = [
        (word, candidate)
        for word in words
        for candidate in sorted(
            (other for other in stored_words if _is_single_error(word, other)),
            key=lambda other: (other[0] != word[0], other),
        )[:_MAX_CANDIDATES]
    ]
    if not candidates:
        return {}
    counts = [0] * len(candidates)
    for hit in _look_up([candidate for _word, candidate in candidates], _MAX_RECORDS):
        counts[hit.level] += 1
    best: dict[str, tuple[int, str]] = {}
    for (word, candidate), count in zip(candidates, counts, strict=True):
        # Candidates are in the order of their similarity.
        if count > best.get(word, (0, ""))[0]:
            best[word] = (count, candidate)
    return {word: candidate for word, (_count, candidate) in best.items()}


def _look_up(words: list[str], limit: int) -> list:
    """Return the hits of each word in titles, summaries and names."""
    return newest_hits(
        [
            all_of(marker_tokens.heading_tokens([normalize_word(word)]))
            for word in words
        ],
        limit,
    )


def _neighbour_filter(word: str) -> Q:
    """Return a filter for stored words that may differ from ``word`` by one error.

    An error is in one half of the stored word only, unless it swaps the two letters in
    the middle.
    """
    filters = Q()
    for length in (len(word) - 1, len(word), len(word) + 1):
        half = length // 2
        filters |= Q(length=length, start=word[:half])
        filters |= Q(length=length, end=word[len(word) - (length - half) :])
    half = len(word) // 2
    swapped = word[: half - 1] + word[half]
    return filters | Q(length=len(word), start=swapped)


def _is_single_error(word: str, other: str) -> bool:
    """Return whether one letter is added, missing, wrong or swapped with the next."""
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, other_rest = word[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )
