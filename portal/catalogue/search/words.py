"""What counts as the same word: plurals, possessives, the names of the Conference.

Written down here in full and applied to texts and queries alike. No language is
stemmed beyond the final s of English and Portuguese plurals.
"""

import re
from functools import lru_cache

# The offices are called either, in the sources and by the Conference itself.
_SAME = {"procurator": "prosecutor"}
_HYPHEN = re.compile("[-‐‑]")
_KEEP_S = ("ss", "us", "is")
_ES = ("sses", "xes", "ches", "shes")
# A text that has one of the Conference's names is found by all of these.
NAMES = (
    "CAPGC",
    "China-ASEAN Prosecutors-General Conference",
    "China-ASEAN Member States Prosecutors-General Conference",
    "中国东盟总检察长会议",
    "东盟中国总检察长会议",
    "东盟成员国总检察长会议",
)
_NAMED = re.compile(
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


def names_conference(folded: str) -> bool:
    """Whether the Conference is named, in whatever form, in a folded text."""
    return _NAMED.search(folded) is not None


@lru_cache(maxsize=65_536)
def same_word(word: str) -> str:
    """The form of a folded word under which it is kept and looked for."""
    word = _singular(without_hyphens(word)[:64])
    return _SAME.get(word, word)


@lru_cache(maxsize=65_536)
def forms_of(word: str) -> tuple[str, ...]:
    """The forms under which a word of a text is kept; of one with a hyphen, its parts
    too."""
    parts = _HYPHEN.split(word)
    return (same_word(word), *map(same_word, parts if len(parts) > 1 else ()))


def without_hyphens(folded: str) -> str:
    return _HYPHEN.sub("", folded)


@lru_cache(maxsize=4096)
def beginning(word: str) -> str:
    """How every form of a folded word begins, but for hyphens."""
    # Of flies and fly the third letter is another.
    return same_word(word)[:3].removesuffix("y")


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or not word.isascii():
        return word
    if word.endswith(_KEEP_S) or word[-2].isdigit():
        return word
    if word.endswith(_ES):
        return word[:-2]
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]
