"""Ordinal numbers in titles and queries: "fourteenth", "14th", "第十四届", "ke-14".

An ordinal becomes the same token in every language. ``ordinals.csv`` has the numbers
that are written as words.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.core.translations.normal_form import fold

# Folding removes private-use characters from every text.
_ORDINAL_PREFIX, _NUMBER_PREFIX = "\ue022", "\ue023"
_HAN_DIGITS = {
    character: number for number, character in enumerate("零一二三四五六七八九")
}
_NUMBER = "([0-9]{1,3})"
# Folding turns ª and º into letters and removes marks from Latin letters. Each pattern
# has one group, the number.
_DIGITS = (
    f"(?<![a-z0-9]){_NUMBER}(?:st|nd|rd|th|\\.?[ao])(?![a-z0-9])",
    f"(?<![a-z0-9])(?:lan thu|lan|thu|ke|ika)[ -]?{_NUMBER}(?![a-z0-9])",
    f"(?:ครั้งที่|ຄັ້ງທີ່?|លើកទី)\\s*{_NUMBER}(?![0-9])",
    f"(?<![0-9]){_NUMBER}\\)?\\s*(?:ကြိမ်မြောက်|ကြိမ်)",
    "第([0-9]{1,3}|[零一二三四五六七八九十百]{1,5})(?:届|次)",
)


@dataclass(frozen=True)
class Ordinal:
    """An ordinal number in a folded text, from ``start`` to ``end``."""

    start: int
    end: int
    number: int

    @property
    def token(self) -> str:
        """The token of texts that contain this ordinal number."""
        return f"{_ORDINAL_PREFIX}{self.number}"

    @property
    def record_token(self) -> str:
        """The token of records that have this number in their series."""
        return record_number_token(self.number)


def record_number_token(number: int) -> str:
    """Return the token of the records with this number in their series."""
    return f"{_NUMBER_PREFIX}{number}"


def find_ordinals(folded: str) -> list[Ordinal]:
    """Return the ordinal numbers in a folded text, in order; they do not overlap."""
    return [
        Ordinal(match.start(), match.end(), _number(match))
        for match in _pattern().finditer(folded)
    ]


def _number(match: re.Match) -> int:
    number = next((text for text in match.groups() if text), "")
    words = _words()
    return words[number] if number in words else _han_number(number)


def _han_number(text: str) -> int:
    """Return the value of digits or of a Chinese numeral below 1,000."""
    if text.isdigit() and text.isascii():
        return int(text)
    value = digit = 0
    for character in text:
        if character in "十百":
            value += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS[character]
    return value + digit


@cache
def _words() -> dict[str, int]:
    """Return the folded ordinal words of all languages, with their numbers."""
    path = Path(__file__).with_name("ordinals.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {fold(row["text"]): int(row["number"]) for row in csv.DictReader(file)}


@cache
def _pattern() -> re.Pattern:
    words = "|".join(map(re.escape, sorted(_words(), key=len, reverse=True)))
    return re.compile("|".join([f"(?<![a-z0-9])({words})(?![a-z0-9])", *_DIGITS]))
