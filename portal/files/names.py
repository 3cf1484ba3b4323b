"""Names of files: in NFC, with every letter and its marks, without what is unsafe."""

import re
import unicodedata

# Longest stem of a download name, in characters; the column holds 200.
_LONGEST_STEM = 150
# Marks and letters that Unicode calls default-ignorable: nothing of them is seen.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Thai and Lao: AM follows its consonant, E to AI MAIMALAI are written before theirs.
_AFTER = "\u0e33\u0eb3"
_BEFORE = "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"
# Canonical combining class of signs that join the next consonant to the one before.
_VIRAMA = 9


def download_name(name: str, ending: str) -> str:
    """Return the name under which a file is offered: ``name`` made safe, ``ending``.

    Letters, marks and digits of all scripts, ``-``, ``_`` and ``.`` stay; white space
    becomes ``_``. Everything else goes: path separators, controls, invisible and
    bidirectional characters, and what Windows or an address forbids. A name with
    nothing left is ``file``.
    """
    stem = re.sub(r"\s+", "_", visible(name.rsplit(".", 1)[0]).strip())
    stem = "".join(filter(_is_kept, stem)).lstrip("._")
    while stem and _is_mark(stem[0]):  # No letter is before it that could carry it.
        stem = stem[1:].lstrip("._")
    stem = cut(stem, _LONGEST_STEM).rstrip("._")
    return f"{stem or 'file'}{ending}"


def shortened(name: str, length: int) -> str:
    """Return the visible characters of ``name``, at most ``length``, and its ending."""
    name = visible(name)
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) >= length:
        return cut(name, length)
    return cut(stem, length - len(dot + ending)) + dot + ending


def visible(name: str) -> str:
    """Return ``name`` in NFC, without controls and invisible characters.

    White space is kept, as spaces.
    """
    name = _INVISIBLE.sub("", re.sub(r"\s", " ", unicodedata.normalize("NFC", name)))
    shown = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    # Two characters may have met that compose.
    return unicodedata.normalize("NFC", shown)


def cut(text: str, length: int) -> str:
    """Return the first ``length`` characters, fewer where a syllable would be split.

    A letter keeps its marks, and the consonants that are written below it (Khmer,
    Burmese).
    """
    end = min(length, len(text))
    while 0 < end < len(text) and _is_within(text, end):
        end -= 1
    return text[:end]


def _is_within(text: str, at: int) -> bool:
    """Whether the place before the character ``at`` is inside a syllable."""
    return (
        _is_mark(text[at])
        or text[at] in _AFTER
        or unicodedata.combining(text[at - 1]) == _VIRAMA
        or text[at - 1] in _BEFORE
    )


def _is_kept(character: str) -> bool:
    return character.isalnum() or character in "-_." or _is_mark(character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
