"""Prepare texts for typesetting and cut them where the script allows it."""

import re
import unicodedata
from collections.abc import Iterator

from icu4py.breakers import CharacterBreaker, LineBreaker

# Direction control characters would change the direction of the rest of the page.
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_DIRECTION_CONTROLS = re.compile(f"[{_DIRECTIONS}\ufeff\ufff9-\ufffb]")
_SPACES = re.compile("[\t\n\v\f\r \x85\u2028\u2029]+")
_EXCLUDED_CATEGORIES = {"Cc", "Cs"}
# A longer cluster is not real text but stacked combining marks.
_MAX_CLUSTER_LENGTH = 32
_MAX_COMBINING_MARKS = 30
_MAX_PART_CLUSTERS = 24
_ZERO_WIDTH_SPACE = "\u200b"
# A long word without a possible line break. typst breaks URLs itself; a SHA-256 hash
# (64 characters) is not broken.
_LONG_WORD_PATTERN = re.compile("(?<![^\\s])(?!https?://)[!-\u024f]{70,}")


def prepare_text(text: str) -> str:
    """Prepare text for typesetting.

    Collapses white space, removes control and direction characters, limits combining
    marks to 30 per character (UAX 15, stream-safe text), since more take minutes to
    typeset, and allows line breaks within words of 70 or more characters.
    """
    text = _DIRECTION_CONTROLS.sub("", _SPACES.sub(" ", text))
    text = "".join(_limit_combining_marks(text))
    return _LONG_WORD_PATTERN.sub(lambda match: _ZERO_WIDTH_SPACE.join(match[0]), text)


def _limit_combining_marks(text: str) -> Iterator[str]:
    """Yield the characters of ``text`` that can be typeset.

    Left out are control characters, surrogates and excess combining marks.
    """
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else 0
        if category not in _EXCLUDED_CATEGORIES and marks <= _MAX_COMBINING_MARKS:
            yield char


def take_clusters(text: str, width: int) -> list[str]:
    """Return the grapheme clusters from the start of ``text`` that fit into ``width``.

    A wide (Chinese) character takes 3 units, any other cluster 1.
    """
    clusters = []
    # Limits the work on very long texts.
    for cluster in CharacterBreaker(text[: width * _MAX_CLUSTER_LENGTH], "en"):
        width -= 3 if unicodedata.east_asian_width(cluster[0]) in "WF" else 1
        if width < 0:
            break
        clusters.append(cluster[:_MAX_CLUSTER_LENGTH])
    return clusters


def breakable_parts(text: str, width: int) -> tuple[list[str], bool]:
    """Return ``text`` in pieces after which it may be cut.

    The second value is True if ``text`` was longer than ``width`` and has been cut. A
    piece ends where a line may break; a piece too long for a line is split into
    grapheme clusters. All pieces together take at most ``width`` units (see
    :func:`take_clusters`).
    """
    truncated = "".join(take_clusters(text, width))
    is_cut = truncated != text
    segments = list(LineBreaker(truncated, "en"))
    if is_cut and len(segments) > 1:
        segments.pop()
    parts = []
    for segment in segments:
        clusters = take_clusters(segment, width)
        is_long = len(clusters) > _MAX_PART_CLUSTERS
        parts += (
            [f"{cluster}{_ZERO_WIDTH_SPACE}" for cluster in clusters]
            if is_long
            else [segment]
        )
    return parts, is_cut
