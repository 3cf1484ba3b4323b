"""Put a span with its text around each word of some scripts, in a PDF page by typst.

typst writes a syllable in several texts if the heights of its glyphs differ, and each
has the text of the whole syllable. Viewers then extract the syllable more than once, or
with spaces in it, and do not find the word. Here all glyphs of a word are put into one
marked-content span whose ``/ActualText`` is the word. The glyphs stay where they are.

PDFium and Poppler still use the places of glyphs: to put spaces between spans, and
PDFium to sort them. The order of the glyphs in a span takes account of that. For
viewers that ignore ``/ActualText``, each glyph also has a part of the word as its text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from icu4py.breakers import LineBreaker

from portal.website.printing.page_texts import (
    TEXT,
    Cluster,
    Font,
    Glyph,
    SelectedFont,
    read_clusters,
)

# Thai and Lao, Burmese and its extensions, Khmer and its symbols.
_SCRIPTS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff\u19e0-\u19ff]"
)
_ZERO_WIDTH_SPACE = "\u200b"
# What is between two texts of one block of the page.
_SAME_BLOCK = re.compile(rb"(?:EMC\n?/\w+<</MCID \d+>>BDC\n?)?")
_SEQUENCE = re.compile(rb"/MCID (\d+)>>BDC|/Artifact")
# In font sizes: texts on one line differ less in height. Lines are 1.2 apart or more.
_SAME_LINE = 0.9
# In font sizes: no viewer takes a gap that is smaller for a space.
_SMALL_GAP = 0.05
# In points: places that differ less are the same.
_TOLERANCE = 0.001
# In points, and too little to be seen: a mark at the end of a word is moved to the left
# by this, so that it is not sorted after the start of the next word.
_SHIFT = 0.01


# Glyphs of one font and height, which one operator shows.
_String = tuple[SelectedFont, list[Glyph]]


@dataclass
class _Line:
    """Texts of one colour and one structure element on one line.

    ``texts`` has the original content by the index in the output.
    """

    paint: bytes = b""
    texts: dict[int, bytes] = field(default_factory=dict)
    clusters: list[Cluster] = field(default_factory=list)


def needs_spans(text: str) -> bool:
    """Return True if ``text`` has Thai, Lao, Khmer or Burmese characters."""
    return _SCRIPTS.search(text) is not None


def span_words(
    content: bytes, fonts: Mapping[bytes, Font], parents: Sequence[int]
) -> bytes:
    """Return the content of a page with a span around each word of lines that need it.

    ``fonts`` are the fonts of the page by name; ``parents`` has the id of the structure
    element for each marked-content sequence (MCID). A word that is in several sequences
    of one element is moved to the first of them.
    """
    output: list[bytes] = []
    line = _Line()
    position, parent = 0, None
    for match in TEXT.finditer(content):
        between = content[position : match.start()]
        position = match.end()
        output += [between, b""]
        previous_parent = parent
        for sequence in _SEQUENCE.finditer(between):
            mcid = sequence[1]
            parent = parents[int(mcid)] if mcid and parents else None
        slot = len(output) - 1
        clusters = read_clusters(match, fonts, slot)
        is_same_block = parent == previous_parent and _SAME_BLOCK.fullmatch(between)
        if not is_same_block or not _is_same_line(line, match["paint"], clusters):
            _write_line(line, output)
            line = _Line(match["paint"])
        line.texts[slot] = match[0]
        _append_clusters(line.clusters, clusters)
    _write_line(line, output)
    return b"".join([*output, content[position:]])


def _is_same_line(line: _Line, paint: bytes, clusters: list[Cluster]) -> bool:
    """Return True if ``clusters`` continue the line in the same colour."""
    if not line.clusters or not clusters or line.paint != paint:
        return False
    before, after = line.clusters[-1], clusters[0]
    height = abs(before.glyphs[0].y - after.glyphs[0].y)
    return height < before.font.size * _SAME_LINE


def _append_clusters(line: list[Cluster], clusters: list[Cluster]) -> None:
    """Append ``clusters``; the first may be the rest of the last one of ``line``.

    A syllable that occurs twice begins again with its first glyph; the rest of a
    syllable does not.
    """
    if line and clusters:
        before, after = line[-1], clusters[0]
        is_same = (before.text, before.font) == (after.text, after.font)
        if is_same and before.glyphs[0].code != after.glyphs[0].code:
            before.glyphs.extend(after.glyphs)
            clusters = clusters[1:]
    line.extend(clusters)


def _write_line(line: _Line, output: list[bytes]) -> None:
    """Write the line into ``output``: in words if it needs spans, else as it was.

    A word is written where its first cluster was.
    """
    text = "".join(cluster.text for cluster in line.clusters)
    if needs_spans(text):
        for word in _split_words(line.clusters, text):
            output[word[0].slot] += _build_span(word, line.paint)
    else:
        for slot, original in line.texts.items():
            output[slot] = original


def _split_words(clusters: list[Cluster], text: str) -> Iterator[list[Cluster]]:
    """Yield the clusters of each word, with the space after it.

    A word ends where a line may break or the font changes.
    """
    breaks, end = set(), 0
    for segment in LineBreaker(text, "en"):
        end += len(segment)
        breaks.add(end)
    word: list[Cluster] = []
    end = 0
    for cluster, following in zip_longest(clusters, clusters[1:]):
        word.append(cluster)
        end += len(cluster.text)
        is_end = end in breaks or (
            following and following.font != cluster.font and following.text.strip()
        )
        if not following or (is_end and _can_separate(word, following)):
            yield word
            word = []


def _can_separate(word: list[Cluster], following: Cluster) -> bool:
    """Return True if PDFium reads the word and the following cluster in this order.

    It sorts the strings of a line from left to right, so no mark may be beyond the
    start of its own word or of the next, unless there is a space between the two.
    """
    if word[-1].text.endswith(" "):
        return True
    start, next_start = word[0].glyphs[0].x, following.glyphs[0].x
    places = [glyph.x for cluster in word for glyph in cluster.glyphs]
    return (
        min(places) >= start - _SHIFT
        and max(places) <= next_start + _SHIFT
        and min(glyph.x for glyph in following.glyphs) >= next_start - _SHIFT
    )


def _build_span(word: list[Cluster], paint: bytes) -> bytes:
    """Return the content that shows the glyphs of a word, with its text."""
    text = "".join(cluster.text for cluster in word).replace(_ZERO_WIDTH_SPACE, "")
    first = word[0].glyphs[0]
    end = max(glyph.end for cluster in word for glyph in cluster.glyphs)
    strings = _arrange_glyphs(word, end)
    spacing = end - strings[-1][1][-1].end
    operators = []
    for index, (font, glyphs) in enumerate(_distribute_text(strings, text)):
        if index == 0 or font != strings[index - 1][0]:
            operators.append(font.operators.decode())
        if index == len(strings) - 1 and spacing > _TOLERANCE:
            operators.append(f"{_format(spacing)} Tc")
        x = glyphs[0].x
        if index > 0 and abs(end - x) <= _SHIFT:
            x = end - _SHIFT
        place = f"{_format(x - first.x)} {_format(first.y - glyphs[0].y)}"
        operators.append(f"1 0 0 -1 {place} Tm[{_build_string(glyphs, font)}]TJ")
    if spacing > _TOLERANCE:
        operators.append("0 Tc")
    return (
        b"q 1 0 0 -1 %s %s cm%s\nBT/Span<</ActualText<FEFF%s>>>BDC %s\nEMC\nET\nQ\n"
        % (
            _format(first.x).encode(),
            _format(first.y).encode(),
            paint,
            text.encode("utf-16-be").hex().upper().encode(),
            " ".join(operators).encode(),
        )
    )


def _arrange_glyphs(word: list[Cluster], end: float) -> list[_String]:
    """Return the glyphs of a word as strings of one height, each with its font.

    PDFium puts a space between two spans if the first string of one does not end where
    the other begins. So the first string has all glyphs on the base line up to the one
    at the ``end`` of the word. Poppler does the same if the last glyph does not end
    there. Then that glyph is a string of its own, so that it can be given a width.
    """
    rows: dict[tuple[SelectedFont, float], list[Glyph]] = {}
    for cluster in word:
        for glyph in cluster.glyphs:
            rows.setdefault((cluster.font, round(glyph.y, 3)), []).append(glyph)
    strings = [(font, row) for (font, _y), row in rows.items()]
    font, base = strings[0]
    length = 1 + max(range(len(base)), key=lambda index: base[index].end)
    if base[length - 1].end - base[-1].end > font.size * _SMALL_GAP:
        strings[:1] = [(font, base[:length]), (font, base[length:])]
    font, row = strings[-1]
    if len(row) > 1 and end - row[-1].end > _TOLERANCE:
        strings[-1:] = [(font, row[:-1]), (font, row[-1:])]
    return strings


def _distribute_text(strings: list[_String], text: str) -> Iterator[_String]:
    """Yield ``strings`` with codes whose texts together are ``text``.

    Viewers that ignore ``/ActualText`` read the text of each code. A glyph for which
    there is no character has a zero width space.
    """
    count = sum(len(glyphs) for _font, glyphs in strings)
    bounds = pairwise(index * len(text) // count for index in range(count + 1))
    for font, glyphs in strings:
        row = []
        for glyph, (start, end) in zip(glyphs, bounds, strict=False):
            piece = text[start:end] or _ZERO_WIDTH_SPACE
            row.append(glyph._replace(code=font.font.get_code(glyph.code, piece)))
        yield font, row


def _build_string(glyphs: list[Glyph], font: SelectedFont) -> str:
    """Return the codes of glyphs of one height, with the adjustments between them."""
    scale = font.size / 1000
    string, x = "<", glyphs[0].x
    for glyph in glyphs:
        if abs(glyph.x - x) > _TOLERANCE:
            string += f">{_format((x - glyph.x) / scale)}<"
        string += f"{glyph.code:04X}"
        x = glyph.end
    return f"{string}>"


def _format(number: float) -> str:
    """Return a number as PDF writes it: without an exponent."""
    return f"{round(number, 3) or 0:.3f}".rstrip("0").rstrip(".")
