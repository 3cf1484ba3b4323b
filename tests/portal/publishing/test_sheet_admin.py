"""Pages on which a clerk brings a list in and takes one out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.publishing.models import ImportBatch
from portal.publishing.spreadsheets import operations
from portal.publishing.spreadsheets.progress import Progress
from portal.publishing.spreadsheets.sheets import MAX_BYTES
from seminars.models import Seminar
from tests.adminforms import token_for, write_button
from tests.factories import publishing as states
from tests.factories import seminars
from tests.house.addresses import opened
from tests.portal.publishing.office_sheets import csv_of, permitted, received

pytestmark = pytest.mark.django_db
ADD = "/admin/publishing/importbatch/add/"
LIST = "/admin/publishing/importbatch/"
GOOD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "related"))
BAD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "外交"))


@pytest.fixture
def editor(client):
    """Signed in, and may add, change and view seminars."""
    user = permitted(
        *("seminars.add_seminar", "seminars.change_seminar", "seminars.view_seminar")
    )
    client.force_login(user)
    return user


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    """Send a form, and have the work done that follows from it."""

    def send(address: str, **data):
        with django_capture_on_commit_callbacks(execute=True):
            token = token_for(client, address) if address == ADD else {}
            return client.post(address, token | data)

    return send


def undo_address(address: str) -> str:
    return address.replace("/change/", "/undo/")


def upload(content: bytes, name="rows.csv", code="seminars") -> dict:
    return {"resource": code, "file": SimpleUploadedFile(name, content)}


def test_day_of_a_list_from_the_file_to_its_undoing(editor, client, send):
    sent = send(ADD, **upload(GOOD))
    page = client.get(sent["Location"]).text
    assert "Nothing is saved yet" in page
    assert not Seminar.objects.exists()

    send(sent["Location"], **write_button(client, sent["Location"]))
    page = client.get(sent["Location"]).text
    assert "Undo this import" in page
    assert Seminar.objects.count() == 2
    assert set(Seminar.objects.values_list("status", "created_by")) == {
        ("draft", editor.pk)
    }

    send(undo_address(sent["Location"]))
    page = client.get(sent["Location"]).text
    assert not Seminar.objects.exists()
    assert "Undo this import" not in page


def test_bad_rows_are_shown_with_a_file_to_mend(editor, client, send):
    sent = send(ADD, **upload(BAD))

    page = client.get(sent["Location"]).text
    batch = ImportBatch.objects.get()
    sheet = opened(client, f"{LIST}{batch.pk}/errors/csv/")

    assert "<td>外交</td>" in page
    assert "<td>Use one of these: prosecutors, related.</td>" in page
    assert "Write all rows" not in page
    assert "scope: Use one of these" in sheet.body.decode()
    assert (
        sheet["Content-Disposition"] == f'attachment; filename="errors-{batch.pk}.csv"'
    )


def test_bad_rows_are_not_written_whoever_asks(editor, client, send):
    sent = send(ADD, **upload(BAD))

    send(sent["Location"], **write_button(client, sent["Location"]))

    assert "Some rows are bad" in client.get(sent["Location"]).text
    assert not Seminar.objects.exists()


def test_import_that_cannot_be_undone_says_why(editor, client, send):
    sent = send(ADD, **upload(GOOD))
    send(sent["Location"], **write_button(client, sent["Location"]))
    seminars.participant(Seminar.objects.first())

    send(undo_address(sent["Location"]))

    assert "is used by a participant by now" in client.get(sent["Location"]).text


def test_file_that_is_none_is_refused_in_the_form(editor, client):
    large = upload(b"x" * (MAX_BYTES + 1))

    empty = client.post(ADD, upload(b"")).text
    other = client.post(ADD, {"resource": "nothing", "file": large["file"]}).text

    assert "The submitted file is empty." in empty
    assert "the limit is" in other
    assert "Select a valid choice" in other
    assert not ImportBatch.objects.exists()


def test_file_of_another_kind_fails_with_the_reason(editor, client, send):
    sent = send(ADD, **upload(b"%PDF-1.7", name="rows.xlsx"))

    assert "The file is neither xlsx nor csv." in client.get(sent["Location"]).text


def test_page_of_a_running_import_shows_how_far_it_is(editor, client):
    batch = received(GOOD, by=editor)
    unknown = client.get(f"{LIST}{batch.pk}/change/").text
    progress = Progress(batch.pk)
    progress.begin(10)
    progress.advance(4)

    page = client.get(f"{LIST}{batch.pk}/change/").text

    assert '<progress id="import-progress"></progress>' in unknown
    assert '<progress id="import-progress" value="4" max="10"></progress>' in page
    assert "import-progress.js" in page
    assert '<a href="">Refresh</a>' in page


def test_import_page_takes_as_many_queries_for_three_errors_as_for_one(
    editor, client, django_assert_num_queries
):
    one, three = (received(BAD, by=editor) for _ in range(2))
    for batch in (one, three):
        operations.check(batch, at=states.AT, progress=Progress(batch.pk))
    three.errors *= 3
    three.save()

    for batch in (one, three):
        with django_assert_num_queries(6):
            client.get(f"{LIST}{batch.pk}/change/")
