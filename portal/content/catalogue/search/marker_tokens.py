"""Marker tokens for positions in the text and for filters.

Each starts with a private-use character, which folding removes from every text, so it
cannot collide with a word. A filter or a match level is then one more token of the same
index query.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from portal.content.catalogue.search.tokens import Term

_TITLE_PREFIX, _HEADING_PREFIX, _PAIR_PREFIX, _WHOLE_TITLE_PREFIX = (
    "\ue001",
    "\ue002",
    "\ue003",
    "\ue004",
)
_TEXT_PAIR_PREFIX = "\ue005"
_KIND_NAME_PREFIX = "\ue008"
_WORD_START_PREFIX, _TITLE_START_PREFIX = "\ue006", "\ue007"
# Number of letters, or of grapheme clusters, of the start of a word or a title.
_START_LENGTHS = range(1, 7)
_FILTER_PREFIXES = {"kind": "\ue010", "country": "\ue011", "year": "\ue012"}
FILTER_PARAMETERS = tuple(_FILTER_PREFIXES)
SORT_YEAR_PREFIX = "\ue013"


def title_tokens(tokens: Iterable[str]) -> list[str]:
    """Return marker tokens for words in a title."""
    return [_TITLE_PREFIX + token for token in tokens]


def heading_tokens(tokens: Iterable[str]) -> list[str]:
    """Return marker tokens for words in a title, a summary or a name."""
    return [_HEADING_PREFIX + token for token in tokens]


def kind_name_tokens(tokens: Iterable[str]) -> list[str]:
    """Return marker tokens for words in the name of a record's kind."""
    return [_KIND_NAME_PREFIX + token for token in tokens]


def pair_tokens(terms: Iterable[Term]) -> Iterator[str]:
    """Yield a marker token for each pair of adjacent words in a title.

    Scripts without spaces need none: their tokens overlap already.
    """
    yield from _pairs(terms, _PAIR_PREFIX)


def text_pair_tokens(terms: Iterable[Term]) -> Iterator[str]:
    """Yield a marker token for each pair of adjacent words in any text."""
    yield from _pairs(terms, _TEXT_PAIR_PREFIX)


def _pairs(terms: Iterable[Term], prefix: str) -> Iterator[str]:
    for term, next_term in pairwise(terms):
        if term.script == next_term.script == "word":
            yield f"{prefix}{term.tokens[0]}{prefix}{next_term.tokens[0]}"


def whole_title_token(terms: Iterable[Term]) -> str:
    """Return the marker token for a title that consists of exactly these terms."""
    joined_tokens = "\n".join(token for term in terms for token in term.tokens)
    return (
        _WHOLE_TITLE_PREFIX
        + hashlib.blake2b(joined_tokens.encode(), digest_size=12).hexdigest()
    )


def start_tokens(terms: Sequence[Term]) -> Iterator[str]:
    """Yield the marker tokens by which a title is found while it is being typed.

    These are the first letters of the title and of each of its words.
    """
    for length in _START_LENGTHS:
        yield title_start_token("".join(term.text for term in terms), length)
        for term in terms:
            if term.script == "word" and len(term.text) >= length > 1:
                yield word_start_token(term.text, length)


def title_start_token(text: str, length: int = _START_LENGTHS[-1]) -> str:
    """Return the marker token of the titles that begin with this folded text.

    Only the first ``length`` letters count.
    """
    return _TITLE_START_PREFIX + text[:length]


def word_start_token(text: str, length: int = _START_LENGTHS[-1]) -> str:
    """Return the marker token of the titles with a word that begins with this text.

    Only the first ``length`` letters count; there are two at least.
    """
    return _WORD_START_PREFIX + text[:length]


def filter_token(parameter: str, value: str) -> str:
    """Return the marker token for a filter; ``word`` is kind, country or year."""
    return _FILTER_PREFIXES[parameter] + "".join(filter(str.isalnum, value.lower()))


def sort_year_token(year: int) -> str:
    """Return the marker token for the year of a record's sort date.

    Every record has one, also records without a date.
    """
    return f"{SORT_YEAR_PREFIX}{year}"
