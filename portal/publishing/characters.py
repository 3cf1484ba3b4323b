"""Characters of what clerks write: other forms of digits and signs, unreadable ones."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.translations.cleaning import clean_text, unreadable_character

# Hyphens and the minus sign, in addition to those of full width.
_HYPHENS = "\u2010\u2011\u2212\ufe63"
# What ``unreadable_character`` may find; a search of it is faster than a loop.
_SUSPECTS = re.compile(
    "[\ud800-\udfff\ue000-\uf8ff\ufffd\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
# ASCII, Latin letters of Vietnamese and others, Chinese and its punctuation: most cells
# have nothing else, and nothing of it is changed or refused. All of it is composed.
_USUAL = re.compile(
    "[ -~·\u00c0-\u024f\u1e00-\u1eff\u2010-\u2027\u3001-\u3020\u4e00-\u9fff"
    "\uff01-\uff60]*"
)
# So many characters on each side show where an unreadable one is.
_AROUND = 5


class _Characters(dict):
    """What is written for each character; filled as characters are met."""

    def __missing__(self, number: int) -> str:
        self[number] = character = _replaced(chr(number))
        return character


def _replaced(character: str) -> str:
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    return "-" if character in _HYPHENS else character


_CHARACTERS = _Characters()


def is_usual(text: str) -> bool:
    """Whether ``text`` is known to need no cleaning but of the blanks around it."""
    return bool(_USUAL.fullmatch(text))


def plain(text: str) -> str:
    """``text`` with ASCII digits, signs and spaces, without blanks around it.

    Digits of all scripts and characters of full width are replaced. NFKC is not used:
    it splits the Thai and Lao sign AM, and makes ``12`` of ``1²``.
    """
    if text.isascii():
        return text.strip()
    if not is_usual(text):
        text = clean_text(text)
    return text.translate(_CHARACTERS).strip()


def check_readable(text: str) -> None:
    """Raise ValidationError for a text with a character that readers cannot be shown.

    These are characters for private use, halves of a pair, and the sign that programs
    write for what they could not decode.
    """
    if text.isascii() or not _SUSPECTS.search(text):
        return
    character = unreadable_character(text)
    position = text.find(character)
    around = text[max(position - _AROUND, 0) : position + _AROUND + 1]
    raise ValidationError(
        _(
            "“%(text)s” has a character that readers cannot be shown: %(character)s. "
            "Type this character again."
        )
        % {
            # Half of a pair cannot be sent to a browser or a database.
            "text": re.sub("[\ud800-\udfff]", "\ufffd", around),
            "character": f"U+{ord(character):04X}",
        }
    )
