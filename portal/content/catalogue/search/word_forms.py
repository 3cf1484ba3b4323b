"""Word normalisation: plurals, possessives and the names of the Conference.

The rules apply to texts and queries alike. There is no stemming except for the final s
of English and Portuguese plurals.
"""

import re
from functools import lru_cache

# Sources, and the Conference itself, use both words for the same offices.
_SYNONYMS = {"procurator": "prosecutor"}
_HYPHEN = re.compile("[-‐‑]")
_SINGULAR_ENDINGS = ("ss", "us", "is")
_ES_ENDINGS = ("sses", "xes", "ches", "shes")
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
