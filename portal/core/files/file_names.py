"""Safe and shortened file names in all scripts, in Unicode normal form NFC."""

import re
import unicodedata

# Maximum length of a name without extension, in characters; the column holds 200.
_MAX_STEM_LENGTH = 150
# Letters and marks that Unicode defines as default-ignorable: they are invisible.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Thai and Lao vowels: AM is written after its consonant, E to AI MAIMALAI before.
_VOWELS_AFTER_CONSONANT = "\u0e33\u0eb3"
_VOWELS_BEFORE_CONSONANT = (
    "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"
)
# Canonical combining class of signs that join the consonants before and after them.
_VIRAMA = 9


def build_download_name(name: str, extension: str) -> str:
    """Return a safe download name made of the stem of ``name`` and ``extension``.

    The extension of ``name`` is dropped. Letters, marks and digits of all scripts,
    ``-``, ``_`` and ``.`` are kept; white space becomes ``_``. Everything else is
    removed: path separators, control, invisible and bidirectional characters, and
    characters that Windows or URLs forbid. If no character is left, the stem is
    ``file``.
    """
    stem = re.sub(
        r"\s+", "_", remove_invisible_characters(name.rsplit(".", 1)[0]).strip()
    )
    stem = "".join(filter(_is_allowed, stem)).lstrip("._")
    while stem and _is_mark(stem[0]):  # A mark needs a letter before it.
        stem = stem[1:].lstrip("._")
    stem = truncate(stem, _MAX_STEM_LENGTH).rstrip("._")
    return f"{stem or 'file'}{extension}"


def shorten_file_name(name: str, length: int) -> str:
    """Return ``name`` in at most ``length`` characters, with its extension.

    Control and invisible characters are removed.
    """
    name = remove_invisible_characters(name)
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) >= length:
        return truncate(name, length)
    return truncate(stem, length - len(dot + extension)) + dot + extension


def remove_invisible_characters(name: str) -> str:
    """Return ``name`` in NFC without control and invisible characters.

    All white space becomes spaces.
    """
    name = _INVISIBLE.sub("", re.sub(r"\s", " ", unicodedata.normalize("NFC", name)))
    cleaned = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    # Characters that are adjacent only now may compose.
    return unicodedata.normalize("NFC", cleaned)


def truncate(text: str, length: int) -> str:
    """Return the first ``length`` characters, or fewer to avoid splitting a syllable.

    A letter keeps its marks and the consonants written below it (Khmer, Burmese).
    """
    end = min(length, len(text))
    while 0 < end < len(text) and _is_within(text, end):
        end -= 1
    return text[:end]


def _is_within(text: str, index: int) -> bool:
    """Return whether a cut before the character at ``index`` splits a syllable."""
    return (
        _is_mark(text[index])
        or text[index] in _VOWELS_AFTER_CONSONANT
        or unicodedata.combining(text[index - 1]) == _VIRAMA
        or text[index - 1] in _VOWELS_BEFORE_CONSONANT
    )


def _is_allowed(character: str) -> bool:
    return character.isalnum() or character in "-_." or _is_mark(character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
