"""Marker tokens for positions in the text and for filters.

Each starts with a private-use character, which folding removes from every text, so it
cannot collide with a word. A filter or a match level is then one more token of the same
index query.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import pairwise

from portal.content.catalogue.search.tokens import Term

_TITLE_PREFIX, _HEADING_PREFIX, _PAIR_PREFIX, _WHOLE_TITLE_PREFIX = (
    "\ue001",
    "\ue002",
    "\ue003",
    "\ue004",
)
_FILTER_PREFIXES = {"kind": "\ue010", "country": "\ue011", "year": "\ue012"}
FILTER_PARAMETERS = tuple(_FILTER_PREFIXES)
SORT_YEAR_PREFIX = "\ue013"


def title_tokens(tokens: Iterable[str]) -> list[str]:
    """Return marker tokens for words in a title."""
    return [_TITLE_PREFIX + token for token in tokens]


def heading_tokens(tokens: Iterable[str]) -> list[str]:
    """Return marker tokens for words in a title, a summary or a name."""
    return [_HEADING_PREFIX + token for token in tokens]


def pair_tokens(terms: list[Term]) -> Iterator[str]:
    """Yield a marker token for each pair of adjacent words.

    Scripts without spaces need none: their tokens overlap already.
    """
    for term, next_term in pairwise(terms):
        if term.script == next_term.script == "word":
            yield f"{_PAIR_PREFIX}{term.tokens[0]}{_PAIR_PREFIX}{next_term.tokens[0]}"


def whole_title_token(terms: list[Term]) -> str:
    """Return the marker token for a title that consists of exactly these terms."""
    joined_tokens = "\n".join(token for term in terms for token in term.tokens)
    return (
        _WHOLE_TITLE_PREFIX
        + hashlib.blake2b(joined_tokens.encode(), digest_size=12).hexdigest()
    )


def filter_token(parameter: str, value: str) -> str:
    """Return the marker token for a filter; ``word`` is kind, country or year."""
    return _FILTER_PREFIXES[parameter] + "".join(filter(str.isalnum, value.lower()))


def sort_year_token(year: int) -> str:
    """Return the marker token for the year of a record's sort date.

    Every record has one, also records without a date.
    """
    return f"{SORT_YEAR_PREFIX}{year}"
