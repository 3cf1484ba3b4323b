"""Plausibility of a text as Chinese, Thai, Vietnamese or other Latin script.

A file that was decoded with a wrong code page is valid text, but not plausible. Each
function returns a cost in bits, about the negative binary logarithm of the text's
probability. Costs of different readings of the same bytes are comparable; a difference
of 10 bits is a probability ratio of about a thousand.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from portal.content.spreadsheets.frequent_characters import (
    FREQUENT,
    SURNAMES,
    VERY_FREQUENT,
)

# ASCII characters that are the second byte of a Chinese character in another code page.
_ASCII_SIGNS = frozenset("@[\\]^_`{|}~")

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IS_HAN = re.compile(f"[{_HAN}]")
_SMALL_NEXT_TO_HAN = re.compile(f"(?<=[{_HAN}])[a-z]|[a-z](?=[{_HAN}])")
_CAPITAL_NEXT_TO_HAN = re.compile(f"(?<=[{_HAN}])[A-Z]|[A-Z](?=[{_HAN}])")
_NAME = re.compile(f"(?<![{_HAN}])[{_HAN}]{{2,3}}(?![{_HAN}])")
_CHINESE_SIGNS = frozenset("，。、；：？！（）《》“”‘’—·•‧【】「」〔〕　–－")
_CHINESE_SYMBOLS = frozenset("…①②③④⑤⑥⑦⑧⑨⑩°％℃№〇々×")
# Scripts of the portal's languages that GB18030 encodes with four bytes.
_OTHER_SCRIPTS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")

_THAI_BY_FREQUENCY = "านรกอเงมย่ว้สดัทตลีบิะคปแหจ"
_THAI_LESS_FREQUENT = "พไใโชข์ุูผธศณถซำื็ึญภษฟฐ"
_THAI_WRONG = re.compile(
    # A vowel sign or tone mark without a consonant before it; three signs on one.
    "(?<![ก-ฮัิ-ูํ็-๎])[ัิ-ฺ็-๎]|(?<=[ัิ-ูํ็-๎]{2})[ัิ-ูํ็-๎]"
    # A vowel without a consonant before it, or a leading vowel without one after it.
    "|(?<![ก-๎])[ะาำๅ]|[เแโใไ](?![ก-ฮ])"
    "|[ก-ฮ]{4}"
)
_THAI_ERROR = 9
_IS_THAI = re.compile("[ก-๛]")
_LATIN_NEXT_TO_THAI = re.compile("(?<=[ก-๛])[@-~]|[@-~](?=[ก-๛])")

_LATIN_LETTERS = frozenset("áàãâéêíóôõúçñüöäëèïÁÉÍÓÚÂÊÔÃÕÇÀÑ")
_VIETNAMESE_LETTERS = frozenset("ĂăĐđĨĩŨũƠơƯư\u0300\u0301\u0303\u0309\u0323") | {
    chr(code) for code in range(0x1EA0, 0x1EFA)
}
_PINYIN_LETTERS = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü")
_LETTERS = _LATIN_LETTERS | _PINYIN_LETTERS | _VIETNAMESE_LETTERS
_LATIN_SIGNS = frozenset("‘’“”–—…°ºª«»·•®©€™§×\xa0")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]+")
_CAPITAL_WITHIN = re.compile("(?<=[a-zß-öø-ÿ])[À-ÖØ-Þ]|(?<=[ß-öø-ÿ])[A-Z]")
_THIRD_ACCENT = re.compile("(?<=[À-ɏ]{2})[À-ɏ]")

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE = re.compile(f"[{_TONES}]")
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    "(?:(?:o?ă|uâ|iê|yê|uyê|uô|ươ)(?:ng|[cmnpt])|(?:iê|yê|ươ)u|(?:u?â)[uy]"
    "|(?:uô|ươ)i|â(?:ng|[cmnpt])|u?ê(?:nh|ch|u|[mnpt])?"
    "|(?:oa|oe|ua|ưa|ia|ya|uya|uy|uơ|[aeioôơuưy])(?:ng|nh|ch|[cmnptiyuo])?)"
)


def is_private(sign: str) -> bool:
    """Return whether the character ``sign`` is in a private-use area."""
    return unicodedata.category(sign) == "Co"


def ascii_cost(text: str) -> float:
    """Return the cost of the ASCII characters of ``text``, equal in all languages."""
    return _sum(text, lambda sign: _ascii_cost(sign) if sign < "\x80" else 0)


def _ascii_cost(sign: str) -> float:
    if sign.isalnum():
        return 4.5
    return 9 if sign in _ASCII_SIGNS else 4


def _sum(text: str, cost: Callable[[str], float]) -> float:
    return sum(cost(sign) * count for sign, count in Counter(text).items())


def chinese_cost(text: str) -> float:
    """Return the cost of ``text`` as simplified or traditional Chinese."""
    small_letters = len(_SMALL_NEXT_TO_HAN.findall(text))
    capital_letters = len(_CAPITAL_NEXT_TO_HAN.findall(text))
    names = sum(name[0] in SURNAMES for name in _NAME.findall(text))
    cost = _sum(text, _chinese_cost) - 4 * names
    return cost + 8 * small_letters + 5 * capital_letters


@lru_cache(maxsize=32_768)
def _chinese_cost(sign: str) -> float:
    if sign < "\x80":
        return _ascii_cost(sign)
    if sign in VERY_FREQUENT:
        return 7.5
    if sign in FREQUENT:
        return 10.5
    if _IS_HAN.match(sign):
        return _rare_han_cost(sign)
    return _chinese_sign_cost(sign)


def _chinese_sign_cost(sign: str) -> float:
    if sign in _CHINESE_SIGNS:
        return 9
    if sign in _LETTERS or _OTHER_SCRIPTS.match(sign) or "\uff01" <= sign <= "\uff5e":
        return 12
    if is_private(sign):
        return 40
    return 16 if sign in _CHINESE_SYMBOLS else 22


def _rare_han_cost(sign: str) -> float:
    """Return the cost of a Chinese character outside the frequency lists.

    GB 2312 and Big5 both encode the characters of daily use first.
    """
    simplified = sign.encode("gb2312", "ignore")
    traditional = sign.encode("big5", "ignore")
    if simplified and simplified[0] <= 0xD7:
        return 14
    if traditional and traditional[0] <= 0xC6:
        return 15
    return 18 if simplified or traditional else 22


def thai_cost(text: str) -> float:
    """Return the cost of ``text`` as Thai.

    Violations of the rules for vowel signs and tone marks raise the cost.
    """
    errors = len(_THAI_WRONG.findall(text)) + len(_LATIN_NEXT_TO_THAI.findall(text))
    return _sum(text, _thai_cost) + _THAI_ERROR * errors


def _thai_cost(sign: str) -> float:
    if sign < "\x80":
        return _ascii_cost(sign)
    if sign in _THAI_BY_FREQUENCY:
        return 4.5
    if sign in _THAI_LESS_FREQUENT:
        return 6.5
    if sign in _LATIN_SIGNS:
        return 8
    return 10 if _IS_THAI.match(sign) else 22


def latin_cost(text: str) -> float:
    """Return the cost of ``text`` in Latin script with a few accented letters."""
    odd = len(_CAPITAL_WITHIN.findall(text)) + len(_THIRD_ACCENT.findall(text))
    foreign = sum(
        not any(letter.isascii() for letter in word)
        for word in _LATIN_WORD.findall(text)
    )
    return _sum(text, _latin_cost) + 10 * odd + 6 * foreign


def _latin_cost(sign: str) -> float:
    if sign < "\x80":
        return _ascii_cost(sign)
    if sign in _LATIN_LETTERS:
        return 7 if sign.islower() else 9
    if sign in _LATIN_SIGNS:
        return 8
    return 14 if sign <= "\xff" or sign in _VIETNAMESE_LETTERS else 22


def vietnamese_cost(text: str) -> float:
    """Return the cost of ``text`` as Vietnamese.

    Words that follow the strict pattern of Vietnamese syllables are cheap.
    """
    words = Counter(_LATIN_WORD.findall(text))
    cost = sum(_word_cost(word) * count for word, count in words.items())
    return cost + latin_cost(_LATIN_WORD.sub("", text))


@lru_cache(maxsize=8192)
def _word_cost(word: str) -> float:
    if word.isascii() or is_vietnamese_syllable(word):
        return 4.5 * len(word)
    return latin_cost(word) + 8


def is_vietnamese_syllable(word: str) -> bool:
    """Return whether ``word`` is a possible Vietnamese syllable.

    A syllable has at most one tone mark.
    """
    if word[1:] != word[1:].lower() and word != word.upper():
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    tones = _TONE.findall(parts)
    without_tones = unicodedata.normalize("NFC", _TONE.sub("", parts))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(without_tones):
        return False
    if tones and without_tones.endswith(("c", "ch", "p", "t")):
        return tones[0] in "\u0301\u0323"
    return True
