"""Words of Thai, Lao, Khmer and Burmese can be found in the PDFs and copied.

PDFium is the PDF viewer of Chrome and Edge.
"""

import csv
import re
from pathlib import Path

import pypdfium2
import pytest
from icu4py.breakers import LineBreaker
from PIL import ImageChops

import portal.website.printing
from portal.website.printing import pdf_words
from portal.website.printing.pdf_compiler import compile_pdf
from portal.website.printing.pdf_words import mark_words
from portal.website.printing.text_preparation import prepare_text
from tests.failures import collect_failures
from tests.portal.website.printing.pdf_documents import paper, read_pdf, text_of

RECORD = Path(portal.website.printing.__file__).parents[2] / "record"
SCRIPTS = {
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "km": "\u1780-\u17ff",
    "my": "\u1000-\u109f",
}
# Texts of the interface with marks above and below the letters, subscripts, vowels on
# both sides and repeated syllables.
TEXTS = {
    "th": [
        "วันที่ผิด ชื่อที่สะกดผิด ลิงก์ที่ใช้ไม่ได้ โปรดแจ้งเรา",
        "ที่อยู่นี้เปิดให้เฉพาะผู้ที่ได้รับสิทธิ์เท่านั้น",
        "หน้าต่าง ๆ น้ำ ที่ที่ กฎหมาย",
        "(ใช้เป็นหลักฐานเท่านั้น ไม่มีลิงก์)",
    ],
    "lo": [
        "ວຽກທີ່ຕົກລົງກັນ ຜູ້ຈັດ",
        "ກະລຸນາຂຽນປີເປັນຕົວເລກສີ່ຫຼັກ.",
        "ກອງປະຊຸມສຳມະນາການຮ່ວມມື ນ້ຳ ເນປິດໍ",
        "(ເປັນຫຼັກຖານເທົ່ານັ້ນ, ບໍ່ມີລິ້ງ)",
    ],
    "km": [
        "សិក្ខាសាលាស្តីពីកិច្ចសហប្រតិបត្តិការ",
        "លោកអ្នកមិនមានសិទ្ធិធ្វើប្រតិបត្តិការនេះទេ។",
        "ឧក្រិដ្ឋកម្មតាមអ៊ីនធឺណិត និងឧក្រិដ្ឋកម្មបច្ចេកវិទ្យាខ្ពស់",
        "(សម្រាប់តែជាភស្តុតាង គ្មានតំណភ្ជាប់) កិកិ ថ្មីៗ",
    ],
    "my": [
        "ဆာဗာတွင် အမှားဖြစ်ပေါ်ခဲ့သည်။",
        "ဝန်ကြီးဌာန ရှေ့နေချုပ်များ ညီလာခံ",
        "နှစ်အလိုက် ရေတွက်ချက် စုစုပေါင်း",
        "(အထောက်အထားအဖြစ်သာ၊ လင့်ခ်မချိတ်ထား)",
    ],
}


def _record_texts(language: str) -> list[str]:
    """Return the fields of the public record that are in the script of ``language``."""
    script = re.compile(f"[{SCRIPTS[language]}]")
    texts = set()
    for path in RECORD.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            texts |= {cell for row in csv.reader(file) for cell in row}
    return sorted(prepare_text(text).strip() for text in texts if script.search(text))


def _pdf(texts: list[str], language: str) -> bytes:
    """Return a PDF with each text as a paragraph, every third bold or a link."""
    frames = ("<p>{}</p>", "<p><b>{}</b></p>", '<p><a href="/x">{}</a></p>')
    html = "".join(
        frames[number % 3].format(text.replace("&", "&amp;").replace("<", "&lt;"))
        for number, text in enumerate(texts)
    )
    return compile_pdf(paper(html, language), timestamp=0)


def _pages(pdf: bytes) -> list[pypdfium2.PdfTextPage]:
    return [page.get_textpage() for page in pypdfium2.PdfDocument(pdf)]


def _extract(pdf: bytes) -> str:
    """Return the text as PDFium copies it, with line ends as spaces."""
    text = " ".join(page.get_text_range() for page in _pages(pdf))
    return re.sub("\\s+", " ", text)


@pytest.mark.parametrize("language", SCRIPTS)
def test_words_are_found_and_extracted_exactly(language, caplog):
    texts = [*TEXTS[language], *_record_texts(language)]
    words = _words(texts, language)

    pdf = _pdf(texts, language)
    pages, extracted = _pages(pdf), _extract(pdf)

    assert len(words) > 15
    with collect_failures() as failures:
        for word in words:
            with failures.case(word):
                assert any(page.search(word).get_next() for page in pages)
        for text in texts:
            # A longer text may be on two lines.
            if len(text) < 70:
                with failures.case(text):
                    assert text in extracted
    assert caplog.messages == []


def _words(texts: list[str], language: str) -> list[str]:
    """Return the words of ``texts`` that have the script of ``language`` only."""
    segments = {part.strip() for text in texts for part in LineBreaker(text, "en")}
    pattern = re.compile(f"[{SCRIPTS[language]}]{{2,}}")
    return [word for word in sorted(segments) if pattern.fullmatch(word)]


def test_words_are_extracted_by_programs_that_ignore_actual_text():
    """These put spaces into words, so the texts are compared without spaces.

    pypdf is such a program.
    """
    with collect_failures() as failures:
        for language, texts in TEXTS.items():
            extracted = text_of(_pdf(texts, language)).replace(" ", "")
            for word in _words(texts, language):
                with failures.case(language, word):
                    assert word in extracted


def test_mixed_line_is_extracted_exactly():
    html = (
        "<p>ລະຫັດ <b>ກອງປະຊຸມ</b> SEM-0001 (2024) 检察 ທີ່, ຜູ້ໃຊ້: "
        '<a href="/x">ສຳມະນາ</a>.</p>'
    )

    text = _extract(compile_pdf(paper(html, "lo"), timestamp=0))

    assert "ລະຫັດ ກອງປະຊຸມ SEM-0001 (2024) 检察 ທີ່, ຜູ້ໃຊ້: ສຳມະນາ." in text


def test_zero_width_space_is_not_extracted():
    pdf = compile_pdf(paper("<p>ភាសា\u200bខ្មែរ</p>", "km"), timestamp=0)

    assert "ភាសាខ្មែរ" in _extract(pdf)


def _compile_without_words(texts, language, monkeypatch) -> bytes:
    with monkeypatch.context() as patch:
        patch.setattr(
            "portal.website.printing.pdf_compiler.mark_words", lambda pdf: pdf
        )
        return _pdf(texts, language)


@pytest.mark.parametrize("language", SCRIPTS)
def test_appearance_and_structure_do_not_change(language, monkeypatch):
    texts = [*TEXTS[language], "Latin text"] * 3
    before = _compile_without_words(texts, language, monkeypatch)
    after = mark_words(before)

    assert after != before
    assert len(after) < len(before) * 1.2
    for old, new in zip(
        pypdfium2.PdfDocument(before), pypdfium2.PdfDocument(after), strict=True
    ):
        pictures = [page.render(scale=2).to_pil().convert("L") for page in (old, new)]
        difference = ImageChops.difference(*pictures)
        # A glyph may be moved by less than a hundredth of a point.
        assert sum(difference.histogram()[128:]) < 20
    assert _structure(before) == _structure(after)
    assert read_pdf(before).metadata == read_pdf(after).metadata
    assert read_pdf(before).trailer["/ID"] == read_pdf(after).trailer["/ID"]


def _structure(pdf: bytes) -> list:
    """Return the structure tree and the outline in a form that can be compared."""
    root = read_pdf(pdf).trailer["/Root"]

    def read(node):
        node = node.get_object()
        if isinstance(node, list):
            return [read(child) for child in node]
        if isinstance(node, dict):
            children = read(node["/K"]) if "/K" in node else None
            return [node.get("/S"), node.get("/T"), children]
        return node

    outline = [item["/Title"] for item in read_pdf(pdf).outline]
    return [read(root["/StructTreeRoot"]["/K"]), outline, root["/Lang"]]


def test_marked_content_is_balanced():
    for language, texts in TEXTS.items():
        for page in read_pdf(_pdf(texts, language)).pages:
            operators = [name for _operands, name in page.get_contents().operations]
            for start, end in ((b"BDC", b"EMC"), (b"q", b"Q"), (b"BT", b"ET")):
                assert operators.count(start) == operators.count(end)


def test_output_is_deterministic(monkeypatch):
    pdf = _compile_without_words(TEXTS["km"], "km", monkeypatch)

    assert mark_words(pdf) == mark_words(pdf)


def test_pdf_without_these_scripts_is_unchanged(monkeypatch):
    pdf = _compile_without_words(["Hội nghị Viện trưởng", "检察"], "vi", monkeypatch)

    assert mark_words(pdf) is pdf


def test_very_large_pdf_is_unchanged(monkeypatch):
    pdf = _compile_without_words(TEXTS["km"], "km", monkeypatch)
    monkeypatch.setattr(pdf_words, "_MAX_BYTES", len(pdf) - 1)

    assert mark_words(pdf) is pdf
