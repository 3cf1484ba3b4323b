"""Conversion of simplified into traditional Chinese characters.

OpenCC converts by words, and takes the usual word where characters have several forms.
``data/traditional_terms.csv`` has the terms that it gets wrong in the texts of the
portal: names that look like common words, and set words. The longest term wins, so
that a term can also be an exception to a shorter one. Rows of the kind "character" give
the form that Hong Kong's authorities write of one character. They are applied last,
because a term of one character would divide the words that OpenCC looks up.
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
    return {
        row["simplified"]: row["traditional"]
        for row in _read_rows()
        if row["kind"] != "character"
    }


@cache
def load_characters() -> dict[str, str]:
    """Return the form of Hong Kong's authorities of each character that is set.

    The keys are simplified characters.
    """
    return {
        row["simplified"]: row["traditional"]
        for row in _read_rows()
        if row["kind"] == "character"
    }


def _read_rows() -> list[dict[str, str]]:
    with TERMS_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _term_pattern() -> re.Pattern:
    terms = sorted(load_terms(), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, terms))})")


@cache
def _character_pattern() -> re.Pattern:
    return re.compile(f"[{''.join(load_characters())}]")


@cache
def _form_table() -> dict[int, str]:
    """Return the table from the characters that OpenCC writes to the set forms."""
    converter = _converter()
    return str.maketrans(
        {converter.convert(key): form for key, form in load_characters().items()}
    )


@lru_cache(maxsize=4096)
def to_traditional(text: str) -> str:
    """Return ``text`` in the characters of Hong Kong; words are not replaced."""
    return _convert(text)


def convert_if_terms_matter(text: str) -> str:
    """Return the traditional form of ``text`` if OpenCC alone gives another, else "".

    For digests: only texts that the list of terms changes depend on it.
    """
    if not _term_pattern().search(text) and not _character_pattern().search(text):
        return ""
    converted = _convert(text)
    return "" if converted == _converter().convert(text) else converted


def _convert(text: str) -> str:
    # Every second part is a term.
    parts = _term_pattern().split(text)
    terms, converter = load_terms(), _converter()
    converted = "".join(
        terms[part] if number % 2 else converter.convert(part)
        for number, part in enumerate(parts)
    )
    return converted.translate(_form_table())
