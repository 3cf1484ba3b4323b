"""Exports for people: names, dates, choices and the status as people read them."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from portal.content.publishing.links import bulk_set_links
from portal.content.spreadsheets.people_export import build_list_for_readers
from portal.content.spreadsheets.permissions import can_export, can_import
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from seminars.models import Seminar
from tests.factories import conference, directory, people, seminars
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.import_helpers import permitted
from tests.portal.content.spreadsheets.test_export import two_of_each_model
from tests.project.related_records import enrich, fresh
from tests.project.url_table import opened
from tests.sign_in import confirmed

pytestmark = pytest.mark.django_db
URL = "/admin/seminars/seminar/export/people"


@pytest.fixture
def editor(client):
    """Sign in a user who may view seminars; return the user."""
    user = permitted("seminars.view_seminar")
    client.force_login(user)
    return user


def table(response) -> dict[str, list[str]]:
    """Return the columns of a CSV file by heading."""
    rows = list(csv.reader(io.StringIO(response.body.decode("utf-8-sig"))))
    return {heading: list(cells) for heading, *cells in zip(*rows, strict=True)}


def sample_seminar() -> Seminar:
    record = seminars.seminar(
        "SEM-0001",
        title_zh_hans="样例研修班",
        scope="related",
        starts_on=dt.date(2018, 9, 1),
        date_precision="month",
        hours="36.5",
        reported_participants=25,
        summary_en="=1+1",
    )
    vietnam, laos = directory.country("VN"), directory.country("LA")
    organ = directory.organ("sample-organ", name_zh_hans="样例检察院")
    party = directory.party("Sample Ministry", country=vietnam)
    for name, pks in (
        ("participating_countries", [vietnam.pk, laos.pk]),
        ("organiser_organs", [organ.pk]),
        ("organiser_parties", [party.pk]),
    ):
        bulk_set_links(Seminar, name, {record.pk: pks})
    return record


def test_cells_are_written_for_chinese_readers(editor, client):
    sample_seminar()
    editor.interface_language = "zh-hans"
    editor.save()

    columns = table(opened(client, f"{URL}/csv/"))

    assert columns["编号"] == ["SEM-0001"]
    assert columns["开始日期"] == ["2018年9月"]
    assert columns["参加国家"] == ["越南\n老挝"]
    assert columns["主办单位"] == ["样例检察院"]
    assert "越南" in columns["其他主办单位"][0]
    assert "related" not in columns["活动性质"]
    assert "草稿" in str(columns)
    assert "日期精确到" not in columns
    # No row has one.
    assert "结束日期" not in columns


def test_cells_are_written_for_english_readers(editor, client):
    sample_seminar()

    columns = table(opened(client, f"{URL}/csv/"))

    assert columns["Participating countries"] == ["Viet Nam\nLao PDR"]
    assert columns["Title (Simplified Chinese)"] == ["样例研修班"]
    assert "September 2018" in str(columns)
    assert columns["Status"] == ["draft"]
    assert columns["Summary (English)"] == ["'=1+1"]


def test_xlsx_for_people_can_be_read_and_printed(editor, client):
    sample_seminar()

    content = opened(client, f"{URL}/xlsx/").body

    sheet = load_workbook(io.BytesIO(content)).active
    cells = {heading.value: cell for heading, cell in zip(*sheet.rows, strict=True)}
    assert sheet.title == "Seminars"
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["B"].width
    hours = next(cell for cell in cells.values() if cell.value == 36.5)
    assert hours.data_type == "n"
    assert cells["Summary (English)"].data_type != "f"
    assert cells["Summary (English)"].value == "=1+1"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"landscape" in package.read("xl/worksheets/sheet1.xml")


def test_english_headings_are_names_of_fields():
    for code, names in (
        (
            "people",
            ["Person number", "Name in original script", "Name in Latin letters"],
        ),
        ("border_meetings", ["Agenda items (English)", "Host country", "Code"]),
    ):
        [headings], _layout = build_list_for_readers(get_resource(code), [])
        assert set(names) <= set(headings), headings
        assert len(set(headings)) == len(headings)


def test_rich_text_is_plain():
    record = conference.page(body_en="<p>One &amp; two</p><ul><li>three</li></ul>")

    (headings, row), _layout = build_list_for_readers(
        get_resource("pages"), [record.pk]
    )

    assert row[headings.index("Text (English)")] == "One & two\n\nthree"


def test_list_offers_both_exports_with_its_filters(editor, client):
    seminars.seminar("SEM-0001", scope="related")
    other = seminars.seminar("SEM-0002", scope="prosecutors")

    page = client.get("/admin/seminars/seminar/?scope=related").text
    filtered = table(opened(client, f"{URL}/csv/?scope=related"))
    chosen = client.post(
        "/admin/seminars/seminar/",
        {"action": "export_for_people_as_csv", "_selected_action": [other.pk]},
    )

    assert f"{URL}/xlsx/?scope=related" in page
    assert "/admin/seminars/seminar/export/xlsx/?scope=related" in page
    assert "SEM-0001" in filtered["Code"]
    assert "SEM-0002" not in filtered["Code"]
    assert "SEM-0002" in chosen.getvalue().decode()


def test_people_need_permission_and_recent_authentication(client):
    people.person("Sample Secret")
    url = "/admin/people/person/export/people/csv/"
    user = permitted("people.view_person")
    confirmed(client, user, minutes_ago=30)
    redirect = client.get(url)
    confirmed(client, user)
    permitted_answer = opened(client, url).body.decode()
    client.force_login(permitted("seminars.view_participant", username="other"))

    assert redirect["Location"].startswith("/accounts/reauthenticate/?next=")
    assert "Sample Secret" in permitted_answer
    assert client.get(url).status_code == 403


def test_certificates_need_permission_for_their_persons_too(client):
    """The sheet names the persons, whose names are not in the table itself."""
    resource = get_resource("certificates")
    only_certificates = permitted(
        "seminars.view_certificate",
        "seminars.add_certificate",
        "seminars.change_certificate",
        "seminars.view_seminar",
        "directory.view_organ",
        username="other",
    )
    user = permitted(
        "seminars.view_certificate",
        "seminars.view_trainingrecord",
        "seminars.view_participant",
        "seminars.view_seminar",
        "directory.view_organ",
    )
    confirmed(client, user, minutes_ago=30)
    answer = client.get("/admin/seminars/certificate/export/people/csv/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert not can_export(only_certificates, resource)
    assert not can_import(only_certificates, resource)


def test_query_count_of_all_kinds_is_constant():
    with collect_failures() as failures:
        for code in get_resource_codes():
            # There can be only one sample row with this host.
            more = 1 if code == "evidence_only_hosts" else 3
            with failures.isolated_case(code):
                assert _count_queries(code, 1) == _count_queries(code, more)


def _count_queries(code: str, count: int) -> int:
    """Return the number of queries that export ``count`` records of a kind."""
    resource, related = get_resource(code), two_of_each_model()
    if code == "evidence_only_hosts":
        resource.model.objects.all().delete()
    pks = [enrich(fresh(resource.model), 2, related).pk for _ in range(count)]
    ContentType.objects.clear_cache()
    with translation.override("zh-hans"), CaptureQueriesContext(connection) as log:
        (headings, *rows), _layout = build_list_for_readers(resource, pks)
    assert [len(row) for row in rows] == [len(headings)] * count
    return len(log)
