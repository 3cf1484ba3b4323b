"""The one way in which texts and queries are made comparable.

What is folded away: case, traditional characters, marks on Latin letters (a Vietnamese
word is found with or without them), the width of letters, the script of digits, what
is invisible. Marks of other scripts stay: there they are vowels and tones.
"""

import re
import unicodedata

import opencc

# Typed or printed in two ways, the same to a reader: the sign AM in Thai and Lao, SARA
# AE as two letters, Lao digraphs. NFKC would split AM and then no breaker finds words.
_SPELLINGS = (
    (re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32"), "\\1\u0e33"),
    (re.compile("\u0ecd([\u0ec8-\u0ecb]?)\u0eb2"), "\\1\u0eb3"),
    (re.compile("\u0e40\u0e40"), "\u0e41"),
    (re.compile("\u0edc"), "\u0eab\u0e99"),
    (re.compile("\u0edd"), "\u0eab\u0ea1"),
)
_MARKED_ASCII = re.compile("([a-z])[\u0300-\u036f]+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}


class _Characters(dict):
    """What each character is replaced by; filled as characters are met.

    Of itself, never of its neighbours: part of a text folds as it does in the whole.
    OpenCC's words would not (乾 is 干, but stays in 乾隆).
    """

    def __missing__(self, number: int) -> str:
        self[number] = found = _replaced(chr(number))
        return found


def _replaced(character: str) -> str:
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    if "\u2e80" <= character <= "\u2fd5":
        # Radicals, which PDF writers put in place of characters.
        return _simplified(unicodedata.normalize("NFKC", character))
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in _INVISIBLE or "VARIATION SELECTOR" in _name(character):
        return " " if character in "\t\n\r\v\f" else ""
    if category == "Lo" and "CJK" in _name(character):
        return _simplified(character)
    return {"đ": "d", "Đ": "D", "ı": "i"}.get(character, character)


def _name(character: str) -> str:
    return unicodedata.name(character, "")


# From the characters of Hong Kong first: a page in traditional Chinese shows those.
_CONVERTERS = (opencc.OpenCC("hk2s"), opencc.OpenCC("t2s"))


# What our own conversion writes for some characters within a word, and t2s leaves so.
_VARIANTS = dict(
    zip("覆藉揹伕瞭薰甯濬甦拏彷澂", "复借背夫了熏宁浚苏拿仿澄", strict=True)
)


def _simplified(character: str) -> str:
    for converter in _CONVERTERS:
        found = converter.convert(character)
        character = found if len(found) == 1 else character
    return _VARIANTS.get(character, character)


_CHARACTERS = _Characters()


def fold(text: str) -> str:
    """``text`` as it is compared. Folding twice is folding once."""
    if text.isascii():
        return text.translate(_CHARACTERS).casefold()
    text = unicodedata.normalize("NFC", text).translate(_CHARACTERS).casefold()
    text = _MARKED_ASCII.sub("\\1", unicodedata.normalize("NFD", text))
    for spelling, same in _SPELLINGS:
        text = spelling.sub(same, text)
    return unicodedata.normalize("NFC", text).translate(_CHARACTERS)
