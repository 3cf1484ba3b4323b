"""Read the texts in the content of a PDF page that typst has written.

The patterns describe what typst writes. Anything else is not understood, see
:func:`read_clusters`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

_NUMBER = rb"-?\d*\.?\d+"
_CHARACTER = rb"[^\\()]|\\."
# Parentheses that are balanced are not escaped.
_STRING = rb"\((?:%(c)s|\((?:%(c)s|\((?:%(c)s)*\))*\))*\)|<[0-9A-F]*>" % {
    b"c": _CHARACTER
}
# A text has one font, one colour ("paint") and one height.
TEXT = re.compile(
    rb"q 1 0 0 -1 (?P<x>%(n)s) (?P<y>%(n)s) cm(?P<paint>[^\n()<>]*)\n"
    rb"BT(?P<parts>.*?)ET\nQ\n" % {b"n": _NUMBER},
    re.DOTALL,
)
# A part of a text: glyphs with one text for all, or glyphs with a text each.
_PART = re.compile(
    rb"(?:/Span<</ActualText<FEFF(?P<text>[0-9A-F]*)>>>BDC)?"
    rb" (?P<operators>%(n)s Tr(?P<name>/\w+) (?P<size>%(n)s) Tf) "
    rb"1 0 0 -1 (?P<x>%(n)s) (?P<y>%(n)s) Tm"
    rb"(?P<shown>\[(?:%(s)s|%(n)s|[ \n])*+\]TJ|(?:%(s)s)Tj)\n?"
    rb"(?:EMC\n?)?" % {b"n": _NUMBER, b"s": _STRING},
    re.DOTALL,
)
_SHOWN = re.compile(rb"(?P<string>%s)|(?P<number>%s)" % (_STRING, _NUMBER), re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(eq=False)
class Font:
    """Text and width of each character code; widths in thousandths of the size.

    ``new_codes`` are further codes of its glyphs, by code and text: typst gives a glyph
    one code and so one text, although it may be part of several syllables.
    """

    texts: Mapping[int, str]
    widths: Mapping[int, float]
    default_width: float
    new_codes: dict[tuple[int, str], int] = field(default_factory=dict)

    @cached_property
    def first_new_code(self) -> int:
        return max((0, *self.texts, *self.widths)) + 1

    def get_width(self, code: int) -> float:
        return self.widths.get(code, self.default_width)

    def get_code(self, code: int, text: str) -> int:
        """Return a code with the glyph of ``code`` and with this text."""
        if self.texts.get(code) == text:
            return code
        next_code = self.first_new_code + len(self.new_codes)
        return self.new_codes.setdefault((code, text), next_code)


class SelectedFont(NamedTuple):
    """A font in a size, and the operators that select it."""

    font: Font
    size: float
    operators: bytes


class Glyph(NamedTuple):
    """A character code with the place of its glyph on the page, in points.

    ``end`` is where the next glyph would be.
    """

    code: int
    x: float
    y: float
    end: float


class Cluster(NamedTuple):
    """Glyphs that have one text together, usually a syllable.

    ``slot`` is the index in the rewritten content where the cluster begins.
    """

    text: str
    font: SelectedFont
    glyphs: list[Glyph]
    slot: int


def read_clusters(
    match: re.Match[bytes], fonts: Mapping[bytes, Font], slot: int
) -> list[Cluster]:
    """Return the clusters of a match of ``TEXT``; none if it is not understood.

    ``fonts`` are the fonts of the page by name.
    """
    clusters: list[Cluster] = []
    parts, position = match["parts"], 0
    left, top = float(match["x"]), float(match["y"])
    while position < len(parts):
        part = _PART.match(parts, position)
        if not part or part["name"] not in fonts:
            return []
        position = part.end()
        font = SelectedFont(fonts[part["name"]], float(part["size"]), part["operators"])
        place = left + float(part["x"]), top - float(part["y"])
        glyphs = list(_read_glyphs(part, font, *place))
        if part["text"] is None:
            pieces = [(font.font.texts.get(glyph.code), [glyph]) for glyph in glyphs]
        else:
            text = bytes.fromhex(part["text"].decode()).decode("utf-16-be")
            pieces = [(text, glyphs)]
        if not all(text and glyphs for text, glyphs in pieces):
            return []
        clusters += [Cluster(text, font, glyphs, slot) for text, glyphs in pieces]
    return clusters


def _read_glyphs(
    part: re.Match[bytes], font: SelectedFont, x: float, y: float
) -> Iterator[Glyph]:
    """Yield the glyphs of a part that starts at this place of the page."""
    scale = font.size / 1000
    for shown in _SHOWN.finditer(part["shown"]):
        if shown["number"]:
            x -= float(shown["number"]) * scale
            continue
        for code in _read_codes(shown["string"]):
            end = x + font.font.get_width(code) * scale
            yield Glyph(code, x, y, end)
            x = end


def _read_codes(string: bytes) -> Iterable[int]:
    """Return the character codes of a PDF string, two bytes each."""
    if string.startswith(b"<"):
        codes = bytes.fromhex(string[1:-1].decode())
    else:
        codes = _ESCAPE.sub(_unescape, string[1:-1])
    return (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))


def _unescape(match: re.Match[bytes]) -> bytes:
    char = match[1]
    return bytes([int(char, 8)]) if char[0] in b"01234567" else _ESCAPED.get(char, char)
