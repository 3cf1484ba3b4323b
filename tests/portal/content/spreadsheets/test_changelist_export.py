"""Exports of lists that have no import format: the columns of the changelist."""

import csv
import io

import pytest
from openpyxl import load_workbook

from portal.content.spreadsheets import changelist_mixin
from tests.factories import directory, publishing, seminars
from tests.factories.people import person
from tests.portal.content.spreadsheets.import_helpers import permitted
from tests.sign_in import confirmed

pytestmark = pytest.mark.django_db
REDIRECTS = "/admin/publishing/redirect/"
CERTIFICATES = "/admin/seminars/certificate/"


def rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def editor(client):
    client.force_login(permitted("publishing.view_redirect"))
    return client


@pytest.fixture
def certificate(monkeypatch):
    """Create a certificate, whose list is exported as if it had no import format."""
    monkeypatch.setattr(changelist_mixin, "get_resource_for_model", lambda model: None)
    participant = seminars.participant(person=person("Sample Name"))
    return seminars.certificate(seminars.training_record(participant), number="CERT-1")


def test_changelist_export_has_displayed_columns(editor):
    publishing.redirect("/ywb/one.shtml", "/en/")
    publishing.redirect("/ywb/two.shtml", "/en/news/")

    table = rows(editor.get(f"{REDIRECTS}export/csv/"))

    assert len(table[0]) == 2
    assert sorted(table[1:]) == [
        ["/ywb/one.shtml", "/en/"],
        ["/ywb/two.shtml", "/en/news/"],
    ]


def test_changelist_export_respects_filters(editor):
    publishing.redirect("/ywb/one.shtml", "/en/")
    publishing.redirect("/ywb/two.shtml", "/en/news/")

    table = rows(editor.get(f"{REDIRECTS}export/csv/?q=two"))

    assert table[1:] == [["/ywb/two.shtml", "/en/news/"]]


def test_cells_of_xlsx_are_text(editor):
    publishing.redirect("/ywb/one.shtml", "/en/")

    response = editor.get(f"{REDIRECTS}export/xlsx/")

    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [cell.value for cell in sheet[2]] == ["/ywb/one.shtml", "/en/"]
    assert {cell.data_type for cell in sheet[2]} <= {"s", "inlineStr"}


def test_selected_rows_are_exported(editor):
    publishing.redirect("/ywb/one.shtml", "/en/")
    chosen = publishing.redirect("/ywb/two.shtml", "/en/news/")
    data = {"action": "export_as_csv", "_selected_action": [chosen.pk]}

    table = rows(editor.post(REDIRECTS, data))

    assert table[1:] == [["/ywb/two.shtml", "/en/news/"]]


def test_export_escapes_formulas(client):
    directory.party("=1+1", country=directory.country("VN"))
    client.force_login(permitted("directory.view_namedparty"))

    table = rows(client.get("/admin/directory/namedparty/export/csv/"))

    assert table[1][0] == "'=1+1"


def test_people_export_requires_reauthentication(client, certificate):
    user = permitted(
        *("seminars.view_certificate", "seminars.view_trainingrecord"),
        *("seminars.view_participant", "seminars.view_seminar", "people.view_person"),
    )
    confirmed(client, user, minutes_ago=30)
    redirect = client.get(f"{CERTIFICATES}export/csv/")
    assert redirect["Location"].startswith("/accounts/reauthenticate/")

    confirmed(client, user)
    table = rows(client.get(f"{CERTIFICATES}export/csv/"))

    assert table[1][0] == certificate.number
    assert "Sample Name" in table[1][1]


def test_hidden_columns_are_not_exported(client, certificate):
    confirmed(client, permitted("seminars.view_certificate"))

    table = rows(client.get(f"{CERTIFICATES}export/csv/"))

    assert table[1][0] == certificate.number
    assert "Sample Name" not in str(table)


def test_export_query_count_is_constant(editor, django_assert_num_queries):
    def export():
        return rows(editor.get(f"{REDIRECTS}export/csv/"))

    publishing.redirect("/ywb/0.shtml", "/en/")
    export()
    with django_assert_num_queries(8):
        export()
    for number in (1, 2):
        publishing.redirect(f"/ywb/{number}.shtml", "/en/")
    with django_assert_num_queries(8):
        assert len(export()) == 1 + 3
