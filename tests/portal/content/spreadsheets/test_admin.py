"""Admin pages of spreadsheet imports, from upload to undo."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.content.publishing.models import ImportBatch
from portal.content.spreadsheets import operations
from portal.content.spreadsheets.progress import ImportProgress
from portal.content.spreadsheets.sheet import MAX_BYTES
from seminars.models import Seminar
from tests.admin_forms import token_for, write_button
from tests.factories import publishing as states
from tests.factories import seminars
from tests.portal.content.spreadsheets.import_helpers import csv_of, permitted, received
from tests.project.url_table import opened

pytestmark = pytest.mark.django_db
ADD = "/admin/publishing/importbatch/add/"
LIST = "/admin/publishing/importbatch/"
GOOD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "related"))
BAD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "外交"))


@pytest.fixture
def editor(client):
    """Sign in a user who may add, change and view seminars; return the user."""
    user = permitted(
        *("seminars.add_seminar", "seminars.change_seminar", "seminars.view_seminar")
    )
    client.force_login(user)
    return user


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    """Return a function that submits a form and runs the jobs that it starts."""

    def send(url: str, **data):
        with django_capture_on_commit_callbacks(execute=True):
            token = token_for(client, url) if url == ADD else {}
            return client.post(url, token | data)

    return send


def undo_address(url: str) -> str:
    return url.replace("/change/", "/undo/")


def upload(content: bytes, name="rows.csv", code="seminars") -> dict:
    return {"resource": code, "file": SimpleUploadedFile(name, content)}


def test_import_workflow_check_write_and_undo(editor, client, send):
    response = send(ADD, **upload(GOOD))
    page = client.get(response["Location"]).text
    assert (
        "No errors found. Nothing has been saved yet. New records "
        "will be saved as drafts."
    ) in page
    assert not Seminar.objects.exists()

    send(response["Location"], **write_button(client, response["Location"]))
    page = client.get(response["Location"]).text
    assert "Undo this import" in page
    assert Seminar.objects.count() == 2
    assert set(Seminar.objects.values_list("status", "created_by")) == {
        ("draft", editor.pk)
    }

    send(undo_address(response["Location"]))
    page = client.get(response["Location"]).text
    assert not Seminar.objects.exists()
    assert "Undo this import" not in page


def test_invalid_rows_are_shown_with_correction_file(editor, client, send):
    response = send(ADD, **upload(BAD))

    page = client.get(response["Location"]).text
    batch = ImportBatch.objects.get()
    sheet = opened(client, f"{LIST}{batch.pk}/errors/csv/")

    assert "<td>外交</td>" in page
    assert "<td>Choose one of these: prosecutors, related.</td>" in page
    assert "Import all rows" not in page
    assert "scope: Choose one of these" in sheet.body.decode()
    assert (
        sheet["Content-Disposition"] == f'attachment; filename="errors-{batch.pk}.csv"'
    )


def test_invalid_import_cannot_be_written(editor, client, send):
    response = send(ADD, **upload(BAD))

    send(response["Location"], **write_button(client, response["Location"]))

    assert "Some rows have errors" in client.get(response["Location"]).text
    assert not Seminar.objects.exists()


def test_import_that_cannot_be_undone_says_why(editor, client, send):
    response = send(ADD, **upload(GOOD))
    send(response["Location"], **write_button(client, response["Location"]))
    seminars.participant(Seminar.objects.first())

    send(undo_address(response["Location"]))

    assert (
        "is now used by another item (participant)"
        in client.get(response["Location"]).text
    )


def test_empty_oversized_or_unknown_upload_is_form_error(editor, client):
    large = upload(b"x" * (MAX_BYTES + 1))

    empty = client.post(ADD, upload(b"")).text
    page = client.post(ADD, {"resource": "nothing", "file": large["file"]}).text

    assert "The submitted file is empty." in empty
    assert "bytes or smaller" in page
    assert "Select a valid choice" in page
    assert not ImportBatch.objects.exists()


def test_unsupported_file_fails_with_reason(editor, client, send):
    response = send(ADD, **upload(b"%PDF-1.7", name="rows.xlsx"))

    assert (
        "The file must be xlsx or csv. Save it in one of these formats."
    ) in client.get(response["Location"]).text


def test_running_import_shows_progress(editor, client):
    batch = received(GOOD, by=editor)
    unknown = client.get(f"{LIST}{batch.pk}/change/").text
    progress = ImportProgress(batch.pk)
    progress.start(10)
    progress.advance(4)

    page = client.get(f"{LIST}{batch.pk}/change/").text

    assert '<progress id="import-progress"></progress>' in unknown
    assert '<progress id="import-progress" value="4" max="10"></progress>' in page
    assert "import-progress.js" in page
    assert '<a href="">Refresh</a>' in page


def test_import_page_query_count_is_constant(editor, client, django_assert_num_queries):
    single_row_batch, batch_of_three = (received(BAD, by=editor) for _ in range(2))
    for batch in (single_row_batch, batch_of_three):
        operations.check_import(batch, at=states.AT, progress=ImportProgress(batch.pk))
    batch_of_three.errors *= 3
    batch_of_three.save()

    for batch in (single_row_batch, batch_of_three):
        with django_assert_num_queries(6):
            client.get(f"{LIST}{batch.pk}/change/")
