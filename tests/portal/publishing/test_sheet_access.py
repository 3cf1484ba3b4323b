"""Who may bring a list in, and who may take one out, and how it is taken."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.people.models import Person
from portal.publishing.models import ImportBatch
from seminars.models import Participant
from tests.adminforms import token_for
from tests.factories import people, seminars
from tests.house.addresses import opened
from tests.portal.publishing.office_sheets import csv_of, permitted, received, written

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


def upload(content: bytes, name="rows.csv", code="seminars") -> dict:
    return {"resource": code, "file": SimpleUploadedFile(name, content)}


def test_nobody_sees_imports_of_what_they_may_not_enter(client, editor):
    people_batch = written(csv_of(("姓名", "国家"), ("阮文安", _vn())), "people")
    bad = received(b"x", "seminar_participants", by=editor)

    assert "阮文安" not in client.get(LIST).text
    assert client.get(f"{LIST}{people_batch.pk}/change/").status_code in (302, 403)
    assert client.post(f"{LIST}{people_batch.pk}/undo/").status_code == 404
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
            *("people.add_person", "people.change_person", "seminars.view_seminar"),
        )
    )

    page = client.get(f"{ADD}?resource=seminar_participants").text

    assert '<option value="seminar_participants" selected>' in page
    assert '<option value="people">' in page
    assert '<option value="seminars">' not in page
    sent = token_for(client, ADD) | upload(GOOD)
    answer = client.post(ADD, sent)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["resource"]
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


def test_people_are_taken_out_only_by_who_has_just_signed_in(client):
    people.person("Sample Secret")
    user = permitted("people.view_person")
    client.force_login(user)
    address = "/admin/people/person/export/csv/"

    asked = client.get(address)
    client.post("/accounts/reauthenticate/", {"password": "sample-password"})
    answer = opened(client, address)

    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert "Sample Secret" in answer.body.decode()


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
    editor.interface_language = "zh-hans"
    editor.save()

    answer = opened(client, "/admin/seminars/seminar/export/csv/")

    assert answer.body.decode("utf-8-sig").startswith("编号,范围,")
