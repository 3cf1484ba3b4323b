"""Detection of Burmese text in the Zawgyi encoding, and its conversion to Unicode.

Zawgyi is a font that uses the code points of Unicode's Burmese block for other signs.
Its text is unreadable in other fonts, and is not found by a query in Unicode.

Detection uses the Markov model of Google's Myanmar Tools, conversion uses their rules,
which are those of CLDR's transform Zawgyi-my (``data/VERSIONS.tsv``). The PyPI package
of these tools has neither the rules nor a release since 2020, so that only their data
are used.
"""

import csv
import re
import struct
from array import array
from functools import cache, lru_cache
from itertools import groupby, pairwise
from math import exp, isnan, nan
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data"
_BURMESE = re.compile("[\u1000-\u109f]")
# Number of characters, from the first Burmese letter on, by which a text is judged.
_SAMPLE_SIZE = 4_000
# Lowest probability at which a text counts as Zawgyi, as in Google's documentation.
_THRESHOLD = 0.95
# The characters that the model knows, in its order; digits are in both encodings.
_MODEL_CHARACTERS = "".join(
    chr(number)
    for numbers in (
        range(0x1000, 0x1040),
        range(0x104A, 0x10A0),
        range(0xAA60, 0xAA80),
        range(0xA9E0, 0xAA00),
        range(0x2000, 0x200C),
    )
    for number in numbers
)
_MODEL_HEADER = struct.Struct(">8sii8sih")
_MODEL_FORMAT = (b"UZMODEL ", 2, 0, b"BMARKOV ", 0)


def detect_zawgyi(text: str) -> bool:
    """Return whether ``text`` has Burmese letters that are probably Zawgyi.

    Text that both encodings write alike counts as Unicode.
    """
    first = _BURMESE.search(text)
    if first is None:
        return False
    sample = text[first.start() : first.start() + _SAMPLE_SIZE]
    return _zawgyi_probability(sample) > _THRESHOLD and from_zawgyi(sample) != sample


@lru_cache(maxsize=1024)
def from_zawgyi(text: str) -> str:
    """Return ``text`` converted from Zawgyi to Unicode; call only if it is Zawgyi."""
    if not _BURMESE.search(text):
        return text
    for phase in _load_phases():
        text = phase.apply(text)
    return text


class _Rule(NamedTuple):
    """Replacement of one pattern.

    ``only_at_start``: applies at the start of the text only. ``apply_again``: the rules
    are applied to the replacement too.
    """

    pattern: re.Pattern
    replacement: str
    only_at_start: bool
    apply_again: bool


class _Phase:
    """Rules that are applied together, in order, at each position of a text."""

    def __init__(self, rules: list[_Rule]):
        self.rules = rules
        self._any_pattern = re.compile("|".join(rule.pattern.pattern for rule in rules))

    def apply(self, text: str) -> str:
        parts: list[str] = []
        position, is_start = 0, True
        while match := self._any_pattern.search(text, position):
            if match.start() > position:
                parts.append(text[position : match.start()])
                position, is_start = match.start(), False
            text, next_position = self._apply_at(text, position, is_start, parts)
            if next_position == position:
                # The match was of a rule for the start of the text.
                parts.append(text[position : position + 1])
                next_position += 1
            position, is_start = next_position, False
        return "".join(parts) + text[position:]

    def _apply_at(
        self, text: str, position: int, is_start: bool, parts: list[str]
    ) -> tuple[str, int]:
        """Apply each rule once, each where the previous one ended.

        Replacements are appended to ``parts``. Return the text, of which the part from
        the returned position on remains.
        """
        for rule in self.rules:
            if rule.only_at_start and not is_start:
                continue
            match = rule.pattern.match(text, position)
            if match is None:
                continue
            replacement = match.expand(rule.replacement)
            if rule.apply_again:
                text, position = replacement + text[match.end() :], 0
            else:
                parts.append(replacement)
                position = match.end()
        return text, position


@cache
def _load_phases() -> list[_Phase]:
    """Load the conversion rules."""
    with (_DATA / "zawgyi_rules.tsv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        _Phase(
            [
                _Rule(
                    re.compile(row["pattern"]),
                    _decode_escapes(row["replacement"]),
                    row["only_at_start"] == "yes",
                    row["apply_again"] == "yes",
                )
                for row in rows
            ]
        )
        for _number, rows in groupby(reader, key=lambda row: row["phase"])
    ]


def _decode_escapes(replacement: str) -> str:
    return re.sub(
        r"\\u([0-9A-F]{4})", lambda match: chr(int(match[1], 16)), replacement
    )


def _zawgyi_probability(text: str) -> float:
    """Return the probability from 0 to 1 that ``text`` is Zawgyi."""
    states = [0, *(_model_states().get(character, 0) for character in text), 0]
    model, size = _load_model(), len(_MODEL_CHARACTERS) + 1
    ratios = [
        ratio
        for state, next_state in pairwise(states)
        if not isnan(ratio := model[state * size + next_state])
    ]
    # The model has logarithms of the probability of Unicode divided by that of Zawgyi.
    # The limit keeps exp() from overflowing.
    return 1 / (1 + exp(min(sum(ratios), 700))) if ratios else 0


@cache
def _model_states() -> dict[str, int]:
    """Return the state of the model for each character that it knows."""
    return {character: state for state, character in enumerate(_MODEL_CHARACTERS, 1)}


@cache
def _load_model() -> array:
    """Load the model: a square matrix of log-likelihood ratios of two states.

    State 0 stands for all other characters.
    """
    content = (_DATA / "zawgyi_model.dat").read_bytes()
    tag, version, character_set, markov_tag, markov_version, size = (
        _MODEL_HEADER.unpack_from(content)
    )
    if (tag, version, character_set, markov_tag, markov_version) != _MODEL_FORMAT:
        raise ValueError("zawgyi_model.dat has an unknown format.")
    position, matrix = _MODEL_HEADER.size, array("f")
    for _state in range(size):
        (count,) = struct.unpack_from(">h", content, position)
        position += 2
        row = array("f", [0.0]) * size
        if count:
            (default,) = struct.unpack_from(">f", content, position)
            position += 4
            row = array("f", [default]) * size
        for _pair in range(count):
            next_state, row[next_state] = struct.unpack_from(">hf", content, position)
            position += 6
        matrix.extend(row)
    # Pairs of other characters say nothing.
    matrix[0] = nan
    return matrix
