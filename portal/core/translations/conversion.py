"""Conversion of simplified into traditional Chinese characters.

OpenCC converts by words, and takes the usual word where characters have several forms.
``data/traditional_terms.csv`` has the terms that it gets wrong in the texts of the
portal: names that look like common words, and set words. The longest term wins, so
that a term can also be an exception to a shorter one.
"""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

import opencc

TERMS_FILE = Path(__file__).parent / "data" / "traditional_terms.csv"


@cache
def _converter() -> opencc.OpenCC:
    # s2hk: characters as used in Hong Kong and Macao, whose organs the portal covers.
    return opencc.OpenCC("s2hk")


@cache
def load_terms() -> dict[str, str]:
    """Return the traditional form of each term whose conversion is set."""
    with TERMS_FILE.open(encoding="utf-8", newline="") as file:
        return {row["simplified"]: row["traditional"] for row in csv.DictReader(file)}


@cache
def _term_pattern() -> re.Pattern:
    terms = sorted(load_terms(), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, terms))})")


@lru_cache(maxsize=4096)
def to_traditional(text: str) -> str:
    """Return ``text`` in the characters of Hong Kong; words are not replaced."""
    return _convert(text)


def convert_if_terms_matter(text: str) -> str:
    """Return the traditional form of ``text`` if OpenCC alone gives another, else "".

    For digests: only texts that the list of terms changes depend on it.
    """
    if not _term_pattern().search(text):
        return ""
    converted = _convert(text)
    return "" if converted == _converter().convert(text) else converted


def _convert(text: str) -> str:
    # Every second part is a term.
    parts = _term_pattern().split(text)
    terms, converter = load_terms(), _converter()
    return "".join(
        terms[part] if number % 2 else converter.convert(part)
        for number, part in enumerate(parts)
    )
