"""Tokens that no text can have: where a word stands, and what a record is filtered by.

They begin with a character of private use, which folding takes out of every text, so a
filter or a better place is one more member of the same intersection.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import pairwise

from portal.catalogue.search.tokens import Term

_IN_TITLE, _IN_HEAD, _PAIR, _WHOLE = "\ue001", "\ue002", "\ue003", "\ue004"
_FILTERS = {"kind": "\ue010", "country": "\ue011", "year": "\ue012"}
FILTER_WORDS = tuple(_FILTERS)
SORTED_IN = "\ue013"


def in_title(tokens: Iterable[str]) -> list[str]:
    return [_IN_TITLE + token for token in tokens]


def in_head(tokens: Iterable[str]) -> list[str]:
    """In a title, a summary or a name."""
    return [_IN_HEAD + token for token in tokens]


def pairs(terms: list[Term]) -> Iterator[str]:
    """Words that follow each other. Runs without spaces tell that by themselves."""
    for one, next_one in pairwise(terms):
        if one.script == next_one.script == "word":
            yield f"{_PAIR}{one.tokens[0]}{_PAIR}{next_one.tokens[0]}"


def whole(terms: list[Term]) -> str:
    """A title from its first to its last word."""
    words = "\n".join(token for term in terms for token in term.tokens)
    return _WHOLE + hashlib.blake2b(words.encode(), digest_size=12).hexdigest()


def filtered(word: str, value: str) -> str:
    """``word`` is kind, country or year."""
    return _FILTERS[word] + "".join(filter(str.isalnum, value.lower()))


def sorted_in(year: int) -> str:
    """The year in which a record stands in the newest order; all records have one."""
    return f"{SORTED_IN}{year}"
