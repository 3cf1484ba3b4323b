"""Detection of the code page of a CSV file from its bytes.

A CSV file does not declare its code page, and the same bytes can be valid text in
several: the name 陳大文 in Big5 is ``朝…ゅ`` in GB18030. Readings that no office
program produces are excluded, the others are ranked by plausibility, and the user is
asked if the ranking does not decide.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.spreadsheets.encoding_likelihood import (
    ascii_cost,
    chinese_cost,
    latin_cost,
    thai_cost,
    vietnamese_cost,
)
from portal.content.spreadsheets.questions import (
    CODE_PAGE,
    Answers,
    NeedsAnswer,
    Option,
    Question,
)
from portal.content.spreadsheets.sheet import LOST_CHARACTER, UnreadableSpreadsheetError

# Sample sizes in bytes, of cells with non-ASCII bytes; the larger sample is used if the
# smaller one does not decide clearly.
_SAMPLES = (4 * 1024, 64 * 1024)
# Minimum distance in bits between the best and the next reading.
_MARGIN = 10
# Bits by which a text may exceed its limit: a short text may be a rare name.
_SHORT_TEXT = 30
# Bits in favour of UTF-8: text in another code page is hardly ever valid UTF-8.
_UTF8_BONUS = 8
_SAMPLE_LENGTH = 60

# A few three-byte characters may be a name in another code page, eight are UTF-8.
_EIGHT_THREE_BYTE_CHARACTERS = re.compile(
    "(?:[^\u0800-\U0010ffff]*[\u0800-\U0010ffff]){8}"
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(0x80))
# Length in bytes of the context of a non-ASCII byte. The cell separators are never part
# of a multi-byte character in any of the code pages.
_CONTEXT = 40
_CELL_START = re.compile(rb'[^,;\t\r\n"]*\Z')
_CELL_END = re.compile(rb'[,;\t\r\n"]|[\x00-\x7f]{40}')
# Maximum number of cells that are searched for a sample.
_MAX_PIECES = 50_000
# Minimum number of non-ASCII bytes with which the small sample may decide.
_MIN_EVIDENCE = 200
# Characters that no office program writes as text. UTF-8 text may contain U+0085, a
# line separator that the other code pages do not have.
_CONTROLS = re.compile("[\0\x80-\x9f]")
_CONTROLS_OF_UTF8 = re.compile("[\0\x80-\x84\x86-\x9f]")
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# High bytes of the UTF-16 code units that are not in a private-use area.
_NOT_PRIVATE = bytes(range(0xDB)) + bytes(range(0xDC, 0xE0)) + bytes(range(0xF9, 0x100))


@dataclass(frozen=True)
class CodePage:
    """Code page with the codecs that decode it, tried in order.

    ``value`` is stored as the answer to the code page question. ``cost`` returns the
    implausibility of a text in bits; an office text costs at most ``limit`` bits per
    non-ASCII character. ``rarity`` is the additional cost in bits of files in this code
    page compared with GB18030.
    """

    value: str
    name: Promise
    codecs: tuple[str, ...]
    cost: Callable[[str], float]
    limit: float
    rarity: float = 0

    def decode(self, content: bytes, *, is_cut: bool = False) -> str | None:
        """Return ``content`` as text, None if it is invalid in this code page.

        With ``is_cut`` the last character may be incomplete.
        """
        for codec in self.codecs:
            try:
                if is_cut:
                    text = codecs.getincrementaldecoder(codec)().decode(content)
                else:
                    text = content.decode(codec)
            except UnicodeDecodeError:
                continue
            return self._normalize(text)
        return None

    def has_lost(self, text: str) -> bool:
        """Return whether ``text`` contains U+FFFD, outside UTF-8 a sign of an error.

        In UTF-8 the character can be part of the text itself.
        """
        return self is not _UTF8 and LOST_CHARACTER in text

    def has_controls(self, text: str) -> bool:
        """Return whether ``text`` has control characters no office program writes."""
        pattern = _CONTROLS_OF_UTF8 if self is _UTF8 else _CONTROLS
        return bool(pattern.search(text))

    def _normalize(self, text: str) -> str:
        # Windows-1258 encodes tone marks as separate combining characters.
        return unicodedata.normalize("NFC", text) if self.value == "cp1258" else text


@dataclass
class Reading:
    """Sample of a file, decoded with one code page.

    ``headings`` is the number of known headings found. ``has_twin`` is True if another
    code page decodes the sample to the same text.
    """

    page: CodePage
    text: str
    cost: float
    headings: int = 0
    has_twin: bool = False

    @property
    def is_plausible(self) -> bool:
        size = sum(sign > "\x7f" for sign in self.text)
        cost = self.cost - ascii_cost(self.text)
        return cost <= self.page.limit * size + _SHORT_TEXT


@dataclass(frozen=True)
class Decoded:
    """Text of a file and the sentence that tells the user its encoding."""

    text: str
    decision: str


def _any_latin_cost(text: str) -> float:
    return min(latin_cost(text), vietnamese_cost(text))


def _any_cost(text: str) -> float:
    return min(_any_latin_cost(text), chinese_cost(text), thai_cost(text))


_UTF8 = CodePage(
    "utf-8", gettext_lazy("UTF-8"), ("utf-8-sig",), _any_cost, 14, -_UTF8_BONUS
)
_UTF16 = gettext_lazy("UTF-16")
_GB18030 = gettext_lazy("GB18030 (Simplified Chinese)")
_BIG5 = gettext_lazy("Big5 (Traditional Chinese)")
_LATIN = gettext_lazy("Windows-1252 (Western European)")
_VIETNAMESE = gettext_lazy("Windows-1258 (Vietnamese)")
_THAI = gettext_lazy("Windows-874 (Thai)")
# The first of several equal readings is reported. The Big5 variants of Taiwan and Hong
# Kong differ in punctuation; the one that Windows writes is tried first.
_CODE_PAGES = (
    _UTF8,
    CodePage("gb18030", _GB18030, ("gb18030",), chinese_cost, 14),
    CodePage("big5", _BIG5, ("cp950", "big5hkscs", "big5"), chinese_cost, 14, 2),
    CodePage("cp1252", _LATIN, ("cp1252",), _any_latin_cost, 9, 5),
    CodePage("cp1258", _VIETNAMESE, ("cp1258",), vietnamese_cost, 9, 5),
    CodePage("cp874", _THAI, ("cp874",), thai_cost, 9, 5),
)


def decode(
    content: bytes, count_headings: Callable[[str], int], answers: Answers
) -> Decoded:
    """Return the text of a CSV file.

    ``count_headings`` returns the number of known headings at the start of a text.
    Raises UnreadableSpreadsheetError, and NeedsAnswer if two code pages fit.
    """
    decoded = _decode_unicode(content) or _decode_as_answered(content, answers)
    if decoded:
        return decoded
    return _decode_most_plausible(content, count_headings, _CODE_PAGES)


def _decode_unicode(content: bytes) -> Decoded | None:
    """Return the text if it is certainly Unicode, None if it is undecided."""
    text = None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, name = _try_decode(content, "utf-16"), _UTF16
    elif b"\0" in content:
        text, name = _decode_utf16_without_bom(content), _UTF16
    elif (utf8_text := _try_decode(content, "utf-8-sig")) is not None:
        is_marked = content.startswith(codecs.BOM_UTF8)
        if not (
            is_marked
            or content.isascii()
            or _EIGHT_THREE_BYTE_CHARACTERS.match(utf8_text)
        ):
            return None
        text, name = utf8_text, _UTF8.name
    elif not content.startswith(codecs.BOM_UTF8):
        return None
    if text is None:
        raise _unknown_encoding_error()
    return Decoded(text, _decision(name))


def _try_decode(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _decode_utf16_without_bom(content: bytes) -> str | None:
    """Decode UTF-16 without a byte order mark.

    Of the two byte orders the one with more separators and line ends is chosen; None if
    neither contains any.
    """
    texts = [_try_decode(content, codec) for codec in ("utf-16-le", "utf-16-be")]
    texts = [text for text in texts if text and not _CONTROLS.search(text)]
    best = max(texts, key=_count_ascii, default="")
    return best if _count_ascii(best) else None


def _count_ascii(text: str) -> int:
    return sum(map(text.count, ",;\t\r\n"))


def _decode_as_answered(content: bytes, answers: Answers) -> Decoded | None:
    for page in _CODE_PAGES:
        if page.value == answers.get(CODE_PAGE):
            text = page.decode(content)
            if text is not None and not page.has_lost(text):
                return _build_result(page, text)
    return None


def _build_result(page: CodePage, text: str) -> Decoded:
    return Decoded(text.removeprefix("\ufeff"), _decision(page.name))


def has_private_characters(text: str) -> bool:
    """Return whether ``text`` has private-use characters.

    Fast for long texts without such characters.
    """
    # Several times faster than the regular expression.
    high = text.encode("utf-16-le")[1::2].translate(None, _NOT_PRIVATE)
    return bool(high) and bool(PRIVATE.search(text))


def _decision(name: Promise) -> str:
    return _("The file was read with the encoding %(code_page)s.") % {"code_page": name}


def _decode_most_plausible(content, count_headings, pages) -> Decoded:
    """Return the text in the code page that fits best.

    Raises NeedsAnswer if two code pages fit about equally well.
    """
    ranked: list[Reading] = []
    for size in _SAMPLES:
        sample = _sample(content, size)
        ranked = _rank_readings(sample, len(sample) >= size, pages)
        if _is_clear(ranked, sample):
            break
    ranked = _filter_by_headings(ranked, content, count_headings)
    if not ranked:
        raise _unknown_encoding_error()
    best = ranked[0]
    candidates = [
        reading
        for reading in ranked
        if reading.headings == best.headings
        # Text in another code page is hardly ever valid UTF-8, so the UTF-8 reading is
        # always offered to the user, whatever its cost.
        and (reading.cost - best.cost < _MARGIN or reading.page is _UTF8)
    ]
    texts = {reading.page: reading.page.decode(content) for reading in candidates}
    candidates = [
        reading
        for reading in candidates
        if texts[reading.page] is not None
        and not reading.page.has_lost(texts[reading.page])
    ]
    if not candidates:
        raise _unknown_encoding_error()
    candidates = [
        reading for reading in candidates if not has_private_characters(reading.text)
    ] or candidates[:1]
    if len(candidates) > 1:
        raise NeedsAnswer([_question(candidates)])
    return _build_result(candidates[0].page, texts[candidates[0].page])


def _rank_readings(sample: bytes, is_cut: bool, pages) -> list[Reading]:
    """Decode the sample with each code page; return the most plausible text first.

    Readings with the same text are returned once.
    """
    readings: dict[str, Reading] = {}
    for page in pages:
        text = page.decode(sample, is_cut=is_cut)
        if text is None or page.has_lost(text) or page.has_controls(text):
            continue
        reading = Reading(page, text, page.cost(text) + page.rarity)
        same_text = readings.setdefault(text, reading)
        same_text.has_twin = reading.has_twin = same_text is not reading
        if reading.cost < same_text.cost:
            readings[text] = reading
    return sorted(readings.values(), key=lambda reading: reading.cost)


def _filter_by_headings(ranked, content, count_headings) -> list[Reading]:
    """Return the readings with the largest number of known headings.

    Returns [] if the headings do not decide and the best reading is not plausible.
    """
    beginning = content[: _SAMPLES[0] * 4]
    if len(ranked) > 1:
        for reading in ranked:
            text = reading.page.decode(beginning, is_cut=True)
            reading.headings = count_headings(text) if text is not None else 0
    max_headings = max((reading.headings for reading in ranked), default=0)
    best_readings = [reading for reading in ranked if reading.headings == max_headings]
    if len(best_readings) == 1 and len(ranked) > 1:
        return best_readings
    if best_readings and not best_readings[0].is_plausible:
        return []
    return best_readings


def _sample(content: bytes, size: int) -> bytes:
    """Return different cells with non-ASCII bytes, up to ``size`` bytes."""
    pieces: dict[bytes, None] = {}
    length = 0
    for piece in islice(_pieces(content), _MAX_PIECES):
        if piece not in pieces:
            pieces[piece[: size - length]] = None
            length += len(piece)
        if length >= size:
            break
    return b"".join(pieces)


def _pieces(content: bytes) -> Iterator[bytes]:
    """Yield cells with non-ASCII bytes, one per line, with long ASCII texts cut.

    Each piece begins and ends at a character boundary in all of the code pages.
    """
    position = 0
    while match := _NOT_ASCII.search(content, position):
        before = content[max(position, match.start() - _CONTEXT) : match.start()]
        start = match.start() - len(_CELL_START.search(before)[0])
        end = _CELL_END.search(content, match.end())
        position = end.end() if end else len(content)
        yield content[start:position] + b"\n"


def _is_clear(ranked: list[Reading], sample: bytes) -> bool:
    """Return whether the sample is sufficient to choose the first reading."""
    evidence = len(sample.translate(None, _ASCII))
    if evidence < _MIN_EVIDENCE or any(reading.has_twin for reading in ranked[:1]):
        return False
    return len(ranked) < 2 or ranked[1].cost - ranked[0].cost > 10 * _MARGIN


def _question(readings: list[Reading]) -> Question:
    cells = {reading.page: _cells(reading.text) for reading in readings}
    return Question(
        CODE_PAGE,
        _(
            "The file can be read in more than one encoding. Choose "
            "the encoding in which the names are correct."
        ),
        tuple(
            Option(
                reading.page.value,
                _("%(code_page)s: %(sample)s")
                % {"code_page": reading.page.name, "sample": cells[reading.page]},
            )
            for reading in readings
        ),
        is_about_file=True,
    )


def _cells(text: str) -> str:
    """Return a few different cells of ``text`` with non-ASCII characters."""
    cells = re.split(r'[,;\t\r\n"]+', text[: 50 * _SAMPLE_LENGTH])
    samples = dict.fromkeys(cell.strip() for cell in cells if not cell.isascii())
    return " | ".join(samples)[:_SAMPLE_LENGTH]


def _unknown_encoding_error() -> UnreadableSpreadsheetError:
    names = ", ".join(str(page.name) for page in _CODE_PAGES)
    return UnreadableSpreadsheetError(
        _(
            "The file is not xlsx, and its text encoding was not "
            "recognised. Accepted encodings: %(code_pages)s. Save the "
            "file as xlsx."
        )
        % {"code_pages": f"{names}, {_UTF16}"}
    )
