"""Text extraction from PDFs: once per file, in its own process, with a time limit."""

import pytest

from portal.core.files import operations
from portal.core.files.models import FileText
from portal.core.files.operations import extract_text
from tests.factories.files import PNG, pdf_of, stored_file
from tests.factories.publishing import AT

pytestmark = pytest.mark.django_db


def test_text_of_every_page_is_extracted():
    stored = stored_file(pdf_of("Mutual legal assistance", "Second page"))

    extracted = extract_text(stored, at=AT)

    assert (extracted.text, extracted.problem) == (
        "Mutual legal assistance\n\nSecond page",
        "",
    )
    assert extracted.extracted_at == AT


def test_text_is_extracted_once():
    stored = stored_file(pdf_of("Once"))
    first = extract_text(stored, at=AT)
    stored.content.delete()

    assert extract_text(stored, at=AT) == first
    assert FileText.objects.get().text == "Once"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.4 nonsense", "Failed to load document"),
        (PNG, "not a PDF"),
    ],
)
def test_unreadable_file_stores_extraction_error(content, problem):
    extracted = extract_text(stored_file(content), at=AT)

    assert extracted.text == ""
    assert problem in extracted.problem


def test_missing_bytes_store_extraction_error():
    stored = stored_file(pdf_of("Lost"))
    stored.content.storage.delete(stored.content.name)

    assert extract_text(stored, at=AT).problem == "the file is missing from the storage"


def test_extraction_timeout_is_enforced(monkeypatch):
    monkeypatch.setattr(operations, "_EXTRACTION_TIMEOUT_SECONDS", 0.001)

    extracted = extract_text(stored_file(pdf_of("Slow")), at=AT)

    assert (extracted.text, extracted.problem) == ("", "took too long to read")


def test_circular_page_tree_terminates():
    circle = pdf_of("Round").replace(b"Kids[4 0 R]/Count 1", b"Kids[2 0 R]/Count 9000")

    assert extract_text(stored_file(circle), at=AT).text == ""


def test_long_text_is_truncated():
    content = pdf_of(*[f"page {number}" for number in range(501)])

    extracted = extract_text(stored_file(content), at=AT)

    assert extracted.text.endswith("page 499")
