"""Preview of an import: the values that will be saved, shown before writing."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.publishing.models import ImportBatch
from portal.content.spreadsheets.previews import MAX_PREVIEW_CHANGES, MAX_PREVIEW_ROWS
from portal.reference.people.models import Person
from seminars.models import Seminar
from tests.admin_forms import write_button
from tests.factories import directory, people, seminars
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    csv_of,
    permitted,
    staff_user,
    xlsx_of,
)
from tests.portal.content.spreadsheets.test_admin import ADD, undo_address, upload
from tests.portal.content.spreadsheets.test_admin import editor as editor
from tests.portal.content.spreadsheets.test_admin import send as send

pytestmark = pytest.mark.django_db
HEAD = ("code", "title_en", "scope", "participating_countries", "participants_count")


def test_page_shows_rows_as_they_will_be_saved(editor, client, send):
    directory.country("VN", name_en="Viet Nam")
    sheet = csv_of(HEAD, ("", "New one", "related", "VN", "12"))

    page = client.get(send(ADD, **upload(sheet))["Location"]).text

    assert "The first row as it will be saved" in page
    assert "VN Viet Nam" in page
    for text in ("title_en", "New one", "related", "12"):
        assert text in page, text
    assert "The headings are in row 1." in page


def test_page_shows_changed_values_next_to_stored_values(editor, client, send):
    seminars.seminar(title_en="Old title", reported_participants=12, code="SEM-0001")
    sheet = csv_of(HEAD[:2], ("SEM-0001", "New title"))

    page = client.get(send(ADD, **upload(sheet))["Location"]).text

    assert "Changed values" in page
    assert page.count("Old title") >= 2
    assert "New title" in page
    assert "<td>12</td>" not in page


def test_page_shows_the_first_rows_and_counts_the_other_changes(editor, client, send):
    count = MAX_PREVIEW_CHANGES + 2
    for number in range(count):
        seminars.seminar(title_en=f"Old {number}", code=f"SEM-{number + 1:04}")
    rows = [(f"SEM-{number + 1:04}", f"New {number}") for number in range(count)]

    page = client.get(send(ADD, **upload(csv_of(HEAD[:2], *rows)))["Location"]).text

    assert f"The first {MAX_PREVIEW_ROWS} rows as they will be saved" in page
    assert "2 more changed values are not shown." in page
    assert f"New {MAX_PREVIEW_CHANGES - 1}<" in page
    assert f"New {MAX_PREVIEW_CHANGES}<" not in page


def test_preview_takes_as_many_queries_for_twenty_rows_as_for_three():
    for iso2, name in (("VN", "Viet Nam"), ("TH", "Thailand")):
        directory.country(iso2, name_en=name)
    counts = []
    # The first check also fills caches.
    for count in (1, 3, 20):
        rows = [
            ("", f"Row {count} {number}", "related", "VN;TH", "1")
            for number in range(count)
        ]
        with CaptureQueriesContext(connection) as queries:
            batch = checked(csv_of(HEAD, *rows))
        assert len(batch.preview["rows"]) == count
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_preview_of_participants_shows_the_person_as_recorded_and_who_is_new():
    country = directory.country("VN", name_en="Viet Nam")
    organ = directory.organ("vn-spp", country=country)
    seminars.seminar(code="SEM-0001")
    Person.objects.create(
        name_own="阮氏红",
        name_latin="Nguyen Thi Hong",
        rank="",
        organ=organ,
        country=country,
        created_by=staff_user(),
        updated_by=staff_user(),
        created_at=states.AT,
        updated_at=states.AT,
    )

    batch = checked(
        csv_of(
            ("seminar", "姓名", "职级或职务", "organ_key", "country_iso2"),
            ("SEM-0001", "阮氏红", "检察官", "vn-spp", "VN"),
            ("SEM-0001", "陈文安", "检察官", "vn-spp", "VN"),
        ),
        "seminar_participants",
    )

    assert (batch.problem, batch.errors) == ("", [])
    first, second = batch.preview["rows"]
    rank = batch.preview["headings"].index("职级或职务")
    assert first["cells"][rank] == ["检察官", ""]
    assert second["cells"][rank] == ["检察官"]
    assert batch.counts["others"] == [["People", 1, 1]]
    assert [change[2:] for change in batch.preview["changes"]] == [
        ["职级或职务", "", "检察官"]
    ]


def test_preview_of_known_participants_shows_what_changes_of_the_person():
    organ = directory.organ("vn-spp")
    person = people.person("Nguyen Thi Hong", rank="检察官", organ=organ)
    seminars.participant(seminars.seminar(code="SEM-0001"), person=person, organ=organ)

    batch = checked(
        csv_of(
            ("seminar", "拉丁字母姓名", "职级或职务", "organ_key"),
            ("SEM-0001", "Nguyen Thi Hong", "检察长", "vn-spp"),
        ),
        "seminar_participants",
    )

    (row,) = batch.preview["rows"]
    assert row["action"] == "updated"
    assert ["检察长", "检察官"] in row["cells"]


def test_values_that_changed_since_they_were_shown_are_not_written(
    editor, client, send
):
    seminars.seminar(title_en="Old title", code="SEM-0001")
    response = send(ADD, **upload(csv_of(HEAD[:2], ("SEM-0001", "New title"))))
    write = write_button(client, response["Location"])
    Seminar.objects.update(title_en="Other title")

    send(response["Location"], **write)
    page = client.get(response["Location"]).text

    assert Seminar.objects.get().title_en == "Other title"
    assert (
        "Nothing was imported, because a record has changed since "
        "the file was checked. Check the values again before you "
        "import them."
    ) in page
    assert "Other title" in page

    send(response["Location"], **write_button(client, response["Location"]))
    assert Seminar.objects.get().title_en == "New title"


def test_page_of_an_earlier_check_writes_nothing(editor, client, send):
    response = send(ADD, **upload(csv_of(HEAD[1:3], ("New", "related"))))

    send(response["Location"], _write="1", plan_sha256="0" * 64)

    assert (
        "The file has been checked again. Check the values before you import them."
    ) in client.get(response["Location"]).text
    assert not Seminar.objects.exists()


def test_written_records_are_linked_and_the_values_are_no_longer_kept(
    editor, client, send
):
    response = send(ADD, **upload(csv_of(HEAD[1:3], ("New", "related"))))
    send(response["Location"], **write_button(client, response["Location"]))

    page = client.get(response["Location"]).text
    new_seminar = Seminar.objects.get()
    assert f'<a href="/admin/seminars/seminar/{new_seminar.pk}/change/">' in page
    batch = ImportBatch.objects.get()
    stored_values = (
        batch.preview,
        batch.warnings,
        batch.questions,
        batch.answers,
        batch.errors,
    )
    assert stored_values == ({}, [], [], {}, [])

    Seminar.objects.all().delete()
    page = client.get(response["Location"]).text
    assert "deleted" in page
    assert f"/admin/seminars/seminar/{new_seminar.pk}/change/" not in page


def test_links_to_more_records_are_on_further_pages(editor, client, send):
    rows = [(f"New {number}", "related") for number in range(101)]
    response = send(ADD, **upload(csv_of(HEAD[1:3], *rows)))
    send(response["Location"], **write_button(client, response["Location"]))

    first = client.get(response["Location"]).text
    second = client.get(f"{response['Location']}?p=2").text

    assert "Page 1 of 2" in first
    assert second.count("/admin/seminars/seminar/") < first.count(
        "/admin/seminars/seminar/"
    )
    assert f"/admin/seminars/seminar/{Seminar.objects.latest('pk').pk}/" in second


def test_undo_requires_confirmation(editor, client, send):
    response = send(ADD, **upload(csv_of(HEAD[1:3], ("New", "related"))))
    send(response["Location"], **write_button(client, response["Location"]))

    page = client.get(undo_address(response["Location"])).text
    assert "Records created by this import that will be deleted: 1." in page
    assert Seminar.objects.count() == 1

    send(undo_address(response["Location"]))
    assert not Seminar.objects.exists()
    assert client.get(undo_address(response["Location"])).status_code == 302


def test_forgotten_file_leaves_no_values(editor, client, send):
    batch = checked(xlsx_of(HEAD[1:3], ("New", "related")))
    assert batch.preview
    ImportBatch.objects.update(received_at=states.AT - dt.timedelta(days=31))

    checked(csv_of(HEAD[1:3], ("Other", "related")))

    batch.refresh_from_db()
    assert (batch.preview, batch.warnings, batch.questions) == ({}, [], [])


def test_file_that_changes_nothing_has_nothing_to_write(editor, client, send):
    seminars.seminar(title_en="Same", code="SEM-0001")

    response = send(ADD, **upload(csv_of(HEAD[:2], ("SEM-0001", "Same"))))

    page = client.get(response["Location"]).text
    assert ("All rows match existing records. There is nothing to import.") in page
    assert "Import all rows" not in page


def test_answers_can_be_changed_where_they_lead_to_an_error(client, send):
    """“No, a different person” is an error in a training list: not a participant."""
    registrar = permitted(
        *(
            f"seminars.{action}_{name}"
            for action in ("add", "change", "view")
            for name in ("trainingrecord", "participant")
        ),
        "seminars.view_seminar",
    )
    client.force_login(registrar)
    organ = directory.organ("vn-spp")
    person = people.person("Nguyễn Thị Hồng", rank="秘密", organ=organ)
    seminars.participant(seminars.seminar(code="SEM-0001"), person=person)
    sheet = csv_of(
        ("研修班", "拉丁字母姓名", "机构", "完成学时"),
        ("SEM-0001", "Nguyễn Thị Hòng", "vn-spp", "36"),
    )
    url = send(ADD, **upload(sheet, code="training_records"))["Location"]
    (question,) = ImportBatch.objects.get().questions
    assert "秘密" not in client.get(url).text

    send(url, _answer="1", **{question["key"]: "new"})
    page = client.get(url).text
    assert (
        "This person is not a participant in the seminar. Add them "
        "as a participant first."
    ) in page
    assert "You can change these answers." in page

    send(url, _answer="1", **{question["key"]: str(person.pk)})
    assert "Import all rows" in client.get(url).text


def test_answers_to_a_file_that_is_being_checked_are_refused_with_a_message(
    editor, client, send
):
    url = send(ADD, **upload(csv_of(HEAD[1:3], ("New", "related"))))["Location"]

    send(url, _answer="1")

    assert "Your answers were not saved" in client.get(url).text


def test_list_of_imports_reads_nothing_of_their_values(editor, client, send):
    send(ADD, **upload(csv_of(HEAD[1:3], ("New", "related"))))

    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/publishing/importbatch/")

    assert not any('"preview"' in query["sql"] for query in queries)
    assert any("publishing_importbatch" in query["sql"] for query in queries)
