"""Input for the PDF compiler, and functions that read the compiled PDF."""

import io

from pypdf import PdfReader

from portal.website.printing.blocks import build_blocks
from portal.website.printing.html_tree import find_article


def blocks(html: str, language: str = "en") -> list[dict]:
    article = find_article(f"<main><article>{html}</article></main>")
    return build_blocks(
        article, "https://portal.example/en/seminars/SEM-0001/", language
    )


def paper(html: str, language: str = "en", title: str = "Sample") -> dict:
    """Return the input of the ``record.typ`` template, with ``html`` as its text."""
    return {
        "title": title,
        "lang": language,
        "speaks": "en",
        "portal": "Sample portal",
        "kind": "Seminar",
        "address": "https://portal.example/en/seminars/SEM-0001/",
        "changed": "Last updated on 6 May 2024, version 1",
        "pages": ["Page ", 1, " of ", 2],
        "cut": [{"t": "This page is too long to print in full.", "b": True}],
        "blocks": [
            {"k": "h", "level": 1, "runs": [{"t": title, "lang": language}]},
            *blocks(html, language),
        ],
    }


def read_pdf(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Return the text of all pages with each run of white space as one space."""
    pages = (page.extract_text() for page in read_pdf(pdf).pages)
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Return font name → whether the font is embedded in the PDF."""
    fonts = {}
    for page in read_pdf(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            name = str(descriptor["/FontName"]).partition("+")[2]
            fonts[name] = any(key.startswith("/FontFile") for key in descriptor)
    return fonts
