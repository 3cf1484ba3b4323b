import datetime as dt
import struct

import pytest
from django.core.cache import cache
from django.utils.html import escape

from portal.printing import press
from portal.printing.kept import kept
from portal.printing.press import PressBusy, set_pdf, set_picture
from tests.portal.printing.papers import fonts_of, paper, read, text_of

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


def test_markup_of_typst_stays_text(caplog):
    pdf = set_pdf(paper(f"<p>{escape(HOSTILE)}</p>", title=HOSTILE), timestamp=0)

    assert text_of(pdf).count(HOSTILE) == 2
    assert read(pdf).metadata.title == HOSTILE
    assert caplog.messages == []


def test_everything_that_a_page_may_have_is_set_by_the_standards(caplog):
    html = """<p class="kicker">Seminar</p><p class="lead">Lead</p>
      <div class="notice"><p>Notice</p></div><h2>Facts</h2>
      <dl><dt>Place</dt><dd><a href="/en/">Nanning</a></dd></dl>
      <h3>Lists</h3><ol><li>One<ul><li>Two</li></ul></li></ol>
      <ol class="paragraphs"><li><a>1</a><div><p>First.</p></div></li></ol>
      <ul class="cards"><li class="card"><h3 class="card__title"><a href="/x">T</a></h3>
      </li></ul><table><caption>C</caption><tr><th>Year</th><th>N</th></tr>
      <tr><th>2024</th><td colspan="2">3</td></tr></table><p>a<br>b</p>
      <p><strong lang="zh-Hans">检察</strong> <span lang="">?</span></p>"""

    pdf = set_pdf(paper(html), timestamp=0)

    assert caplog.messages == []
    root = read(pdf).trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in about


def test_every_font_is_in_the_file_and_ours():
    html = "<p>Latin <b>bold</b> 检察 ไทย ລາວ ខ្មែរ မြန်မာ</p>"

    fonts = fonts_of(set_pdf(paper(html), timestamp=0))

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
def test_sign_without_a_glyph_costs_the_standard_and_is_logged(text, caplog):
    pdf = set_pdf(paper(f"<p>Before {text} after</p>"), timestamp=0)

    assert "Before" in text_of(pdf)
    assert len(caplog.messages) == 1
    assert "plain PDF of https://portal.example/en/seminars/SEM-0001/" in caplog.text


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "word " * 20_000, "检察院会议。" * 16_000, "a" + "\u0301" * 99_999],
    ids=["one word", "words", "Chinese", "marks"],
)
def test_endless_text_is_set(text, caplog):
    pdf = set_pdf(paper(f"<p>{text}</p>"), timestamp=0)

    assert pdf.startswith(b"%PDF-")
    assert caplog.messages == []


def test_same_data_is_the_same_bytes():
    at = int(dt.datetime(2024, 5, 6, 8, tzinfo=dt.UTC).timestamp())
    first, second = (set_pdf(paper("<p>Same</p>"), timestamp=at) for _ in range(2))

    assert first == second
    assert set_picture(CARD) == set_picture(CARD)
    assert read(first).metadata.creation_date == dt.datetime(
        2024, 5, 6, 8, tzinfo=dt.UTC
    )


def test_picture_has_the_size_that_others_ask_for():
    picture = set_picture(CARD)

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)


def test_who_would_wait_too_long_is_sent_away(monkeypatch):
    monkeypatch.setattr(press, "_WAITS", 0.01)
    with press._lock, pytest.raises(PressBusy):
        set_picture(CARD)


def test_what_was_set_is_kept_for_the_same_data_only():
    made = []

    def make(name):
        return lambda: made.append(name) or b"set"

    kept({"a": 1, "b": "ខ"}, make("first"))
    kept({"b": "ខ", "a": 1}, make("again"))
    kept({"a": 2, "b": "ខ"}, make("other"))
    cache.clear()
    kept({"a": 1, "b": "ខ"}, make("lost"))

    assert made == ["first", "other", "lost"]


def test_what_is_large_is_not_kept():
    made = []

    for _ in range(2):
        kept({"a": 1}, lambda: made.append(1) or bytes(2_000_001))

    assert made == [1, 1]
