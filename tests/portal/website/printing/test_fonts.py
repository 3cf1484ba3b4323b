"""Bundled fonts: checksums, licences, and glyphs for the public record."""

import csv
import hashlib
import unicodedata
from pathlib import Path

import pytest
import typst

import portal.website.printing
from portal.core.languages import LANGUAGES
from portal.website.printing.pdf_compiler import compile_pdf
from tests.portal.website.printing.pdf_documents import paper

FONTS = Path(portal.website.printing.__file__).parent / "fonts"
RECORD = FONTS.parent.parent / "record"


def test_every_font_matches_listed_checksum():
    with (FONTS / "VERSIONS.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sums = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FONTS.glob("*.ttf")
    }

    assert {row["file"]: row["sha256"] for row in rows} == sums
    assert {row["licence"] for row in rows} == {"OFL-1.1"}
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()


def test_typst_sees_only_bundled_fonts():
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FONTS)],
    )

    assert fonts.families() == [
        "Noto Sans",
        "Noto Sans Khmer",
        "Noto Sans Lao",
        "Noto Sans Myanmar",
        "Noto Sans SC",
        "Noto Sans Thai",
    ]


def test_every_record_character_has_a_glyph(caplog):
    """This includes the traditional characters; a missing glyph would be logged."""
    from portal.core.translations.conversion import to_traditional

    text = "".join(path.read_text(encoding="utf-8") for path in RECORD.glob("*.csv"))
    signs = sorted({*text, *to_traditional(text)})
    printable = "".join(s for s in signs if unicodedata.category(s)[0] != "C")

    compile_pdf(paper(f"<p>{_escaped(printable)}</p>"), timestamp=0)

    assert caplog.messages == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_language_own_name_renders_without_missing_glyphs(language, caplog):
    html = (
        f'<p lang="{language.tag}">{language.native_name} <b>{language.native_name}</b>'
    )

    compile_pdf(paper(html, language.tag), timestamp=0)

    assert caplog.messages == []


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
