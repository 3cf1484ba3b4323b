"""Synonyms and stop words of queries, from the data files of this package.

``synonyms.csv`` has groups of texts with the same meaning. If a query contains a text
of a group, records with any text of the group are found. A text with the use ``query``
is recognised in queries only: no other text of its group is replaced by it, because it
is an abbreviation, a former name or a longer form.

A run of Chinese characters is split at the texts, so that 广西检察院 finds the organ by
its full name; some groups have only one text for this reason.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.content.catalogue.search.tokens import (
    CLUSTER_END,
    CLUSTER_START,
    SEPARATORS,
)
from portal.core.translations.normal_form import fold, fold_form

_FOLDER = Path(__file__).parent
_SEPARATORS = re.compile(SEPARATORS)
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class SynonymMatch:
    """A text in a folded query, from ``start`` to ``end``, that has synonyms.

    ``synonyms`` are the folded texts to search for as well.
    """

    start: int
    end: int
    synonyms: tuple[str, ...]


def find_synonyms(folded: str) -> Iterator[SynonymMatch]:
    """Yield the texts of a folded query that have synonyms, the longest first."""
    for match in _pattern().finditer(folded):
        key = _key(match[0])
        synonyms = _synonyms().get(key, _synonyms().get(key.removesuffix("s"), ()))
        yield SynonymMatch(match.start(), match.end(), synonyms)


def find_stop_words(text: str) -> frozenset[str]:
    """Return the folded stop words in a text, which a record need not have.

    Marks on letters count: the Vietnamese word "thể" is not "the". ``stop_words.csv``
    leaves out words that are frequent in another language without its marks, such as
    the Indonesian "dan".
    """
    words = _WORDS.findall(fold_form(text))
    others = {fold(word) for word in words if word not in _stop_words()}
    return frozenset(map(fold, _stop_words().intersection(words))) - others


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(fold_form(row["text"]) for row in _read_rows("stop_words.csv"))


def _read_rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(text: str) -> str:
    """Return a folded text with single spaces instead of punctuation."""
    return _SEPARATORS.sub(" ", text).strip()


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Return the synonyms of each text, by the key of the text."""
    members: dict[str, list[tuple[str, bool]]] = {}
    for row in _read_rows("synonyms.csv"):
        text = fold(row["text"])
        members.setdefault(row["group"], []).append((text, row["use"] == "both"))
    synonyms: dict[str, dict[str, None]] = {}
    for texts in members.values():
        for text, _is_searched in texts:
            others = {
                other: None
                for other, is_searched in texts
                if is_searched and other != text
            }
            synonyms[_key(text)] = synonyms.get(_key(text), {}) | others
    return {key: tuple(others) for key, others in synonyms.items()}


@cache
def _pattern() -> re.Pattern:
    patterns = []
    for key in sorted(_synonyms(), key=len, reverse=True):
        pattern = SEPARATORS.join(map(re.escape, key.split()))
        if key.isascii():
            pattern = f"(?<![a-z0-9]){pattern}s?(?![a-z0-9])"
        else:
            pattern = f"{CLUSTER_START}{pattern}{CLUSTER_END}"
        patterns.append(pattern)
    return re.compile("|".join(patterns))
