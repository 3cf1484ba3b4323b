"""Conditions of the match levels of a query, best first.

1. The title or a name of the record is the query.
2. The record has the ordinal number of the query in its series, and all other words in
   its title.
3. A record that is a name, such as an organ or a country, has all words in its name.
4. The words follow each other in a title.
5. All words are in titles, as typed.
6. All words are in titles, in any form, with synonyms.
7. One word names the kind of the record, the others are as in 8: "conference Hanoi".
8. All words are in titles, summaries, or names of related records, kinds and topics.
9. All words are in any text.

A date of the query is met by the date of the record at every level. Levels that would
be the same for a query are left out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from portal.content.catalogue.registry import all_kinds
from portal.content.catalogue.search import marker_tokens
from portal.content.catalogue.search.index import Condition, all_of, any_of
from portal.content.catalogue.search.query_terms import (
    ParsedQuery,
    QueryTerm,
    Reading,
)
from portal.content.catalogue.search.tokens import Term
from portal.content.catalogue.search.word_forms import english_stem, stem_token

# Number of words of a query that may name a kind.
_MAX_KIND_TERMS = 6
# Returns the tokens of words in one part of a record.
_Part = Callable[[Iterable[str]], list[str]]


@dataclass(frozen=True)
class Level:
    """The condition of a match level.

    ``is_name``: its records have no date, so the shortest name comes first.
    """

    condition: Condition
    is_name: bool = False


def build_levels(query: ParsedQuery) -> list[Level]:
    """Return the match levels of a query with terms, best first."""
    terms = query.terms
    in_title = all_of(_conditions(terms, marker_tokens.title_tokens))
    conditions: list[Condition | None] = [_whole_title(query)]
    if query.ordinal:
        others = [term for term in terms if term.kind != "ordinal"]
        in_title_of_others = _conditions(others, marker_tokens.title_tokens)
        conditions.append(all_of([query.ordinal.record_token, *in_title_of_others]))
    names = all_of([in_title, is_name()])
    conditions += [
        names,
        _phrase_in_title(query),
        all_of(_typed_in_title(term) for term in terms),
        in_title,
        _kind_and_headings(terms),
        all_of(_conditions(terms, marker_tokens.heading_tokens)),
        all_of(_conditions(terms, list)),
    ]
    return [
        Level(condition, condition is names)
        for condition in dict.fromkeys(conditions)
        if condition is not None
    ]


def literal_in_title(literal: Term) -> Condition:
    """Return the condition that a title has a word in any form, or a run."""
    return _literal_condition(literal, marker_tokens.title_tokens)


def term_condition(term: QueryTerm) -> Condition:
    """Return the condition that a record has a term in any text."""
    return _condition(term, list)


def _whole_title(query: ParsedQuery) -> Condition:
    return any_of(marker_tokens.whole_title_token(title) for title in query.titles)


def is_name() -> Condition:
    """Return the condition that a record is of a kind without a date."""
    kinds = [kind.code for kind in all_kinds() if not kind.is_dated]
    return any_of(marker_tokens.filter_token("kind", code) for code in kinds)


def _phrase_in_title(query: ParsedQuery) -> Condition | None:
    pairs = list(marker_tokens.pair_tokens(query.literals))
    if not pairs:
        return None
    tokens = [token for term in query.literals for token in term.tokens]
    return all_of([*pairs, *marker_tokens.title_tokens(tokens)])


def _kind_and_headings(terms: Sequence[QueryTerm]) -> Condition | None:
    """Return the condition that one term names the kind, and headings have the others.

    Only the first terms are tried. Return None if the query has only dates and phrases.
    """
    in_headings = _conditions(terms, marker_tokens.heading_tokens)
    conditions = [
        all_of(
            [
                _condition(term, marker_tokens.kind_name_tokens),
                *in_headings[:number],
                *in_headings[number + 1 :],
            ]
        )
        for number, term in enumerate(terms[:_MAX_KIND_TERMS])
        if term.kind in ("text", "synonym")
    ]
    return any_of(conditions) if conditions else None


def _typed_in_title(term: QueryTerm) -> Condition:
    """Return the condition that a title has a term as typed; a date may be met too."""
    typed = all_of(
        marker_tokens.title_tokens(
            token for literal in term.typed_terms for token in literal.tokens
        )
    )
    if term.kind == "date":
        return any_of([typed, *(reading.marker for reading in term.readings[1:])])
    if term.kind == "phrase":
        return _phrase(term.typed_terms, marker_tokens.title_tokens)
    return typed


def _conditions(terms: Iterable[QueryTerm], part: _Part) -> list[Condition]:
    return [_condition(term, part) for term in terms]


def _condition(term: QueryTerm, part: _Part) -> Condition:
    """Return the condition that a part of a record has a term in any reading."""
    if term.kind == "phrase":
        return _phrase(term.typed_terms, part)
    return any_of(_reading_condition(term, reading, part) for reading in term.readings)


def _reading_condition(
    term: QueryTerm, reading: Reading, part: _Part
) -> str | Condition:
    if reading.marker:
        # The date belongs to the record, whatever the part.
        return reading.marker if term.kind == "date" else part([reading.marker])[0]
    return all_of(_literal_condition(literal, part) for literal in reading.terms)


def _literal_condition(literal: Term, part: _Part) -> Condition:
    """Return the condition that a part has a word in any form, or a run."""
    if literal.script != "word":
        return all_of(part(literal.tokens))
    word = literal.tokens[0]
    stem = english_stem(word)
    forms = [word, stem_token(stem), stem] if stem else [word]
    return any_of(part(forms))


def _phrase(literals: tuple[Term, ...], part: _Part) -> Condition:
    """Return the condition that a part has all words, and pairs of them somewhere."""
    tokens = [token for literal in literals for token in literal.tokens]
    return all_of([*part(tokens), *marker_tokens.text_pair_tokens(literals)])
