"""Search finds the text of files only while the files are public."""

import pytest

from portal.content.catalogue import operations, tasks
from portal.content.catalogue.search.engine import search_entries
from portal.core.files.models import FileText
from portal.core.jobs.models import Job
from tests.factories.conference import document
from tests.factories.files import pdf_of, stored_file
from tests.factories.publishing import AT, attachment, published
from tests.factories.seminars import material, seminar

pytestmark = pytest.mark.django_db
QUERY = "extradition"


def with_file(record, **values):
    """Attach a PDF to ``record``, publish the record and return it."""
    attachment(record, stored_file(pdf_of(f"On {QUERY} only")), **values)
    return published(record)


def test_file_text_is_extracted_by_job_and_searchable(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        with_file(document("DOC-0001"))

    assert Job.objects.get(name="catalogue.read_file").state == "done"
    assert search_entries(QUERY).codes == [("document", "DOC-0001")]
    assert search_entries(QUERY).entries[0].search_row.passages == [
        ["en", f"On {QUERY} only"]
    ]


def test_extraction_job_is_enqueued_until_text_exists():
    record = with_file(document("DOC-0001"))
    operations.update_entry(record)
    tasks.extract_file_text(sha256=stored_file(pdf_of(f"On {QUERY} only")).sha256)
    operations.update_entry(record)

    assert Job.objects.filter(name="catalogue.read_file").count() == 2
    assert FileText.objects.count() == 1


def test_material_is_searchable_once_public():
    held = seminar("SEM-0001")
    stored = stored_file(pdf_of(f"On {QUERY} only"))
    slides = material(held, file=stored, title_en="Slides", title_vi="Trình chiếu")
    published(held)
    tasks.extract_file_text(sha256=stored.sha256)
    hidden = [search_entries(q).codes for q in (QUERY, "trinh chieu")]
    slides.is_public = True
    slides.save()
    operations.update_entry(held)
    tasks.extract_file_text(sha256=stored.sha256)

    assert hidden == [[], []]
    for q in (QUERY, "trinh chieu"):
        assert search_entries(q).codes == [("seminar", "SEM-0001")]


def test_non_public_file_is_neither_extracted_nor_searchable():
    with_file(document("DOC-0001"), is_public=False, title=f"Title {QUERY}")

    assert not Job.objects.filter(name="catalogue.read_file").exists()
    assert search_entries(QUERY).codes == []


def test_file_of_a_draft_is_not_found():
    attachment(document("DOC-0001"), stored_file(pdf_of(f"On {QUERY} only")))
    tasks.extract_file_text(sha256=stored_file(pdf_of(f"On {QUERY} only")).sha256)

    assert FileText.objects.count() == 1
    assert search_entries(QUERY).codes == []


def test_extraction_job_tolerates_deleted_file():
    assert tasks.extract_file_text(sha256="0" * 64) is None


def test_file_of_two_records_is_found_through_both():
    with_file(document("DOC-0001"))
    with_file(document("DOC-0002"))
    tasks.extract_file_text(sha256=stored_file(pdf_of(f"On {QUERY} only")).sha256)

    codes = search_entries(QUERY, order="newest").codes
    assert codes == [("document", "DOC-0002"), ("document", "DOC-0001")]
    assert operations.rebuild(at=AT) == (0, 0, 2)
