"""Permissions for importing and exporting lists, and the content of exports."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.content.publishing.models import ImportBatch
from portal.reference.people.models import Person
from seminars.models import Participant
from tests.admin_forms import token_for
from tests.factories import people, seminars
from tests.portal.content.spreadsheets.import_helpers import (
    csv_of,
    permitted,
    received,
    written,
)
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


def upload(content: bytes, name="rows.csv", code="seminars") -> dict:
    return {"resource": code, "file": SimpleUploadedFile(name, content)}


def test_imports_are_hidden_without_add_permission(client, editor):
    people_batch = written(csv_of(("姓名", "国家"), ("阮文安", _vn())), "people")
    unreadable_batch = received(b"x", "seminar_participants", by=editor)

    assert "阮文安" not in client.get(LIST).text
    assert client.get(f"{LIST}{people_batch.pk}/change/").status_code in (302, 403)
    assert client.post(f"{LIST}{people_batch.pk}/undo/").status_code == 404
    assert client.get(f"{LIST}{unreadable_batch.pk}/errors/csv/").status_code == 404
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
def test_participant_import_requires_both_permissions(client, permissions):
    client.force_login(permitted(*permissions))

    statuses = [client.get(ADD).status_code, client.get(LIST).status_code]

    assert statuses == [403, 403]


def test_import_form_offers_permitted_resources(client):
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
    form_data = token_for(client, ADD) | upload(GOOD)
    response = client.post(ADD, form_data)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["resource"]
    assert not ImportBatch.objects.exists()


def test_export_respects_changelist_filters(editor, client):
    seminars.seminar("SEM-0001", scope="related")
    seminars.seminar("SEM-0002", scope="prosecutors")
    page = client.get("/admin/seminars/seminar/?scope=related").text

    response = opened(client, "/admin/seminars/seminar/export/csv/?scope=related")

    assert "/admin/seminars/seminar/export/csv/?scope=related" in page
    assert "/admin/publishing/importbatch/add/?resource=seminars" in page
    assert "SEM-0001" in response.body.decode()
    assert "SEM-0002" not in response.body.decode()


def test_selected_rows_are_exported(editor, client):
    chosen, _unselected = seminars.seminar("SEM-0001"), seminars.seminar("SEM-0002")
    data = {"action": "export_as_csv", "_selected_action": [chosen.pk]}

    content = client.post("/admin/seminars/seminar/", data).getvalue().decode()

    assert "SEM-0001" in content
    assert "SEM-0002" not in content


def test_person_export_requires_view_permission(client):
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


def test_person_export_requires_reauthentication(client):
    people.person("Sample Secret")
    user = permitted("people.view_person")
    client.force_login(user)
    url = "/admin/people/person/export/csv/"

    redirect = client.get(url)
    client.post("/accounts/reauthenticate/", {"password": "sample-password"})
    response = opened(client, url)

    assert redirect["Location"].startswith("/accounts/reauthenticate/?next=")
    assert "Sample Secret" in response.body.decode()


def test_too_long_xlsx_text_redirects_with_message(editor, client):
    seminars.seminar("SEM-0001", summary_en="x" * 40_000)

    response = client.get("/admin/seminars/seminar/export/xlsx/", follow=True)

    assert "longer than 32767 characters" in response.text
    assert opened(client, "/admin/seminars/seminar/export/csv/").status_code == 200


@pytest.mark.parametrize("path", ["export/pdf/", "export/xls/"])
def test_unsupported_export_format_returns_404(editor, client, path):
    assert client.get(f"/admin/seminars/seminar/{path}").status_code == 404


def test_export_headings_use_interface_language(editor, client):
    seminars.seminar()
    editor.interface_language = "zh-hans"
    editor.save()

    response = opened(client, "/admin/seminars/seminar/export/csv/")

    assert response.body.decode("utf-8-sig").startswith("编号,活动性质,")
