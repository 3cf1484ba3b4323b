"""Pages on which a clerk brings a list in and takes one out."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.people.models import Person
from portal.publishing.models import ImportBatch
from portal.publishing.spreadsheets import operations
from portal.publishing.spreadsheets.progress import Progress
from portal.publishing.spreadsheets.sheets import MAX_BYTES
from seminars.models import Participant, Seminar
from tests.factories import people, seminars
from tests.factories import publishing as states
from tests.house.addresses import opened
from tests.portal.publishing.office_sheets import csv_of, received, written

pytestmark = pytest.mark.django_db
ADD = "/admin/publishing/importbatch/add/"
LIST = "/admin/publishing/importbatch/"
GOOD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "related"))
BAD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "外交"))


def permitted(*names: str, username="sample.clerk"):
    """Staff who may do this to these models (``seminars.add_seminar``)."""
    found = [
        Permission.objects.get(
            content_type__app_label=name.split(".")[0], codename=name.split(".")[1]
        )
        for name in names
    ]
    return states.staff(username, permissions=found)


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
            return client.post(address, data)

    return send


def upload(content: bytes, name="rows.csv", code="seminars") -> dict:
    return {"resource": code, "file": SimpleUploadedFile(name, content)}


def test_day_of_a_list_from_the_file_to_its_undoing(editor, client, send):
    sent = send(ADD, **upload(GOOD))
    page = client.get(sent["Location"]).text
    assert "Nothing is saved yet" in page
    assert not Seminar.objects.exists()

    send(sent["Location"], _write="1")
    page = client.get(sent["Location"]).text
    assert "Undo this import" in page
    assert Seminar.objects.count() == 2
    assert set(Seminar.objects.values_list("status", "created_by")) == {
        ("draft", editor.pk)
    }

    send(sent["Location"], _undo="1")
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

    send(sent["Location"], _write="1")

    assert "Some rows are bad" in client.get(sent["Location"]).text
    assert not Seminar.objects.exists()


def test_import_that_cannot_be_undone_says_why(editor, client, send):
    sent = send(ADD, **upload(GOOD))
    send(sent["Location"], _write="1")
    seminars.participant(Seminar.objects.first())

    send(sent["Location"], _undo="1")

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


# ----------------------------------------------------------------------- who may what


def test_nobody_sees_imports_of_what_they_may_not_enter(client, editor):
    people_batch = written(csv_of(("姓名", "国家"), ("阮文安", _vn())), "people")
    bad = received(b"x", "seminar_participants", by=editor)

    assert "阮文安" not in client.get(LIST).text
    assert client.get(f"{LIST}{people_batch.pk}/change/").status_code in (302, 403)
    assert client.post(
        f"{LIST}{people_batch.pk}/change/", {"_undo": 1}
    ).status_code in (
        302,
        403,
    )
    assert client.get(f"{LIST}{bad.pk}/errors/csv/").status_code == 404
    assert Person.objects.count() == 1


def _vn() -> str:
    from tests.factories import directory

    return directory.any_country("VN").iso2


@pytest.mark.parametrize(
    "permissions",
    [
        ("seminars.add_participant", "seminars.change_participant"),
        (
            "seminars.add_participant",
            "seminars.change_participant",
            "people.add_person",
        ),
        ("seminars.add_seminar",),
        ("publishing.add_importbatch", "publishing.view_importbatch"),
    ],
)
def test_participants_need_the_rights_to_both(client, permissions):
    client.force_login(permitted(*permissions))

    statuses = [client.get(ADD).status_code, client.get(LIST).status_code]

    assert statuses == [403, 403]


def test_form_offers_what_its_reader_may_bring_in(client):
    client.force_login(
        permitted(
            *("seminars.add_participant", "seminars.change_participant"),
            *("people.add_person", "people.change_person"),
        )
    )

    page = client.get(f"{ADD}?resource=seminar_participants").text

    assert '<option value="seminar_participants" selected>' in page
    assert '<option value="people">' in page
    assert '<option value="seminars">' not in page
    assert client.post(ADD, upload(GOOD)).status_code == 200
    assert not ImportBatch.objects.exists()


def test_list_is_taken_out_as_it_is_filtered(editor, client):
    seminars.seminar("SEM-0001", scope="related")
    seminars.seminar("SEM-0002", scope="prosecutors")
    page = client.get("/admin/seminars/seminar/?scope=related").text

    answer = opened(client, "/admin/seminars/seminar/export/csv/?scope=related")

    assert "/admin/seminars/seminar/export/csv/?scope=related" in page
    assert "/admin/publishing/importbatch/add/?resource=seminars" in page
    assert "SEM-0001" in answer.body.decode()
    assert "SEM-0002" not in answer.body.decode()


def test_chosen_rows_are_taken_out(editor, client):
    chosen, _other = seminars.seminar("SEM-0001"), seminars.seminar("SEM-0002")
    data = {"action": "export_as_csv", "_selected_action": [chosen.pk]}

    answer = client.post("/admin/seminars/seminar/", data).getvalue().decode()

    assert "SEM-0001" in answer
    assert "SEM-0002" not in answer


def test_who_may_not_see_a_person_cannot_take_one_out(client):
    people.person("Sample Secret")
    seminars.participant()
    client.force_login(permitted("seminars.view_participant"))

    page = client.get("/admin/seminars/participant/").text
    statuses = [
        client.get(f"/admin/{model}/export/csv/").status_code
        for model in ("seminars/participant", "people/person", "seminars/seminar")
    ]
    data = {"action": "export_as_csv", "_selected_action": [1]}
    client.post("/admin/seminars/participant/", data)

    assert "export" not in page
    assert statuses == [403, 403, 403]
    assert Participant.objects.count() == 1


def test_text_that_xlsx_cannot_hold_leads_back_with_a_line(editor, client):
    seminars.seminar("SEM-0001", summary_en="x" * 40_000)

    answer = client.get("/admin/seminars/seminar/export/xlsx/", follow=True)

    assert "longer than the 32767 characters" in answer.text
    assert opened(client, "/admin/seminars/seminar/export/csv/").status_code == 200


@pytest.mark.parametrize("path", ["export/pdf/", "export/xls/"])
def test_no_other_form_is_offered(editor, client, path):
    assert client.get(f"/admin/seminars/seminar/{path}").status_code == 404


def test_headings_are_in_the_language_of_the_desk(editor, client):
    seminars.seminar()
    headers = {"accept-language": "zh-CN"}

    answer = opened(client, "/admin/seminars/seminar/export/csv/", **headers)

    assert answer.body.decode("utf-8-sig").startswith("编号,范围,")
