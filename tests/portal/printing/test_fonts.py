"""The fonts that are shipped: whole, known, and enough for the record."""

import csv
import hashlib
import unicodedata
from pathlib import Path

import pytest
import typst

import portal.printing
from portal.languages import LANGUAGES
from portal.printing.press import set_pdf
from tests.portal.printing.papers import paper

FONTS = Path(portal.printing.__file__).parent / "fonts"
RECORD = FONTS.parent.parent / "record"


def test_every_font_is_the_one_that_was_listed():
    with (FONTS / "VERSIONS.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sums = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FONTS.glob("*.ttf")
    }

    assert {row["file"]: row["sha256"] for row in rows} == sums
    assert {row["licence"] for row in rows} == {"OFL-1.1"}
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()


def test_only_fonts_of_ours_are_there_for_typst():
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


def test_every_sign_of_the_record_has_a_glyph(caplog):
    """Also converted to traditional characters; a missing one would be logged."""
    from portal.translations.conversion import to_traditional

    text = "".join(path.read_text(encoding="utf-8") for path in RECORD.glob("*.csv"))
    signs = sorted({*text, *to_traditional(text)})
    shown = "".join(s for s in signs if unicodedata.category(s)[0] != "C")

    set_pdf(paper(f"<p>{_escaped(shown)}</p>"), timestamp=0)

    assert caplog.messages == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_language_says_its_name(language, caplog):
    html = f'<p lang="{language.tag}">{language.own_name} <b>{language.own_name}</b>'

    set_pdf(paper(html, language.tag), timestamp=0)

    assert caplog.messages == []


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
