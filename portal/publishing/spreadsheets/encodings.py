"""Which code page a csv file is written in, decided by its bytes.

A file does not name its code page, and bytes of one are text in another too: the name
陳大文 in Big5 is ``朝…ゅ`` in GB18030. What the office's programs cannot have written
is excluded, the other readings are compared by how plausible they are, and the clerk
is asked where that does not decide.
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

from portal.publishing.spreadsheets.likelihood import (
    ascii_cost,
    chinese_cost,
    latin_cost,
    thai_cost,
    vietnamese_cost,
)
from portal.publishing.spreadsheets.questions import (
    CODE_PAGE,
    Answers,
    NeedsAnswer,
    Option,
    Question,
)
from portal.publishing.spreadsheets.sheets import LOST_CHARACTER, Unreadable

# Of the cells with other bytes than ASCII so many bytes are compared: the few first,
# and more where these do not decide clearly.
_SAMPLES = (4 * 1024, 64 * 1024)
# By so many bits a reading has to be more plausible than the next to be taken.
_MARGIN = 10
# A short text may be a rare name, and cost so many bits more than the limit.
_SHORT_TEXT = 30
# A text in another code page is hardly ever valid UTF-8, so that is likelier by far.
_UTF8_BONUS = 8
_SAMPLE_SHOWN = 60

# A few such characters of UTF-8 may be a name in another code page.
_MANY_THREE_BYTES = re.compile("(?:[^\u0800-\U0010ffff]*[\u0800-\U0010ffff]){8}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(0x80))
# A cell, or 40 bytes of it. The signs that separate cells are no part of a character
# in any code page.
_CONTEXT = 40
_CELL_START = re.compile(rb'[^,;\t\r\n"]*\Z')
_CELL_END = re.compile(rb'[,;\t\r\n"]|[\x00-\x7f]{40}')
# So many cells are looked at for a sample.
_MOST_PIECES = 50_000
# With so many bytes beyond ASCII the few first cells may decide.
_MUCH_EVIDENCE = 200
# What no office program writes as text: controls, lost and private-use characters.
# UTF-8 may have lost characters, which are in the text itself, and the line separator
# U+0085, which other code pages do not have.
_CONTROLS = re.compile("[\0\x80-\x9f]")
_CONTROLS_OF_UTF8 = re.compile("[\0\x80-\x84\x86-\x9f]")
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# The high bytes of UTF-16 units of which none is a private-use character.
_NOT_PRIVATE = bytes(range(0xDB)) + bytes(range(0xDC, 0xE0)) + bytes(range(0xF9, 0x100))


@dataclass(frozen=True)
class CodePage:
    """A code page by the codecs that read it, the first that can.

    ``value`` is kept as the answer to a question. ``cost`` says how implausible a text
    is in it; no text of the office costs more than ``limit`` bits for a character
    beyond ASCII. ``rarity`` is how many bits rarer files in it are than GB18030.
    """

    value: str
    name: Promise
    codecs: tuple[str, ...]
    cost: Callable[[str], float]
    limit: float
    rarity: float = 0

    def decode(self, content: bytes, *, is_cut: bool = False) -> str | None:
        """The text of ``content``, None where it is not in this code page.

        The last character of what ``is_cut`` may be incomplete.
        """
        for codec in self.codecs:
            try:
                if is_cut:
                    text = codecs.getincrementaldecoder(codec)().decode(content)
                else:
                    text = content.decode(codec)
            except UnicodeDecodeError:
                continue
            return self._tidied(text)
        return None

    def has_lost(self, text: str) -> bool:
        return self is not _UTF8 and LOST_CHARACTER in text

    def has_controls(self, text: str) -> bool:
        """Whether ``text`` has controls that no office program writes."""
        pattern = _CONTROLS_OF_UTF8 if self is _UTF8 else _CONTROLS
        return bool(pattern.search(text))

    def _tidied(self, text: str) -> str:
        # The page keeps a tone mark as a character of its own.
        return unicodedata.normalize("NFC", text) if self.value == "cp1258" else text


@dataclass
class Reading:
    """The sample of a file as it reads in one code page.

    ``has_twin``: it reads the same in another one.
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
    """The text of a file, and the sentence that names its code page."""

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
_GB18030 = gettext_lazy("GB18030 (simplified Chinese)")
_BIG5 = gettext_lazy("Big5 (traditional Chinese)")
_LATIN = gettext_lazy("Windows-1252 (Western European)")
_VIETNAMESE = gettext_lazy("Windows-1258 (Vietnamese)")
_THAI = gettext_lazy("Windows-874 (Thai)")
# Of equal readings the first is named. Taiwan's and Hong Kong's Big5 differ in signs
# of punctuation; what Windows writes is tried first.
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
    """The text of a csv file.

    ``count_headings`` says how many known headings a text begins with. Raises
    :class:`Unreadable`, and :class:`NeedsAnswer` where two code pages fit.
    """
    found = _evident(content) or _answered(content, answers)
    if found:
        return found
    return _chosen(content, count_headings, _CODE_PAGES)


def _evident(content: bytes) -> Decoded | None:
    """What is Unicode without doubt, None for what may be anything."""
    text = None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, name = _decoded(content, "utf-16"), _UTF16
    elif b"\0" in content:
        text, name = _utf16_without_mark(content), _UTF16
    elif (utf8 := _decoded(content, "utf-8-sig")) is not None:
        is_marked = content.startswith(codecs.BOM_UTF8)
        if not (is_marked or content.isascii() or _MANY_THREE_BYTES.match(utf8)):
            return None
        text, name = utf8, _UTF8.name
    elif not content.startswith(codecs.BOM_UTF8):
        return None
    if text is None:
        raise _unknown()
    return Decoded(text, _decision(name))


def _decoded(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(content: bytes) -> str | None:
    """Of both orders of bytes that which gives separators and line ends."""
    texts = [_decoded(content, codec) for codec in ("utf-16-le", "utf-16-be")]
    texts = [text for text in texts if text and not _CONTROLS.search(text)]
    best = max(texts, key=_count_ascii, default="")
    return best if _count_ascii(best) else None


def _count_ascii(text: str) -> int:
    return sum(map(text.count, ",;\t\r\n"))


def _answered(content: bytes, answers: Answers) -> Decoded | None:
    for page in _CODE_PAGES:
        if page.value == answers.get(CODE_PAGE):
            text = page.decode(content)
            if text is not None and not page.has_lost(text):
                return _result(page, text)
    return None


def _result(page: CodePage, text: str) -> Decoded:
    return Decoded(text.removeprefix("\ufeff"), _decision(page.name))


def has_private_characters(text: str) -> bool:
    """Whether ``text`` has private-use characters; fast for a long text without."""
    # Several times as fast as the regular expression.
    high = text.encode("utf-16-le")[1::2].translate(None, _NOT_PRIVATE)
    return bool(high) and bool(PRIVATE.search(text))


def _decision(name: Promise) -> str:
    return _("The file was read as %(code_page)s.") % {"code_page": name}


def _chosen(content, count_headings, pages) -> Decoded:
    """The text in the code page that fits best; asks where two fit equally."""
    ranked: list[Reading] = []
    for size in _SAMPLES:
        sample = _sample(content, size)
        ranked = _ranked(sample, len(sample) >= size, pages)
        if _is_clear(ranked, sample):
            break
    ranked = _by_headings(ranked, content, count_headings)
    if not ranked:
        raise _unknown()
    best = ranked[0]
    fitting = [
        one
        for one in ranked
        if one.headings == best.headings
        # Text of another code page is hardly ever valid UTF-8: whatever it costs, the
        # clerk is asked about that reading rather than not shown it.
        and (one.cost - best.cost < _MARGIN or one.page is _UTF8)
    ]
    texts = {one.page: one.page.decode(content) for one in fitting}
    fitting = [
        one
        for one in fitting
        if texts[one.page] is not None and not one.page.has_lost(texts[one.page])
    ]
    if not fitting:
        raise _unknown()
    fitting = [
        one for one in fitting if not has_private_characters(one.text)
    ] or fitting[:1]
    if len(fitting) > 1:
        raise NeedsAnswer([_question(fitting)])
    return _result(fitting[0].page, texts[fitting[0].page])


def _ranked(sample: bytes, is_cut: bool, pages) -> list[Reading]:
    """Different readings of the sample, the most plausible first."""
    readings: dict[str, Reading] = {}
    for page in pages:
        text = page.decode(sample, is_cut=is_cut)
        if text is None or page.has_lost(text) or page.has_controls(text):
            continue
        reading = Reading(page, text, page.cost(text) + page.rarity)
        known = readings.setdefault(text, reading)
        known.has_twin = reading.has_twin = known is not reading
        if reading.cost < known.cost:
            readings[text] = reading
    return sorted(readings.values(), key=lambda one: one.cost)


def _by_headings(ranked, content, count_headings) -> list[Reading]:
    """Only readings with most of the known headings; those that are plausible where
    headings do not decide."""
    top = content[: _SAMPLES[0] * 4]
    if len(ranked) > 1:
        for one in ranked:
            text = one.page.decode(top, is_cut=True)
            one.headings = count_headings(text) if text is not None else 0
    most = max((one.headings for one in ranked), default=0)
    with_most = [one for one in ranked if one.headings == most]
    if len(with_most) == 1 and len(ranked) > 1:
        return with_most
    if with_most and not with_most[0].is_plausible:
        return []
    return with_most


def _sample(content: bytes, size: int) -> bytes:
    """The first different cells with other bytes than ASCII, up to ``size`` bytes."""
    pieces: dict[bytes, None] = {}
    length = 0
    for piece in islice(_pieces(content), _MOST_PIECES):
        if piece not in pieces:
            pieces[piece[: size - length]] = None
            length += len(piece)
        if length >= size:
            break
    return b"".join(pieces)


def _pieces(content: bytes) -> Iterator[bytes]:
    """Cells with bytes beyond ASCII, a line each, without long texts in ASCII.

    Each begins and ends at a character in whatever code page.
    """
    at = 0
    while found := _NOT_ASCII.search(content, at):
        before = content[max(at, found.start() - _CONTEXT) : found.start()]
        start = found.start() - len(_CELL_START.search(before)[0])
        end = _CELL_END.search(content, found.end())
        at = end.end() if end else len(content)
        yield content[start:at] + b"\n"


def _is_clear(ranked: list[Reading], sample: bytes) -> bool:
    """Whether the first reading is so much better that more cells change nothing."""
    evidence = len(sample.translate(None, _ASCII))
    if evidence < _MUCH_EVIDENCE or any(one.has_twin for one in ranked[:1]):
        return False
    return len(ranked) < 2 or ranked[1].cost - ranked[0].cost > 10 * _MARGIN


def _question(readings: list[Reading]) -> Question:
    cells = {one.page: _cells(one.text) for one in readings}
    return Question(
        CODE_PAGE,
        _(
            "The file can be read in more than one encoding. Choose the one in which "
            "the names are correct."
        ),
        tuple(
            Option(
                one.page.value,
                _("%(code_page)s: %(sample)s")
                % {"code_page": one.page.name, "sample": cells[one.page]},
            )
            for one in readings
        ),
    )


def _cells(text: str) -> str:
    """A few different cells of ``text`` that have more than ASCII."""
    cells = re.split(r'[,;\t\r\n"]+', text[: 50 * _SAMPLE_SHOWN])
    shown = dict.fromkeys(cell.strip() for cell in cells if not cell.isascii())
    return " | ".join(shown)[:_SAMPLE_SHOWN]


def _unknown() -> Unreadable:
    names = ", ".join(str(page.name) for page in _CODE_PAGES)
    return Unreadable(
        _(
            "The file is neither xlsx nor text in an encoding that can be read "
            "(%(code_pages)s). Save it as xlsx."
        )
        % {"code_pages": f"{names}, {_UTF16}"}
    )
