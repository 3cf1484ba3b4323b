"""Normalization and validation of characters in texts entered by staff."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.translations.character_table import CharacterTable
from portal.core.translations.cleaning import clean_text, find_unreadable_character
from portal.core.translations.zawgyi import detect_zawgyi, from_zawgyi

# Hyphens and the minus sign; full-width forms are converted by their code point.
_HYPHENS = "\u2010\u2011\u2212\ufe63"
# Candidates for ``find_unreadable_character``; a regular expression search is faster
# than a loop over all characters.
_SUSPECTS = re.compile(
    "[\ud800-\udfff\ue000-\uf8ff\ufffd\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
# ASCII, Latin letters of Vietnamese and other languages, Chinese and its punctuation:
# most cells contain only these composed characters, which are neither changed nor
# rejected.
_USUAL = re.compile(
    "[ -~·\u00c0-\u024f\u1e00-\u1eff\u2010-\u2027\u3001-\u3020\u4e00-\u9fff"
    "\uff01-\uff60]*"
)
# Number of characters on each side of an unreadable one that the error message quotes.
_QUOTED_LENGTH = 5
# Number of characters of a converted text that the warning quotes.
_QUOTED_CONVERSION = 200


def _convert_character(character: str) -> str:
    """Return the ASCII form of one digit, full-width character, space or hyphen, or the
    character itself."""
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    return "-" if character in _HYPHENS else character


_CHARACTERS = CharacterTable(_convert_character)


def is_usual(text: str) -> bool:
    """Return whether ``text`` needs no cleaning except stripping white space."""
    return bool(_USUAL.fullmatch(text))


def plain(text: str) -> str:
    """Replace digits of all scripts and full-width characters by ASCII; strip white
    space.

    Spaces, hyphens and minus signs are replaced too. NFKC is not used: it would
    decompose the Thai and Lao vowel AM and turn ``1²`` into ``12``.
    """
    if text.isascii():
        return text.strip()
    if not is_usual(text):
        text = clean_text(text)
    return text.translate(_CHARACTERS).strip()


def check_readable(text: str) -> None:
    """Raise ValidationError if ``text`` has a character that cannot be displayed to
    readers.

    These are private use characters, lone surrogates and the replacement character
    U+FFFD.
    """
    if text.isascii() or not _SUSPECTS.search(text):
        return
    character = find_unreadable_character(text)
    position = text.find(character)
    around = text[max(position - _QUOTED_LENGTH, 0) : position + _QUOTED_LENGTH + 1]
    raise ValidationError(
        _(
            "“%(text)s” contains a character that cannot be displayed: "
            "%(character)s. Enter this character again."
        )
        % {
            # A lone surrogate cannot be encoded for a browser or database.
            "text": re.sub("[\ud800-\udfff]", "\ufffd", around),
            "character": f"U+{ord(character):04X}",
        }
    )


def describe_zawgyi(text: str) -> str:
    """Return a warning if ``text`` is probably Burmese in the Zawgyi encoding, or "".

    The warning has the text in Unicode, because fonts that staff use may show both.
    """
    if text.isascii() or not detect_zawgyi(text):
        return ""
    converted = from_zawgyi(text)
    if len(converted) > _QUOTED_CONVERSION:
        converted = f"{converted[:_QUOTED_CONVERSION]}…"
    return _(
        "This Burmese text seems to use the Zawgyi encoding, which "
        "most readers cannot display. The same text in Unicode: "
        "%(text)s"
    ) % {"text": converted}
