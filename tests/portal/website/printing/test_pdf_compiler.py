import datetime as dt
import struct

import pytest
from django.core.cache import cache
from django.utils.html import escape

from portal.website.printing import pdf_compiler
from portal.website.printing.output_cache import cached_output
from portal.website.printing.pdf_compiler import (
    CompilerBusyError,
    compile_pdf,
    compile_png,
)
from tests.portal.website.printing.pdf_documents import (
    fonts_of,
    paper,
    read_pdf,
    text_of,
)

HOSTILE = (
    '#let x = 1 $y^2$ @ref <label> \\ *bold* _it_ `raw` -- "quoted" // no /* no */'
)
CARD = {
    "lang": "en",
    "title": ["Sample ", "seminar"],
    "title-lang": "en",
    "cut": False,
    "kind": "Seminar",
    "facts": [],
    "portal": "Sample portal",
}


def test_typst_markup_is_escaped(caplog):
    pdf = compile_pdf(paper(f"<p>{escape(HOSTILE)}</p>", title=HOSTILE), timestamp=0)

    assert text_of(pdf).count(HOSTILE) == 2
    assert read_pdf(pdf).metadata.title == HOSTILE
    assert caplog.messages == []


def test_all_page_elements_produce_valid_pdf_a_and_pdf_ua(caplog):
    html = """<p data-print="kicker">Seminar</p><p data-print="lead">Lead</p>
      <div data-print="box"><p>Notice</p></div><h2>Facts</h2>
      <dl><dt>Place</dt><dd><a href="/en/">Nanning</a></dd></dl>
      <h3>Lists</h3><ol><li>One<ul><li>Two</li></ul></li></ol>
      <ol data-print="paragraphs"><li><a>1</a><div><p>First.</p></div></li></ol>
      <ul data-print="cards"><li><h3 data-print="title"><a href="/x">T</a></h3>
      </li></ul><table><caption>C</caption><tr><th>Year</th><th>N</th></tr>
      <tr><th>2024</th><td colspan="2">3</td></tr></table><p>a<br>b</p>
      <p><strong lang="zh-Hans">检察</strong> <span lang="">?</span></p>"""

    pdf = compile_pdf(paper(html), timestamp=0)

    assert caplog.messages == []
    root = read_pdf(pdf).trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in about


def _columns(html: str) -> dict[str, int]:
    """Return the distance of each text from the left margin, in % of the text width."""
    places: dict[str, int] = {}
    left, width = 62.4, 470.5

    def note(text, matrix, _text_matrix, _font, _size):
        if text.strip():
            places[text.strip()] = round((matrix[4] - left) / width * 100)

    for page in read_pdf(compile_pdf(paper(html), timestamp=0)).pages:
        page.extract_text(visitor_text=note)
    return places


@pytest.mark.parametrize(
    ("headings", "expected"),
    [(("China", "Laos"), range(10, 18)), (("A long name " * 9, "Laos"), range(33, 36))],
)
def test_column_of_row_headings_is_as_wide_as_they_are(headings, expected):
    rows = "".join(
        f"<tr><th>{heading}</th><td>Leader</td></tr>" for heading in headings
    )
    html = f"<table><tr><th>Country</th><th>Head</th></tr>{rows}</table>"

    columns = _columns(html)

    assert columns["Country"] < 3
    assert columns["Head"] in expected
    assert columns["Leader"] == columns["Head"]


def test_columns_without_row_headings_have_the_same_width():
    columns = _columns(
        "<table><tr><th>Year</th><th>Number</th></tr>"
        "<tr><td>2024</td><td>Three</td></tr></table>"
    )

    assert columns["Number"] == columns["Three"]
    assert columns["Number"] in range(49, 53)


def test_table_of_several_pages_compiles(caplog):
    rows = "<tr><th>China</th><td>Leader</td></tr>" * 100

    pdf = compile_pdf(paper(f"<table>{rows}</table>"), timestamp=0)

    assert caplog.messages == []
    assert len(read_pdf(pdf).pages) > 2
    assert text_of(pdf).count("Leader") == 100


def test_pdf_embeds_bundled_fonts_only():
    html = "<p>Latin <b>bold</b> 检察 ไทย ລາວ ខ្មែរ မြန်မာ</p>"

    fonts = fonts_of(compile_pdf(paper(html), timestamp=0))

    assert all(fonts.values())
    assert {name.split("-")[0].rstrip("0123456789") for name in fonts} == {
        "NotoSans",
        "NotoSansKhmer",
        "NotoSansLao",
        "NotoSansMyanmar",
        "NotoSansSC",
        "NotoSansThai",
    }


@pytest.mark.parametrize("text", ["😀", "مرحبا", "\ue000", "\u0378"])
def test_missing_glyph_falls_back_to_plain_pdf_and_logs(text, caplog):
    pdf = compile_pdf(paper(f"<p>Before {text} after</p>"), timestamp=0)

    assert "Before" in text_of(pdf)
    assert len(caplog.messages) == 1
    assert (
        "PDF standards not met for https://portal.example/en/seminars/SEM-0001/"
        in caplog.text
    )


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "word " * 20_000, "检察院会议。" * 16_000, "a" + "\u0301" * 99_999],
    ids=["one word", "words", "Chinese", "marks"],
)
def test_very_long_text_compiles(text, caplog):
    pdf = compile_pdf(paper(f"<p>{text}</p>"), timestamp=0)

    assert pdf.startswith(b"%PDF-")
    assert caplog.messages == []


def test_same_input_gives_same_bytes():
    at = int(dt.datetime(2024, 5, 6, 8, tzinfo=dt.UTC).timestamp())
    first, second = (compile_pdf(paper("<p>Same</p>"), timestamp=at) for _ in range(2))

    assert first == second
    assert compile_png(CARD) == compile_png(CARD)
    assert read_pdf(first).metadata.creation_date == dt.datetime(
        2024, 5, 6, 8, tzinfo=dt.UTC
    )


def test_share_image_has_standard_size():
    picture = compile_png(CARD)

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)


def test_busy_compiler_raises_after_timeout(monkeypatch):
    monkeypatch.setattr(pdf_compiler, "_LOCK_TIMEOUT_SECONDS", 0.01)
    with pdf_compiler._lock, pytest.raises(CompilerBusyError):
        compile_png(CARD)


def test_compiled_output_is_cached_per_input():
    compiled = []

    def compile_as(name):
        return lambda: compiled.append(name) or b"set"

    cached_output({"a": 1, "b": "ខ"}, compile_as("first"))
    cached_output({"b": "ខ", "a": 1}, compile_as("again"))
    cached_output({"a": 2, "b": "ខ"}, compile_as("other"))
    cache.clear()
    cached_output({"a": 1, "b": "ខ"}, compile_as("lost"))

    assert compiled == ["first", "other", "lost"]


def test_large_output_is_not_cached():
    compiled = []

    for _ in range(2):
        cached_output({"a": 1}, lambda: compiled.append(1) or bytes(2_000_001))

    assert compiled == [1, 1]
