"""Word normalisation: plurals, possessives, English stems, names of the Conference.

The rules apply to texts and queries alike. The final s of English and Portuguese
plurals is removed from every word. Words of English texts are also indexed by their
stem, so that "extradite" finds "extradition"; exact forms rank first.
"""

import re
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache

import snowballstemmer

# Sources, and the Conference itself, use both words for the same offices.
_SYNONYMS = {"procurator": "prosecutor"}
_HYPHEN = re.compile("[-‐‑]")
_SINGULAR_ENDINGS = ("ss", "us", "is")
_ES_ENDINGS = ("sses", "xes", "ches", "shes")
# A stem and a word of the same letters are different tokens. Folding removes this
# character from every text.
_STEM_PREFIX = "\ue020"
_MIN_STEMMED_LENGTH = 4
_BRITISH_ENDING = re.compile("(?<=[a-z]{3})is(e|es|ed|er|ers|ing|ation|ations)$")
# The stemmer keeps the word that it works on in its own attributes.
_STEMMER_LOCK = threading.Lock()
_STEMMER = snowballstemmer.stemmer("english")
# A text with any name of the Conference is indexed under all of these.
CONFERENCE_NAMES = (
    "CAPGC",
    "China-ASEAN Prosecutors-General Conference",
    "China-ASEAN Member States Prosecutors-General Conference",
    "中国东盟总检察长会议",
    "东盟中国总检察长会议",
    "东盟成员国总检察长会议",
)
_CONFERENCE_NAME_PATTERN = re.compile(
    r"""
    \b capgc \b
    | (?: china\W+asean | asean\W+china )\W+ (?: member\W+states?\W+ )?
        pro(?:secutor|curator)s?\W+generals?\W+conference
    | conference\W+of\W+(?:the\W+)?pro(?:secutor|curator)s?\W+generals?
        \W+of\W+china\W+and\W+(?:the\W+)?asean
    | (?: 中国\W*东盟 | 东盟\W*中国 )\W* (?: 成员国 )? \W* 总检察长会议
    """,
    re.VERBOSE,
)


def mentions_conference(folded: str) -> bool:
    """Return whether a folded text contains a name of the Conference in any form."""
    return _CONFERENCE_NAME_PATTERN.search(folded) is not None


@lru_cache(maxsize=65_536)
def normalize_word(word: str) -> str:
    """Return the normalised form of a folded word, for indexing and for queries."""
    word = _to_singular(remove_hyphens(word)[:64])
    return _SYNONYMS.get(word, word)


@lru_cache(maxsize=65_536)
def index_forms(word: str) -> tuple[str, ...]:
    """Return the normalised forms under which a word of a text is indexed.

    A word with hyphens is also indexed by its parts.
    """
    parts = _HYPHEN.split(word)
    return (normalize_word(word), *map(normalize_word, parts if len(parts) > 1 else ()))


@lru_cache(maxsize=65_536)
def english_stem(word: str) -> str:
    """Return the stem of a normalised word, "" if it has none of its own.

    Only words of four or more unaccented letters are stemmed.
    """
    if len(word) < _MIN_STEMMED_LENGTH or not (word.isascii() and word.isalpha()):
        return ""
    with _STEMMER_LOCK:
        stem = _STEMMER.stemWord(_BRITISH_ENDING.sub(r"iz\1", word))
    # "trafficking" is spelled with a k that "traffic" lacks.
    return f"{stem[:-1]}" if stem.endswith("ick") and len(stem) > 5 else stem


def stem_token(stem: str) -> str:
    """Return the token under which words with this stem are indexed."""
    return _STEM_PREFIX + stem


def stem_tokens(words: Iterable[str]) -> Iterator[str]:
    """Yield the stem tokens of the tokens of an English text.

    A word that is its own stem has none: queries search for the plain stem as well.
    """
    for word in words:
        stem = english_stem(word)
        if stem and stem != word:
            yield stem_token(stem)


def remove_hyphens(folded: str) -> str:
    return _HYPHEN.sub("", folded)


@lru_cache(maxsize=4096)
def word_prefix(word: str) -> str:
    """Return a prefix that all forms of a folded word share, apart from hyphens."""
    # "flies" and "fly" differ in the third letter.
    return normalize_word(word)[:3].removesuffix("y")


def _to_singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or not word.isascii():
        return word
    if word.endswith(_SINGULAR_ENDINGS) or word[-2].isdigit():
        return word
    if word.endswith(_ES_ENDINGS):
        return word[:-2]
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]
