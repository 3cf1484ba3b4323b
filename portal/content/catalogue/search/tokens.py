"""Tokenisation of texts for the index, and of queries into required terms.

Scripts with spaces are indexed by word. Chinese is indexed by character and by pairs of
characters; Thai, Lao, Khmer and Burmese by pairs and triples of grapheme clusters, and
by words that are a single cluster (found with ICU's dictionaries). Pairs are sufficient
where a character is a syllable; with an alphabet, any long text contains most pairs.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from icu4py.breakers import CharacterBreaker, WordBreaker

from portal.content.catalogue.search.word_forms import (
    CONFERENCE_NAMES,
    index_forms,
    mentions_conference,
    normalize_word,
)
from portal.core.translations.normal_form import fold

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_UNSPACED_RANGES = (
    # Thai, Lao, Burmese and its extensions, Khmer
    *(range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0xA9E0, 0xAA00)),
    *(range(0xAA60, 0xAA80), range(0x1780, 0x1800)),
)
# Burmese function words ("in", "of", …) that Unicode classifies as punctuation.
_BURMESE_SIGNS = range(0x104C, 0x1050)


def _is_letter(number: int) -> bool:
    if number in _BURMESE_SIGNS:
        return True
    return unicodedata.category(chr(number))[0] in "LNM"


def _character_class(numbers: Iterator[int]) -> str:
    """Return the code points as ranges for a regular expression character class."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_THAI_LIKE = _character_class(
    n for block in _UNSPACED_RANGES for n in block if _is_letter(n)
)
_OTHER_SCRIPTS = re.compile(f"[^{_HAN}{_THAI_LIKE}]")
_WORD = _character_class(
    n for n in range(0x20000) if _OTHER_SCRIPTS.match(chr(n)) and _is_letter(n)
)
# Marks are parts of words: without its vowel signs, a Khmer word is another one.
SEPARATORS = f"[^{_HAN}{_THAI_LIKE}{_WORD}]+"
# A text must not start or end within a grapheme cluster: not after a vowel that is
# written before its consonant, or a sign that stacks consonants, and not before a mark.
CLUSTER_START = "(?<![\u0e40-\u0e44\u0ec0-\u0ec4\u1039\u17d2])"
_MARKS = _character_class(
    n
    for block in _UNSPACED_RANGES
    for n in block
    if unicodedata.category(chr(n))[0] == "M"
)
CLUSTER_END = f"(?![{_MARKS}])"
# "co-operation" and "e-mail" count as one word, also when written without the hyphen.
_WORD_PATTERN = f"(?:(?<![{_WORD}])(?:co|e|pre|re)[-‐‑](?=[a-z]))?[{_WORD}]+"
_POSSESSIVE = f"(?:['’]s(?![{_WORD}]))?"
_RUN_PATTERN = re.compile(
    f"(?P<han>[{_HAN}]+)|(?P<thai>[{_THAI_LIKE}]+)|(?P<word>{_WORD_PATTERN}){_POSSESSIVE}"
)
_WORD_AND_POSSESSIVE = re.compile(f"({_WORD_PATTERN}){_POSSESSIVE}")
_UNSPACED_PATTERN = re.compile(f"[{_HAN}{_THAI_LIKE}]")
# Texts in these scripts have line breaks and spaces anywhere, above all in PDF files.
_BREAKS_WITHIN_SCRIPT = re.compile(
    f"(?<=[{_HAN}])\\s+(?=[{_HAN}])|(?<=[{_THAI_LIKE}])\\s+(?=[{_THAI_LIKE}])"
)


@dataclass(frozen=True)
class Term:
    """A part of a query: a word, or a run of a script without spaces.

    ``text`` is folded; a record must have all ``tokens``. ``script`` is "han", "thai"
    (also for Lao, Khmer and Burmese) or "word".
    """

    script: str
    text: str
    tokens: tuple[str, ...]


def parse_terms(query: str) -> list[Term]:
    """Split a query into the terms that a record must contain, in order.

    Marks without a letter are no term.
    """
    return [
        Term(script, text, _query_tokens(script, text))
        for script, text, _at in split_runs(fold(query))
        if any(unicodedata.category(character)[0] != "M" for character in text)
    ]


def tokenize(text: str) -> Iterator[str]:
    """Yield all tokens of ``text`` for the index; some may be repeated."""
    folded = fold(text)
    if mentions_conference(folded):
        for name in CONFERENCE_NAMES:
            yield from _tokenize_folded(fold(name))
    yield from _tokenize_folded(folded)


def _tokenize_folded(folded: str) -> Iterator[str]:
    if not _UNSPACED_PATTERN.search(folded):
        for word in _WORD_AND_POSSESSIVE.findall(folded):
            yield from index_forms(word)
        return
    for script, run, _at in split_runs(_BREAKS_WITHIN_SCRIPT.sub("", folded)):
        if script == "word":
            yield from index_forms(run)
        else:
            yield from _ngrams(script, run)
    for script, run, _at in split_runs(folded):
        if script == "thai":
            yield from _single_cluster_words(run)


def split_runs(folded: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield (script, text, (start, end)) of each word and each run without spaces."""
    for match in _RUN_PATTERN.finditer(folded):
        script = match.lastgroup
        yield script, match[script], match.span(script)


def grapheme_clusters(text: str) -> list[str]:
    """Return the grapheme clusters of ``text``, that is user-perceived characters."""
    return list(CharacterBreaker(text, "en"))


def _query_tokens(script: str, run: str) -> tuple[str, ...]:
    if script == "word":
        return (normalize_word(run),)
    clusters = grapheme_clusters(run) if script == "thai" else list(run)
    size = min(len(clusters), 2 if script == "han" else 3)
    ngrams = _ngrams_of_size(clusters, size)
    return tuple(dict.fromkeys(ngrams))


def _ngrams(script: str, run: str) -> Iterator[str]:
    if script == "han":
        yield from run
        yield from map("".join, pairwise(run))
        return
    parts = grapheme_clusters(run)
    yield from _ngrams_of_size(parts, 2)
    yield from _ngrams_of_size(parts, 3)


def _ngrams_of_size(parts: list[str], size: int) -> Iterator[str]:
    for start in range(len(parts) - size + 1):
        yield "".join(parts[start : start + size])


def _single_cluster_words(run: str) -> Iterator[str]:
    for word in WordBreaker(run, "en"):
        if len(word) < 9 and len(grapheme_clusters(word)) == 1:
            yield word
