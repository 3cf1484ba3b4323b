"""Detection of texts without any visible character."""

import unicodedata

# Letters, marks and symbols by their Unicode category that are nevertheless invisible:
# Hangul fillers, the empty Braille cell, the grapheme joiner, inherent vowels of Khmer,
# Mongolian variation selectors.
INVISIBLE_LETTERS = frozenset(
    "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f"
)
# First letters of Unicode categories: separators, control and format characters, and
# marks, which are visible only on a letter.
_INVISIBLE_CATEGORIES = "ZCM"


def is_blank(text: str) -> bool:
    """Return whether ``text`` has no visible character.

    Blanks, control characters and characters without width do not count as visible.
    Within words some of them are needed: they separate words in Khmer and Thai, and
    join or separate letters in other scripts.
    """
    return all(
        character in INVISIBLE_LETTERS
        or unicodedata.category(character)[0] in _INVISIBLE_CATEGORIES
        for character in text
    )
