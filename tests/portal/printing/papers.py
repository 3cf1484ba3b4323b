"""Papers for the press, and what is read back from what it set."""

import io

from pypdf import PdfReader

from portal.printing.blocks import blocks_of
from portal.printing.tree import article_of


def blocks(html: str, language: str = "en") -> list[dict]:
    article = article_of(f"<main><article>{html}</article></main>")
    return blocks_of(article, "https://portal.example/en/seminars/SEM-0001/", language)


def paper(html: str, language: str = "en", title: str = "Sample") -> dict:
    """What ``record.typ`` needs, its text from ``html``."""
    return {
        "title": title,
        "lang": language,
        "speaks": "en",
        "portal": "Sample portal",
        "kind": "Seminar",
        "address": "https://portal.example/en/seminars/SEM-0001/",
        "changed": "Last changed on 6 May 2024, revision 1",
        "pages": ["Page ", 1, " of ", 2],
        "cut": [{"t": "This page is too long to be printed whole.", "b": True}],
        "blocks": [
            {"k": "h", "level": 1, "runs": [{"t": title, "lang": language}]},
            *blocks(html, language),
        ],
    }


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """The words of all pages, every run of white space as one space."""
    pages = (page.extract_text() for page in read(pdf).pages)
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Name of each font → whether it is in the file."""
    found = {}
    for page in read(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            about = inner["/FontDescriptor"].get_object()
            name = str(about["/FontName"]).partition("+")[2]
            found[name] = any(key.startswith("/FontFile") for key in about)
    return found
