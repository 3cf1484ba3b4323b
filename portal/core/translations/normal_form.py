"""Normalisation of texts, queries and names for comparison.

:func:`fold_form` removes differences of form: case, Unicode normal form, traditional
and simplified characters, full and half width and other compatibility forms, digits of
other scripts, invisible characters, and spellings that look the same (see the module
``spellings``). :func:`fold` also removes marks on Latin letters, so that Vietnamese
words are found with or without them. Marks of other scripts are kept: they are vowels
and tones.

The keys of names are also without spaces. Names with equal :func:`name_key` differ only
in form. Names with equal :func:`loose_name_key` may also differ in marks on Latin
letters (Hồng and Hòng), tone marks, or characters such as 乾 and 干, and may belong to
two different people.
"""

import re
import unicodedata

import opencc

from portal.core.translations.character_table import CharacterTable
from portal.core.translations.equivalent_ideographs import load_equivalent_ideographs
from portal.core.translations.invisible_text import INVISIBLE_LETTERS
from portal.core.translations.spellings import unify_spellings

# Increase this number when the normal form of any text changes. Name keys and search
# rows of an earlier version are recomputed when upgrading (docs/operations.md).
NORMAL_FORM_VERSION = 2

_MAX_PASSES = 4
_MARKED_ASCII = re.compile("([a-z])[\u0300-\u036f]+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
# Traditional characters that are also used in simplified names: 李乾 and 李干 are
# two people. They are those of GB 2312, and those that the official list of 2013
# (通用规范汉字表) permits in names.
_ALSO_SIMPLIFIED = frozenset("乾夥彷後徵於甯菸薰薹藉覆麴麽瞭昇祕氾迺蒐剋濬澂甦")
# Tone marks of Thai, Lao and Burmese. Vowels and other signs are kept.
_REMOVE_TONES = str.maketrans(
    "", "", "\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u0eca\u0ecb\u1037\u1038"
)


def _normalize_character(character: str) -> str:
    """Return the normalised form of one character; "" if it is invisible.

    Each character is replaced regardless of its neighbours, so that a part of a text is
    normalised as in the whole text. OpenCC's conversion of words would not do so (乾
    becomes 干, but is kept in 乾隆).
    """
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    if ideograph := load_equivalent_ideographs().get(character):
        return _simplify(ideograph)
    if _is_compatibility_form(character):
        return unicodedata.normalize("NFKC", character)
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if character in INVISIBLE_LETTERS or "VARIATION SELECTOR" in _name(character):
        return ""
    if category in _INVISIBLE:
        return " " if character in "\t\n\r\v\f" else ""
    if category == "Lo" and "CJK" in _name(character):
        return _simplify(character)
    return character


def _is_compatibility_form(character: str) -> bool:
    """Return whether NFKC only replaces ``character`` by its usual letters.

    True for ﬁ, ㎏ and halfwidth kana. False for blanks, for Thai and Lao (NFKC splits
    the sign AM), and if NFKC returns several words or signs, as for ½ and ´.
    """
    if unicodedata.category(character) not in ("Ll", "Lu", "Lo", "Lm", "So"):
        return False
    if "\u0e00" <= character <= "\u0eff":
        return False
    form = unicodedata.normalize("NFKC", character)
    return form != character and form.isalnum()


def _name(character: str) -> str:
    return unicodedata.name(character, "")


# Hong Kong variants come first, because pages in traditional Chinese show those.
_CONVERTERS = (opencc.OpenCC("hk2s"), opencc.OpenCC("t2s"))


# Variants that the conversion to traditional characters writes in some words, and that
# t2s does not convert back.
_VARIANTS = dict(
    zip("覆藉揹伕瞭薰甯濬甦拏彷澂", "复借背夫了熏宁浚苏拿仿澄", strict=True)
)


def _simplify(character: str) -> str:
    """Return the simplified form of one Chinese character."""
    for converter in _CONVERTERS:
        simplified = converter.convert(character)
        character = simplified if len(simplified) == 1 else character
    return _VARIANTS.get(character, character)


# Burmese digits are kept until the spelling is unified, because some are letters.
_BURMESE_DIGITS = {0x1040 + digit: str(digit) for digit in range(10)}
_KEPT_DIGITS = {number: chr(number) for number in _BURMESE_DIGITS}
_CHARACTERS = CharacterTable(_normalize_character, _KEPT_DIGITS)
_NAME_CHARACTERS = CharacterTable(
    _normalize_character,
    _KEPT_DIGITS | {ord(character): character for character in _ALSO_SIMPLIFIED},
)


# Letters that Unicode does not decompose into a letter and its mark.
_UNDECOMPOSED_LETTERS = str.maketrans({"đ": "d", "ı": "i"})


def fold_form(text: str) -> str:
    """Return ``text`` without differences of form; Latin letters keep their marks."""
    return _fold_form_with(text, _CHARACTERS)


def _fold_form_with(text: str, characters: CharacterTable) -> str:
    if text.isascii():
        return text.translate(characters).casefold()
    text = unicodedata.normalize("NFC", text).translate(characters).casefold()
    text = _unify_spellings(text).translate(_BURMESE_DIGITS)
    return unicodedata.normalize("NFC", text).translate(characters)


def _unify_spellings(text: str) -> str:
    """Return ``text`` with one spelling for what looks the same, in NFC.

    NFC reorders signs where two scripts are mixed, which may take another pass. Real
    texts need one.
    """
    for _pass in range(_MAX_PASSES):
        unified = unify_spellings(unicodedata.normalize("NFC", text))
        text = unicodedata.normalize("NFC", unified)
        if text == unified:
            break
    return text


def fold(text: str) -> str:
    """Return ``text`` normalised for search. Folding twice changes nothing."""
    text = fold_form(text)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text.translate(_UNDECOMPOSED_LETTERS))
    unmarked, count = _MARKED_ASCII.subn("\\1", decomposed)
    if unmarked.isascii():
        return unmarked
    return fold_form(unmarked) if count or decomposed != text else text


def name_key(name: str) -> str:
    """Return the key that is equal for names that differ only in form and spaces."""
    return "".join(_fold_form_with(name, _NAME_CHARACTERS).split())


def loose_name_key(name: str) -> str:
    """Return a key that ignores differences of form, spaces, marks and variants.

    Ignored are the differences that ``name_key`` ignores, marks on Latin letters, tone
    marks, and variants of Chinese characters.
    """
    return "".join(fold(name).translate(_REMOVE_TONES).split())


# Punctuation that is optional in names: Viet-Nam, Prosecutor’s, P.R. China.
_REMOVE_PUNCTUATION = str.maketrans("", "", "'’‘ʼ`´-‐‑‒–—―−.·・•‧,،、“”\"「」()[]（）")


def remove_punctuation(key: str) -> str:
    """Return the key of a name without punctuation that is optional in names."""
    return key.translate(_REMOVE_PUNCTUATION)
