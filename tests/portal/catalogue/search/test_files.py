"""Files are found while everyone may fetch them."""

import pytest

from portal.catalogue import operations, tasks
from portal.catalogue.search.finding import find
from portal.files.models import FileText
from portal.jobs.models import Job
from tests.factories.conference import document
from tests.factories.files import pdf_of, stored_file
from tests.factories.publishing import AT, attachment, published
from tests.factories.seminars import material, seminar

pytestmark = pytest.mark.django_db
WORDS = "extradition"


def with_file(record, **values):
    """The published record, with a PDF attached to it before."""
    attachment(record, stored_file(pdf_of(f"On {WORDS} only")), **values)
    return published(record)


def test_file_is_read_by_a_job_and_then_found(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with_file(document("DOC-0001"))

    assert Job.objects.get(name="catalogue.read_file").state == "done"
    assert find(WORDS).codes == [("document", "DOC-0001")]
    assert find(WORDS).entries[0].search_row.passages == [["en", f"On {WORDS} only"]]


def test_file_is_asked_for_until_it_is_read():
    record = with_file(document("DOC-0001"))
    operations.write(record)
    tasks.read_file(sha256=stored_file(pdf_of(f"On {WORDS} only")).sha256)
    operations.write(record)

    assert Job.objects.filter(name="catalogue.read_file").count() == 2
    assert FileText.objects.count() == 1


def test_material_is_found_once_it_is_public():
    held = seminar("SEM-0001")
    stored = stored_file(pdf_of(f"On {WORDS} only"))
    slides = material(held, file=stored, title_en="Slides", title_vi="Trình chiếu")
    published(held)
    tasks.read_file(sha256=stored.sha256)
    hidden = [find(q).codes for q in (WORDS, "trinh chieu")]
    slides.is_public = True
    slides.save()
    operations.write(held)
    tasks.read_file(sha256=stored.sha256)

    assert hidden == [[], []]
    for q in (WORDS, "trinh chieu"):
        assert find(q).codes == [("seminar", "SEM-0001")]


def test_file_that_is_not_public_is_neither_read_nor_found():
    with_file(document("DOC-0001"), is_public=False, title=f"Title {WORDS}")

    assert not Job.objects.filter(name="catalogue.read_file").exists()
    assert find(WORDS).codes == []


def test_file_of_a_draft_is_not_found():
    attachment(document("DOC-0001"), stored_file(pdf_of(f"On {WORDS} only")))
    tasks.read_file(sha256=stored_file(pdf_of(f"On {WORDS} only")).sha256)

    assert FileText.objects.count() == 1
    assert find(WORDS).codes == []


def test_job_tolerates_that_its_file_has_vanished():
    assert tasks.read_file(sha256="0" * 64) is None


def test_file_of_two_records_is_found_through_both():
    with_file(document("DOC-0001"))
    with_file(document("DOC-0002"))
    tasks.read_file(sha256=stored_file(pdf_of(f"On {WORDS} only")).sha256)

    found = find(WORDS, order="newest").codes
    assert found == [("document", "DOC-0002"), ("document", "DOC-0001")]
    assert operations.rebuild(at=AT) == (0, 0, 2)
