"""Texts that show nothing."""

import unicodedata

# Letters and marks by their category, and yet nothing is seen: fillers of Hangul, the
# empty cell of Braille, the grapheme joiner, inherent vowels of Khmer, selectors of
# Mongolian.
UNSEEN = frozenset(
    "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f"
)
# Separators, controls and formats; marks, which stand on letters only.
_NO_SIGN = "ZCM"


def is_blank(text: str) -> bool:
    """Whether nothing in ``text`` can be seen: it is empty, or has nothing but blanks,
    controls, and characters without a width.

    Within words such characters have their use: they part words in Khmer and Thai, and
    join or part letters in other scripts.
    """
    return all(
        one in UNSEEN or unicodedata.category(one)[0] in _NO_SIGN for one in text
    )
