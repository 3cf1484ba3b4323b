"""Lists of rows that no sheet brings in are taken out as the desk shows them."""

import csv
import io

import pytest
from openpyxl import load_workbook

from tests.factories import directory, publishing, seminars
from tests.factories.people import person
from tests.portal.publishing.office_sheets import permitted
from tests.signing_in import confirmed

pytestmark = pytest.mark.django_db
REDIRECTS = "/admin/publishing/redirect/"
CERTIFICATES = "/admin/seminars/certificate/"


def rows(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def editor(client):
    client.force_login(permitted("publishing.view_redirect"))
    return client


@pytest.fixture
def certificate():
    learned = seminars.participant(person=person("Sample Name"))
    return seminars.certificate(seminars.training_record(learned), number="CERT-1")


def test_list_is_taken_out_with_the_columns_that_it_shows(editor):
    publishing.redirect("/ywb/one.shtml", "/en/")
    publishing.redirect("/ywb/two.shtml", "/en/news/")

    told = rows(editor.get(f"{REDIRECTS}export/csv/"))

    assert len(told[0]) == 2
    assert sorted(told[1:]) == [
        ["/ywb/one.shtml", "/en/"],
        ["/ywb/two.shtml", "/en/news/"],
    ]


def test_list_is_taken_out_as_it_is_filtered(editor):
    publishing.redirect("/ywb/one.shtml", "/en/")
    publishing.redirect("/ywb/two.shtml", "/en/news/")

    told = rows(editor.get(f"{REDIRECTS}export/csv/?q=two"))

    assert told[1:] == [["/ywb/two.shtml", "/en/news/"]]


def test_cells_of_xlsx_are_text(editor):
    publishing.redirect("/ywb/one.shtml", "/en/")

    answer = editor.get(f"{REDIRECTS}export/xlsx/")

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet[2]] == ["/ywb/one.shtml", "/en/"]
    assert {cell.data_type for cell in sheet[2]} <= {"s", "inlineStr"}


def test_chosen_rows_are_taken_out(editor):
    publishing.redirect("/ywb/one.shtml", "/en/")
    chosen = publishing.redirect("/ywb/two.shtml", "/en/news/")
    data = {"action": "export_as_csv", "_selected_action": [chosen.pk]}

    told = rows(editor.post(REDIRECTS, data))

    assert told[1:] == [["/ywb/two.shtml", "/en/news/"]]


def test_nothing_runs_as_a_formula(client):
    directory.party("=1+1", country=directory.country("VN"))
    client.force_login(permitted("directory.view_namedparty"))

    told = rows(client.get("/admin/directory/namedparty/export/csv/"))

    assert told[1][0] == "'=1+1"


def test_list_of_people_asks_who_takes_it(client, certificate):
    clerk = permitted(
        *("seminars.view_certificate", "seminars.view_trainingrecord"),
        *("seminars.view_participant", "seminars.view_seminar", "people.view_person"),
    )
    confirmed(client, clerk, minutes_ago=30)
    asked = client.get(f"{CERTIFICATES}export/csv/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")

    confirmed(client, clerk)
    told = rows(client.get(f"{CERTIFICATES}export/csv/"))

    assert told[1][0] == certificate.number
    assert "Sample Name" in told[1][1]


def test_columns_that_are_hidden_in_the_list_are_not_taken_out(client, certificate):
    confirmed(client, permitted("seminars.view_certificate"))

    told = rows(client.get(f"{CERTIFICATES}export/csv/"))

    assert told[1][0] == certificate.number
    assert "Sample Name" not in str(told)


def test_list_costs_the_same_for_one_row_as_for_three(
    editor, django_assert_num_queries
):
    def asked():
        return rows(editor.get(f"{REDIRECTS}export/csv/"))

    publishing.redirect("/ywb/0.shtml", "/en/")
    asked()
    with django_assert_num_queries(8):
        asked()
    for number in (1, 2):
        publishing.redirect(f"/ywb/{number}.shtml", "/en/")
    with django_assert_num_queries(8):
        assert len(asked()) == 1 + 3
