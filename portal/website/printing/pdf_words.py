"""Give each word of some scripts in a PDF by typst its text, so that it can be found.

See :mod:`portal.website.printing.word_spans`.
"""

import io
import re
from collections.abc import Iterator

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)

from portal.website.printing.page_texts import Font
from portal.website.printing.word_spans import needs_spans, span_words

_UNICODE_MAPPING = re.compile(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>\s*$", re.MULTILINE)
# About 100 pages. A larger PDF would take more than two seconds, and is not cached.
_MAX_BYTES = 2_000_000
# Maximum number of lines of a block in a CMap.
_BLOCK_SIZE = 100


def mark_words(pdf: bytes) -> bytes:
    """Return ``pdf`` with the text of each Thai, Lao, Khmer and Burmese word.

    The content of pages changes, and their fonts get more codes. A PDF without such
    words, or of more than 2,000,000 bytes, is returned as it is. The output is
    deterministic.
    """
    if len(pdf) > _MAX_BYTES:
        return pdf
    if not any(map(_has_words, PdfReader(io.BytesIO(pdf)).pages)):
        return pdf
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    fonts: dict[int, Font] = {}
    for page in writer.pages:
        if _has_words(page):
            content = page["/Contents"]
            parents = _read_parents(writer.root_object, page)
            page_fonts = _read_fonts(page, fonts)
            content.set_data(span_words(content.get_data(), page_fonts, parents))
    for number, font in fonts.items():
        if font.new_codes:
            _add_codes(writer, writer.get_object(number), font)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _has_words(page: PageObject) -> bool:
    """Return True if the page has a font with texts that need spans."""
    fonts = page["/Resources"].get("/Font", {}).values()
    texts = (text for font in fonts for text in _read_texts(font.get_object()).values())
    return needs_spans("".join(texts))


def _read_fonts(page: PageObject, fonts: dict[int, Font]) -> dict[bytes, Font]:
    """Return the fonts of the page by name.

    ``fonts`` are those that were read before by object number; others are added.
    """
    page_fonts = {}
    for name, reference in page["/Resources"]["/Font"].items():
        font = reference.get_object()
        number = font.indirect_reference.idnum
        if number not in fonts:
            fonts[number] = _read_font(font)
        page_fonts[name.encode()] = fonts[number]
    return page_fonts


def _read_font(font: DictionaryObject) -> Font:
    descendant = font["/DescendantFonts"][0].get_object()
    widths = dict(_read_widths(descendant["/W"]))
    return Font(_read_texts(font), widths, float(descendant["/DW"]))


def _read_texts(font: DictionaryObject) -> dict[int, str]:
    """Return the text of each character code."""
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _UNICODE_MAPPING.findall(font["/ToUnicode"].get_data())
    }


def _add_codes(writer: PdfWriter, target: DictionaryObject, font: Font) -> None:
    """Add the new codes of ``font`` to its PDF object: glyphs, widths and texts."""
    descendant, mapping = (
        target["/DescendantFonts"][0].get_object(),
        target["/ToUnicode"],
    )
    glyphs = [*range(font.first_new_code), *(code for code, _text in font.new_codes)]
    # A copy of another stream is a new object of the document.
    glyph_map = mapping.clone(writer, force_duplicate=True)
    for key in ("/Type", "/WMode"):
        glyph_map.pop(key, None)
    glyph_map.set_data(b"".join(code.to_bytes(2) for code in glyphs))
    descendant[NameObject("/CIDToGIDMap")] = glyph_map.indirect_reference
    widths = (FloatObject(font.get_width(code)) for code, _text in font.new_codes)
    descendant["/W"].extend([NumberObject(font.first_new_code), ArrayObject(widths)])
    lines = [
        b"<%04X> <%s>\n" % (code, text.encode("utf-16-be").hex().upper().encode())
        for (_glyph, text), code in font.new_codes.items()
    ]
    blocks = [
        b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block))
        for block in (
            lines[at : at + _BLOCK_SIZE] for at in range(0, len(lines), _BLOCK_SIZE)
        )
    ]
    mapping.set_data(
        mapping.get_data().replace(b"endcmap", b"".join([*blocks, b"endcmap"]))
    )


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
