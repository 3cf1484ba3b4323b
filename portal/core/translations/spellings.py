"""One spelling for texts that look the same, in Thai, Lao, Khmer and Burmese.

A syllable of these scripts is a letter with signs around it. Signs that are typed in
another order, twice, or as their parts are often displayed alike, and some letters have
a look-alike. :func:`unify_spellings` orders the signs of each syllable and replaces the
look-alikes. Its result is for comparison only; it may not be a correct spelling.

The rules are from these sources:

- Thai and Lao: the rules of ``pythainlp.util.normalize`` (PyThaiNLP 5.4.0).
- Khmer: "Khmer Encoding Structure" (Unicode document L2/22-290) with its program
  ``khnormal`` of SIL, and the character filter ``khmer_syll_reorder`` of Wikimedia.
- Burmese: the order of signs of Unicode Technical Note 11, version 4, and the rules for
  digits and letters of CLDR's transform Zawgyi-my.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

# Tone marks and vowels of Thai in the order of their positions in a syllable: vowels
# above and below, tones, other signs above, vowels behind.
_THAI_SIGNS = (
    "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e3a\u0e38\u0e39\u0e4d"
    "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4e\u0e32\u0e33\u0e30"
)
_LAO_SIGNS = (
    "\u0ebc\u0eb1\u0eb4\u0eb5\u0eb6\u0eb7\u0ebb\u0eba\u0eb8\u0eb9\u0ecd"
    "\u0ec8\u0ec9\u0eca\u0ecb\u0ecc\u0ece\u0eb2\u0eb3\u0eb0"
)
# Robat, register shifters, vowels in front, below, above and behind, signs above, signs
# behind. Subscript letters come after the robat.
_KHMER_ROBAT = "\u17cc"
_KHMER_SIGNS = (
    "\u17c9\u17ca\u17be\u17bf\u17c0\u17c1\u17c2\u17c3\u17c4\u17c5\u17bb\u17bc\u17bd"
    "\u17b7\u17b8\u17b9\u17ba\u17b6\u17c6\u17cb\u17cd\u17ce\u17cf\u17d0\u17d1\u17c7\u17c8"
)
# Medial letters, vowels in front, above, below and behind, anusvara, dot below, asat,
# visarga. The note has the asat before the medials in a few words; here it is always
# behind the dot below, where Unicode's canonical order puts it.
_BURMESE_SIGNS = (
    "\u103b\u103c\u103d\u103e\u1031\u102d\u102e\u102f\u1030\u102b\u102c\u1032\u1036"
    "\u1037\u103a\u1038"
)
_COENG, _VIRAMA = "\u17d2", "\u1039"
_COENG_RO, _COENG_DA, _COENG_TA = "\u17d2\u179a", "\u17d2\u178a", "\u17d2\u178f"
_KHMER_LETTERS = "\u1780-\u17b3"
_BURMESE_LETTERS = "\u1000-\u102a\u103f"

# Runs of signs, and the units in them that keep together: subscript letters, and the
# asat in front of one that makes it a kinzi.
_KHMER_UNIT = re.compile(f"{_COENG}[{_KHMER_LETTERS}]|[{_KHMER_ROBAT}{_KHMER_SIGNS}]")
_BURMESE_UNIT = re.compile(f"\u103a?{_VIRAMA}[{_BURMESE_LETTERS}]|[{_BURMESE_SIGNS}]")
_THAI_RUN = re.compile(f"[{_THAI_SIGNS}]{{2,}}")
_LAO_RUN = re.compile(f"[{_LAO_SIGNS}]{{2,}}")
_KHMER_RUN = re.compile(f"(?:{_KHMER_UNIT.pattern}){{2,}}")
_BURMESE_RUN = re.compile(f"(?:{_BURMESE_UNIT.pattern}){{2,}}")
# Number of characters of a run up to which its order is cached.
_MAX_CACHED = 12

_THAI_OR_LAO = re.compile("[\u0e00-\u0eff]")
_KHMER = re.compile("[\u1780-\u17ff]")
_BURMESE = re.compile("[\u1000-\u104f]")
# A subscript sign without a letter to which it belongs. It has no form of its own.
_DANGLING = re.compile(
    f"{_COENG}(?![{_KHMER_LETTERS}])|{_VIRAMA}(?![{_BURMESE_LETTERS}])"
)
# SARA AE typed as two letters, LAKKHANGYAO for SARA AA, Lao digraphs.
_THAI_LOOK_ALIKES = (
    ("\u0e40\u0e40", "\u0e41"),
    ("\u0ec0\u0ec0", "\u0ec1"),
    ("\u0e45", "\u0e32"),
    ("\u0edc", "\u0eab\u0e99"),
    ("\u0edd", "\u0eab\u0ea1"),
)
# Deprecated and variant letters and signs; the vowel OO TYPE TWO.
_KHMER_LOOK_ALIKES = str.maketrans(
    {
        "\u17a3": "\u17a2",
        "\u17a4": "\u17a2\u17b6",
        "\u17a8": "\u17a7\u1780",
        "\u17b2": "\u17b1",
        "\u17d3": "\u17c6",
        "\u17d8": "\u17d4\u179b\u17d4",
        "\u17dd": "\u17d1",
    }
)
# Vowels that are typed as the two parts of which they seem to consist.
_KHMER_SPLIT_VOWELS = (
    (frozenset("\u17c1\u17b8"), "\u17be"),
    (frozenset("\u17c1\u17b6"), "\u17c4"),
)
# Vowels above the letter, below which both register shifters look like the vowel U.
_KHMER_VOWELS_ABOVE = frozenset("\u17b7\u17b8\u17b9\u17ba\u17be\u17bf\u17d0\u17d1")
_KHMER_SHIFTERS_AND_U = frozenset("\u17c9\u17ca\u17bb")
# NYA looks like the vowel U. JHA, O and AU are also typed as the signs of which they
# seem to consist.
_BURMESE_LOOK_ALIKES = (
    ("\u1009", "\u1025"),
    ("\u1005\u103b", "\u1008"),
    ("\u101e\u103c", "\u1029"),
    ("\u1029\u1031\u102c\u103a", "\u102a"),
)
_BURMESE_CLOSED = (
    f"[{_BURMESE_LETTERS}](?:\u1037?\u103a|{_VIRAMA})|[{_BURMESE_SIGNS}{_VIRAMA}]"
)
# A digit before a final letter or a sign is the letter that looks like it. A zero is
# also a letter if it is the only digit and touches a letter: ဘ၀ for ဘဝ.
_BURMESE_DIGITS_AS_LETTERS = (
    (re.compile(f"\u1040(?={_BURMESE_CLOSED})"), "\u101d"),
    (re.compile(f"\u1047(?={_BURMESE_CLOSED})"), "\u101b"),
    (re.compile("\u1044(?=\u1004\u103a)"), "\u104e"),
    (
        re.compile(
            f"(?<=[{_BURMESE_LETTERS}{_BURMESE_SIGNS}])\u1040(?![\u1040-\u1049])"
            f"|(?<![\u1040-\u1049])\u1040(?=[{_BURMESE_LETTERS}])"
        ),
        "\u101d",
    ),
)


def unify_spellings(text: str) -> str:
    """Return ``text`` with one spelling for syllables that look the same.

    ``text`` is in NFC and has no invisible characters; the result may have to be
    brought into NFC. The time is linear in the length of ``text``.
    """
    if _BURMESE.search(text):
        for digit, letter in _BURMESE_DIGITS_AS_LETTERS:
            text = digit.sub(letter, text)
    text = _DANGLING.sub("", text)
    for script, unify in _SCRIPTS:
        if script.search(text):
            text = unify(text)
    return text


def _unify_thai_and_lao(text: str) -> str:
    for look_alike, replacement in _THAI_LOOK_ALIKES:
        text = text.replace(look_alike, replacement)
    return _LAO_RUN.sub(_order_lao, _THAI_RUN.sub(_order_thai, text))


def _unify_khmer(text: str) -> str:
    text = text.translate(_KHMER_LOOK_ALIKES).replace(_COENG_DA, _COENG_TA)
    return _KHMER_RUN.sub(_order_khmer, text)


def _unify_burmese(text: str) -> str:
    text = _BURMESE_RUN.sub(_order_burmese, text)
    for look_alike, replacement in _BURMESE_LOOK_ALIKES:
        text = text.replace(look_alike, replacement)
    return text


_SCRIPTS = (
    (_THAI_OR_LAO, _unify_thai_and_lao),
    (_KHMER, _unify_khmer),
    (_BURMESE, _unify_burmese),
)


def _ordering(order: Callable[[str], str]) -> Callable[[re.Match], str]:
    """Return a function for ``re.sub`` that applies ``order`` to the matched signs.

    The same signs occur again and again, so that results for short runs are cached.
    """
    cached_order = lru_cache(maxsize=4096)(order)

    def replace(match: re.Match) -> str:
        run = match[0]
        return cached_order(run) if len(run) <= _MAX_CACHED else order(run)

    return replace


def _in_order(signs: Iterable[str], order: str) -> str:
    """Return the distinct ``signs`` in the order of ``order``."""
    return "".join(sorted(set(signs), key=order.index))


def _order_with_am(signs: set[str], order: str, nikhahit: str, aa: str, am: str) -> str:
    """Return the signs in order, with one sign for NIKHAHIT and SARA AA."""
    if {nikhahit, aa} <= signs:
        signs = signs - {nikhahit, aa} | {am}
    return _in_order(signs, order)


@_ordering
def _order_thai(run: str) -> str:
    return _order_with_am(set(run), _THAI_SIGNS, "\u0e4d", "\u0e32", "\u0e33")


@_ordering
def _order_lao(run: str) -> str:
    return _order_with_am(set(run), _LAO_SIGNS, "\u0ecd", "\u0eb2", "\u0eb3")


@_ordering
def _order_khmer(run: str) -> str:
    units = dict.fromkeys(_KHMER_UNIT.findall(run))
    subscripts = [unit for unit in units if unit[0] == _COENG]
    signs = {unit for unit in units if unit[0] != _COENG}
    for parts, whole in _KHMER_SPLIT_VOWELS:
        if parts <= signs:
            signs = signs - parts | {whole}
    if signs & _KHMER_VOWELS_ABOVE and signs & _KHMER_SHIFTERS_AND_U:
        signs = signs - _KHMER_SHIFTERS_AND_U | {"\u17bb"}
    # The sort is stable: only RO moves behind the other subscript letters.
    subscripts.sort(key=_COENG_RO.__eq__)
    robat = _KHMER_ROBAT if _KHMER_ROBAT in signs else ""
    return robat + "".join(subscripts) + _in_order(signs - {_KHMER_ROBAT}, _KHMER_SIGNS)


@_ordering
def _order_burmese(run: str) -> str:
    units = dict.fromkeys(_BURMESE_UNIT.findall(run))
    subscripts = [unit for unit in units if len(unit) > 1]
    signs = [unit for unit in units if len(unit) == 1]
    return "".join(subscripts) + _in_order(signs, _BURMESE_SIGNS)
