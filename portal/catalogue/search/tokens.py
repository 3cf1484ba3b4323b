"""From folded texts to tokens, and from queries to what must be found.

Scripts that part words are kept by the word. Chinese is kept by the character and by
pairs of characters; Thai, Lao, Khmer and Burmese by pairs and triples of grapheme
clusters, and by the words that are one cluster only (ICU's dictionaries know them).
Pairs are enough where a character is a syllable; of an alphabet any long text has most.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from icu4py.breakers import CharacterBreaker, WordBreaker

from portal.catalogue.search.words import NAMES, forms_of, names_conference, same_word
from portal.translations.folding import fold

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_NO_SPACES = (
    # Thai, Lao, Burmese with its extensions, Khmer
    *(range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0xA9E0, 0xAA00)),
    *(range(0xAA60, 0xAA80), range(0x1780, 0x1800)),
)
# Little words of Burmese that Unicode takes for punctuation: "in", "of" …
_BURMESE_SIGNS = range(0x104C, 0x1050)


def _is_letter(number: int) -> bool:
    if number in _BURMESE_SIGNS:
        return True
    return unicodedata.category(chr(number))[0] in "LNM"


def _class_of(numbers: Iterator[int]) -> str:
    """The numbers as ranges for a character class."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_THAI_LIKE = _class_of(n for block in _NO_SPACES for n in block if _is_letter(n))
_OTHERS = re.compile(f"[^{_HAN}{_THAI_LIKE}]")
_WORD = _class_of(n for n in range(0x20000) if _OTHERS.match(chr(n)) and _is_letter(n))
# "co-operation" and "e-mail" are one word, also written without the hyphen.
_ONE_WORD = f"(?:(?<![{_WORD}])(?:co|e|pre|re)[-‐‑](?=[a-z]))?[{_WORD}]+"
_POSSESSIVE = f"(?:['’]s(?![{_WORD}]))?"
_RUNS = re.compile(
    f"(?P<han>[{_HAN}]+)|(?P<thai>[{_THAI_LIKE}]+)|(?P<word>{_ONE_WORD}){_POSSESSIVE}"
)
_WORDS = re.compile(f"({_ONE_WORD}){_POSSESSIVE}")
_WITHOUT_SPACES = re.compile(f"[{_HAN}{_THAI_LIKE}]")
# Lines are broken and words spaced out anywhere in these scripts, above all in PDF.
_BREAKS = re.compile(
    f"(?<=[{_HAN}])\\s+(?=[{_HAN}])|(?<=[{_THAI_LIKE}])\\s+(?=[{_THAI_LIKE}])"
)


@dataclass(frozen=True)
class Term:
    """A part of a query: a word, or a run of a script without spaces.

    ``text`` is folded; ``tokens`` must all be found. ``script`` is han, thai (which
    stands for its like) or word.
    """

    script: str
    text: str
    tokens: tuple[str, ...]


def terms_of(query: str) -> list[Term]:
    """What a record must have to be found by ``query``, in the order it was typed."""
    return [
        Term(script, text, _asked(script, text))
        for script, text, _at in runs(fold(query))
    ]


def tokens_of(text: str) -> Iterator[str]:
    """Every token by which ``text`` is found, some more than once."""
    folded = fold(text)
    if names_conference(folded):
        for name in NAMES:
            yield from _tokens(fold(name))
    yield from _tokens(folded)


def _tokens(folded: str) -> Iterator[str]:
    if not _WITHOUT_SPACES.search(folded):
        for word in _WORDS.findall(folded):
            yield from forms_of(word)
        return
    for script, run, _at in runs(_BREAKS.sub("", folded)):
        if script == "word":
            yield from forms_of(run)
        else:
            yield from _grams(script, run)
    for script, run, _at in runs(folded):
        if script == "thai":
            yield from _words_of_one_cluster(run)


def runs(folded: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """(script, text, (start, end)) of each word, and of each run without spaces."""
    for match in _RUNS.finditer(folded):
        script = match.lastgroup
        yield script, match[script], match.span(script)


def clusters(text: str) -> list[str]:
    """The grapheme clusters of ``text``: what a reader takes for one character."""
    return list(CharacterBreaker(text, "en"))


def _asked(script: str, run: str) -> tuple[str, ...]:
    if script == "word":
        return (same_word(run),)
    parts = clusters(run) if script == "thai" else list(run)
    size = min(len(parts), 2 if script == "han" else 3)
    grams = _of_size(parts, size)
    return tuple(dict.fromkeys(grams))


def _grams(script: str, run: str) -> Iterator[str]:
    if script == "han":
        yield from run
        yield from map("".join, pairwise(run))
        return
    parts = clusters(run)
    yield from _of_size(parts, 2)
    yield from _of_size(parts, 3)


def _of_size(parts: list[str], size: int) -> Iterator[str]:
    for start in range(len(parts) - size + 1):
        yield "".join(parts[start : start + size])


def _words_of_one_cluster(run: str) -> Iterator[str]:
    for word in WordBreaker(run, "en"):
        if len(word) < 9 and len(clusters(word)) == 1:
            yield word
