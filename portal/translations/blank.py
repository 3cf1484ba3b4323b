"""Texts that show nothing."""

import unicodedata

# Letters by their category, and yet nothing is seen: fillers of Hangul, and the empty
# cell of Braille.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Separators, controls and formats; marks, which stand on letters only.
_NO_SIGN = "ZCM"


def is_blank(text: str) -> bool:
    """Whether nothing in ``text`` can be seen: it is empty, or has nothing but blanks,
    controls, and characters without a width.

    Within words such characters have their use: they part words in Khmer and Thai, and
    join or part letters in other scripts.
    """
    return all(
        one in _UNSEEN or unicodedata.category(one)[0] in _NO_SIGN for one in text
    )
