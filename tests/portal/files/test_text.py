"""The text of a PDF: read once, apart from the portal, and never waited for long."""

import pytest

from portal.files import operations
from portal.files.models import FileText
from portal.files.operations import extract_text
from tests.factories.files import PNG, pdf_of, stored_file
from tests.factories.publishing import AT

pytestmark = pytest.mark.django_db


def test_text_of_every_page_is_kept():
    stored = stored_file(pdf_of("Mutual legal assistance", "Second page"))

    kept = extract_text(stored, at=AT)

    assert (kept.text, kept.problem) == ("Mutual legal assistance\n\nSecond page", "")
    assert kept.extracted_at == AT


def test_file_is_read_once():
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
def test_file_that_cannot_be_read_is_kept_with_its_problem(content, problem):
    kept = extract_text(stored_file(content), at=AT)

    assert kept.text == ""
    assert problem in kept.problem


def test_file_whose_bytes_are_lost_is_kept_with_its_problem():
    stored = stored_file(pdf_of("Lost"))
    stored.content.storage.delete(stored.content.name)

    assert extract_text(stored, at=AT).problem == "its bytes are lost"


def test_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(operations, "_READING_SECONDS", 0.001)

    kept = extract_text(stored_file(pdf_of("Slow")), at=AT)

    assert (kept.text, kept.problem) == ("", "took too long to read")


def test_pages_that_go_round_in_a_circle_end():
    circle = pdf_of("Round").replace(b"Kids[4 0 R]/Count 1", b"Kids[2 0 R]/Count 9000")

    assert extract_text(stored_file(circle), at=AT).text == ""


def test_long_file_is_cut_off():
    many = pdf_of(*[f"page {number}" for number in range(501)])

    kept = extract_text(stored_file(many), at=AT)

    assert kept.text.endswith("page 499")
