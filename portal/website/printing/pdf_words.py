"""Give each word of some scripts in a PDF by typst its text, so that it can be found.

See :mod:`portal.website.printing.word_spans`.
"""

import io
import re
from collections.abc import Iterator

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DictionaryObject

from portal.website.printing.page_texts import Font
from portal.website.printing.word_spans import needs_spans, span_words

_UNICODE_MAPPING = re.compile(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>\s*$", re.MULTILINE)
# About 100 pages. A larger PDF would take more than two seconds, and is not cached.
_MAX_BYTES = 2_000_000


def mark_words(pdf: bytes) -> bytes:
    """Return ``pdf`` with the text of each Thai, Lao, Khmer and Burmese word.

    Only the content of pages changes. A PDF without such words, or of more than
    2,000,000 bytes, is returned as it is. The output is deterministic.
    """
    if len(pdf) > _MAX_BYTES:
        return pdf
    if not any(_read_fonts(page) for page in PdfReader(io.BytesIO(pdf)).pages):
        return pdf
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for page in writer.pages:
        if fonts := _read_fonts(page):
            content = page["/Contents"]
            parents = _read_parents(writer.root_object, page)
            content.set_data(span_words(content.get_data(), fonts, parents))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _read_fonts(page: PageObject) -> dict[bytes, Font]:
    """Return the fonts of the page by name; none if no text of it needs spans."""
    resources = page["/Resources"].get("/Font", {})
    fonts = {
        name.encode(): _read_font(font.get_object()) for name, font in resources.items()
    }
    texts = (text for font in fonts.values() for text in font.texts.values())
    return fonts if needs_spans("".join(texts)) else {}


def _read_font(font: DictionaryObject) -> Font:
    texts = {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _UNICODE_MAPPING.findall(font["/ToUnicode"].get_data())
    }
    descendant = font["/DescendantFonts"][0].get_object()
    return Font(texts, dict(_read_widths(descendant["/W"])), float(descendant["/DW"]))


def _read_widths(entries: list) -> Iterator[tuple[int, float]]:
    """Yield code and width from ``/W``: "first last width" or "first [widths]"."""
    entries = iter(entries)
    for first in entries:
        second = next(entries)
        if isinstance(second, list):
            yield from enumerate(map(float, second), int(first))
        else:
            width = float(next(entries))
            yield from ((code, width) for code in range(first, second + 1))


def _read_parents(root: DictionaryObject, page: PageObject) -> list[int]:
    """Return the object number of the structure element of each MCID of the page."""
    numbers = iter(root["/StructTreeRoot"]["/ParentTree"]["/Nums"])
    parents = dict(zip(numbers, numbers, strict=True))[page["/StructParents"]]
    return [parent.idnum for parent in parents.get_object()]
