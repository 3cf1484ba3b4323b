"""The normal forms in which texts, queries and names are compared.

:func:`fold_form` removes differences of form: case, the normal form of Unicode,
traditional and simplified characters, the width of letters and other compatibility
forms, the script of digits, invisible characters. :func:`fold` also removes the marks
on Latin letters, so a Vietnamese word is found with or without them. Marks of other
scripts stay: there they are vowels and tones.

The keys of names also leave out spaces. Two names with the same :func:`name_key` are
written differently only in form; with the same :func:`loose_name_key` they may differ
in marks on Latin letters or tone marks too, as Hồng and Hòng do, or in characters such
as 乾 and 干, and can be the names of two people.
"""

import re
import unicodedata

import opencc

from portal.translations.blank import UNSEEN

# Typed or printed in two ways, the same to a reader: the sign AM in Thai and Lao, SARA
# AE as two letters, Lao digraphs. NFKC would split AM and then no breaker finds words.
_SPELLINGS = (
    (re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32"), "\\1\u0e33"),
    (re.compile("\u0ecd([\u0ec8-\u0ecb]?)\u0eb2"), "\\1\u0eb3"),
    (re.compile("\u0e40\u0e40"), "\u0e41"),
    (re.compile("\u0edc"), "\u0eab\u0e99"),
    (re.compile("\u0edd"), "\u0eab\u0ea1"),
)
_THAI_OR_LAO = re.compile("[\u0e00-\u0eff]")
_MARKED_ASCII = re.compile("([a-z])[\u0300-\u036f]+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
# Traditional characters that names in simplified characters have too: a person called
# 李乾 is another one than 李干. Those of GB 2312, and those that the official list of
# characters of 2013 (通用规范汉字表) gave back to names.
_ALSO_SIMPLIFIED = frozenset("乾夥彷後徵於甯菸薰薹藉覆麴麽瞭昇祕氾迺蒐剋濬澂甦")
# Thai, Lao, Burmese. Vowels and signs of other kinds stay.
_TONES = str.maketrans(
    "", "", "\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u0eca\u0ecb\u1037\u1038"
)


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
    if _is_compatibility_form(character):
        return unicodedata.normalize("NFKC", character)
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if character in UNSEEN or "VARIATION SELECTOR" in _name(character):
        return ""
    if category in _INVISIBLE:
        return " " if character in "\t\n\r\v\f" else ""
    if category == "Lo" and "CJK" in _name(character):
        return _simplified(character)
    return character


def _is_compatibility_form(character: str) -> bool:
    """Whether NFKC shows the same letters in their usual form: ﬁ, ㎏, halfwidth kana.

    Left alone: blanks; Thai and Lao, where NFKC splits the sign AM; forms that NFKC
    would turn into several words or signs, such as ½ and ´.
    """
    if unicodedata.category(character) not in ("Ll", "Lu", "Lo", "Lm", "So"):
        return False
    if "\u0e00" <= character <= "\u0eff":
        return False
    form = unicodedata.normalize("NFKC", character)
    return form != character and form.isalnum()


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
_NAME_CHARACTERS = _Characters({ord(one): one for one in _ALSO_SIMPLIFIED})


# Letters that Unicode does not take apart into a letter and its mark.
_BARE = str.maketrans({"đ": "d", "ı": "i"})


def fold_form(text: str) -> str:
    """``text`` without differences of form; Latin letters keep their marks."""
    return _form(text, _CHARACTERS)


def _form(text: str, characters: _Characters) -> str:
    if text.isascii():
        return text.translate(characters).casefold()
    text = unicodedata.normalize("NFC", text).translate(characters).casefold()
    if _THAI_OR_LAO.search(text):
        for spelling, same in _SPELLINGS:
            text = spelling.sub(same, text)
    return unicodedata.normalize("NFC", text).translate(characters)


def fold(text: str) -> str:
    """``text`` as it is compared in a search. Folding twice is folding once."""
    text = fold_form(text)
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text.translate(_BARE))
    bare, count = _MARKED_ASCII.subn("\\1", parts)
    if bare.isascii():
        return bare
    return fold_form(bare) if count or parts != text else text


def name_key(name: str) -> str:
    """What names have in common that differ only in form and spaces."""
    return "".join(_form(name, _NAME_CHARACTERS).split())


def loose_name_key(name: str) -> str:
    """What names have in common that may differ in marks on Latin letters, tone marks
    and variants of characters too."""
    return "".join(fold(name).translate(_TONES).split())


# Written or left out in one and the same name: Viet-Nam, Prosecutor’s, P.R. China.
_PUNCTUATION = str.maketrans("", "", "'’‘ʼ`´-‐‑‒–—―−.·・•‧,،、“”\"「」()[]（）")


def without_punctuation(key: str) -> str:
    """``key`` of a name without the punctuation that some leave out of it."""
    return key.translate(_PUNCTUATION)
