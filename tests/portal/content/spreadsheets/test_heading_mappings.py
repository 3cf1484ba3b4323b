"""Columns with unknown headings: questions, remembered choices, and their admin."""

import pytest
from django.db import IntegrityError, transaction

from portal.content.publishing.models import HeadingMapping, ImportBatch
from portal.content.spreadsheets import operations
from portal.content.spreadsheets.headings import map_headings
from portal.content.spreadsheets.progress import ImportProgress
from portal.content.spreadsheets.registry import get_resource
from portal.core.audit.models import Deed
from seminars.models import Seminar
from tests.admin_forms import write_button
from tests.factories import directory, publishing
from tests.factories.publishing import AT, staff
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    csv_of,
    permitted,
    staff_user,
    xlsx_of,
)
from tests.portal.content.spreadsheets.test_admin import ADD, upload
from tests.portal.content.spreadsheets.test_admin import send as send

pytestmark = pytest.mark.django_db
MAPPINGS = "/admin/publishing/headingmapping/"
TEACHING, CONTACT = "heading:授课时长", "heading:联系人"
SHEET = csv_of(("标题", "范围", "授课时长"), ("甲", "related", "36"))


@pytest.fixture
def editor(client):
    """Sign in a user who may add, change and view seminars; return the user."""
    user = permitted(
        *("seminars.add_seminar", "seminars.change_seminar", "seminars.view_seminar")
    )
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client):
    permissions = [
        f"publishing.{action}_headingmapping" for action in ("change", "delete", "view")
    ]
    user = permitted(*permissions, username="sample.administrator")
    client.force_login(user)
    return user


def mapped() -> dict[str, str]:
    return dict(HeadingMapping.objects.values_list("heading", "field"))


def answer(batch: ImportBatch, **fields: str) -> ImportBatch:
    """Answer the questions about headings, given by normalised heading."""
    answers = {f"heading:{heading}": name for heading, name in fields.items()}
    operations.answer(batch, answers=answers, by=staff_user(), at=AT)
    operations.check_import(batch, at=AT, progress=ImportProgress(batch.pk))
    return batch


def test_office_sheet_is_imported_after_one_answer_per_unknown_heading(
    editor, client, send
):
    """A sheet as an office has it: a title above, synonyms, and own headings."""
    directory.country("VN")
    directory.organ("sample-organ", name_zh_hans="样例检察院")
    sheet = xlsx_of(
        ("东盟检察官研修班一览表",),
        ("序号", "班名", "范围", "时间", "国家", "主办单位", "授课时长", "联系人"),
        ("1", "甲班", "related", "2018年9月", "越南", "样例检察院", "36", "某人"),
    )
    url = send(ADD, **upload(sheet, "一览表.xlsx"))["Location"]
    page = client.get(url).text
    assert "As which column is “授课时长” read?" in page
    assert "First cells: 36." in page
    assert "As which column is “国家” read?" not in page
    assert "Import all rows" not in page

    send(url, _answer="1", **{TEACHING: "hours", CONTACT: "-"})
    page = client.get(url).text
    assert "The column “授课时长” is read as “Class hours”." in page
    assert "The column “联系人” is ignored." in page
    send(url, **write_button(client, url))

    seminar = Seminar.objects.get()
    assert (seminar.title_zh_hans, seminar.hours) == ("甲班", 36)
    assert seminar.date_precision == "month"
    assert [country.iso2 for country in seminar.participating_countries.all()] == ["VN"]
    assert [organ.key for organ in seminar.organiser_organs.all()] == ["sample-organ"]
    assert mapped() == {"授课时长": "hours", "联系人": ""}
    assert HeadingMapping.objects.first().updated_by == editor


def test_choice_is_applied_to_the_next_upload_and_can_be_changed(editor, client, send):
    publishing.heading_mapping("授课时长", updated_by=editor)
    url = send(ADD, **upload(SHEET))["Location"]
    page = client.get(url).text
    batch = ImportBatch.objects.get()
    assert batch.state == "checked"
    assert "as chosen at an earlier import (sample.clerk, 6 May 2024)" in page
    assert '<option value="hours" selected>' in page

    send(url, _answer="1", **{TEACHING: "reported_participants"})
    send(url, **write_button(client, url))

    seminar = Seminar.objects.get()
    assert (seminar.hours, seminar.reported_participants) == (None, 36)
    assert mapped() == {"授课时长": "reported_participants"}


def test_headings_are_compared_in_normal_form():
    publishing.heading_mapping("Lesson Hours", field="hours")
    batch = checked(csv_of(("title_zh", "LESSON_HOURS*"), ("A", "36")))

    assert batch.questions[0]["suggested"] == "hours"
    assert "is read as “Class hours”" in str(batch.notes)


def test_two_columns_cannot_be_read_as_one(editor, client, send):
    sheet = csv_of(("标题", "授课时长", "联系人"), ("甲", "36", "5"))
    url = send(ADD, **upload(sheet))["Location"]

    response = send(url, _answer="1", **{TEACHING: "hours", CONTACT: "hours"})

    assert "“授课时长” is already read as this column." in response.text
    assert "Choose another column for “联系人”, or ignore it." in response.text
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.answers, mapped()) == ("asking", {}, {})


def test_forged_or_missing_answer_changes_nothing(editor, client, send):
    url = send(ADD, **upload(SHEET))["Location"]

    # The title has a column already.
    for forged in ("title_zh_hans", "pk", "status", "\0", "x" * 5000, ""):
        response = send(url, _answer="1", **{TEACHING: forged})
        assert 'class="errorlist"' in response.text
    send(url, _write="1", plan_sha256="")

    assert (ImportBatch.objects.get().answers, mapped()) == ({}, {})
    assert not Seminar.objects.exists()


def test_user_without_permission_cannot_answer(editor, client, send):
    url = send(ADD, **upload(SHEET))["Location"]
    client.force_login(permitted("seminars.view_seminar", username="other"))

    response = client.post(url, {"_answer": "1", TEACHING: "hours"})

    assert response.status_code in (302, 403)
    assert (ImportBatch.objects.get().answers, mapped()) == ({}, {})


def test_choices_that_do_not_fit_are_asked_about_again():
    publishing.heading_mapping("授课时长", field="removed_field")
    publishing.heading_mapping("联系人", field="title_zh_hans")
    publishing.heading_mapping("甲时长", field="hours")
    publishing.heading_mapping("乙时长", field="hours")
    headings = ("标题", "范围", "授课时长", "联系人", "甲时长", "乙时长")

    batch = checked(csv_of(headings, ("甲", "related", "1", "2", "3", "4")))

    hints = [question["hint"] for question in batch.questions]
    assert batch.state == "asking"
    assert "“removed_field”, which no longer exists. Choose again." in hints[0]
    assert "but this file has that column too. Choose again." in hints[1]
    assert "Two columns are read as “Class hours”." in hints[2]
    assert "Two columns are read as “Class hours”." in hints[3]
    assert {question["suggested"] for question in batch.questions} == {""}
    answer(batch, 授课时长="-", 联系人="-", 甲时长="hours", 乙时长="-")
    assert (batch.state, batch.errors) == ("checked", [])


def test_choice_that_is_changed_meanwhile_is_shown_before_writing(editor, client, send):
    mapping = publishing.heading_mapping("授课时长", updated_by=editor)
    url = send(ADD, **upload(SHEET))["Location"]
    button = write_button(client, url)
    mapping.field = "reported_participants"
    mapping.save()

    send(url, **button)

    assert not Seminar.objects.exists()
    assert "has changed since the file was checked" in client.get(url).text
    mapping.delete()
    send(url, **write_button(client, url))
    assert ImportBatch.objects.get().state == "asking"
    assert "Import all rows" not in client.get(url).text


def test_same_answer_is_recorded_once():
    batch = answer(checked(SHEET), 授课时长="hours")
    answer(batch, 授课时长="hours")

    mapping = HeadingMapping.objects.get()
    entries = Deed.objects.for_record(mapping)
    assert [entry.verb for entry in entries] == ["created"]
    answer(batch, 授课时长="-")
    assert mapped() == {"授课时长": ""}
    assert Deed.objects.for_record(mapping).count() == 2


def test_too_long_heading_is_an_error():
    batch = checked(csv_of(("标题", "范围", "x" * 201), ("甲", "related", "1")))

    assert batch.questions == []
    assert [error[1][:3] for error in batch.errors] == ["xxx"]


def test_heading_whose_normal_form_is_too_long_is_an_error():
    # This character stands for six others.
    batch = checked(csv_of(("标题", "\u3316" * 40), ("甲", "1")))

    assert batch.questions == []
    assert "not recognised" in batch.errors[0][3]


def test_heading_is_stored_once_per_kind():
    publishing.heading_mapping("授课时长")
    publishing.heading_mapping("授课时长", resource="training_records")

    with pytest.raises(IntegrityError), transaction.atomic():
        publishing.heading_mapping("授课时长", field="")


def test_administrator_changes_and_deletes_a_choice(administrator, client):
    mapping = publishing.heading_mapping("授课时长", updated_by=staff("other"))
    url = f"{MAPPINGS}{mapping.pk}/change/"
    page = client.get(url).text
    assert '<option value="hours" selected>' in page
    assert client.get(f"{MAPPINGS}add/").status_code == 403

    refused = client.post(url, {"field": "removed_field"})
    assert "Select a valid choice" in refused.text
    client.post(url, {"field": ""})
    mapping.refresh_from_db()
    assert (mapping.field, mapping.updated_by) == ("", administrator)
    assert "ignored" in client.get(MAPPINGS).text

    client.post(f"{MAPPINGS}{mapping.pk}/delete/", {"post": "yes"})
    assert mapped() == {}


def test_list_names_columns_that_no_longer_exist(administrator, client):
    publishing.heading_mapping("甲", field="removed_field")
    publishing.heading_mapping("乙", resource="removed_kind")

    page = client.get(MAPPINGS).text

    assert "removed_field (no longer exists)" in page
    assert "removed_kind" in page


def test_form_keeps_a_column_that_no_longer_exists(administrator, client):
    mapping = publishing.heading_mapping("甲", field="removed_field")
    url = f"{MAPPINGS}{mapping.pk}/change/"

    page = client.get(url).text
    client.post(url, {"field": "removed_field"})

    assert '<option value="removed_field" selected>' in page
    assert mapped() == {"甲": "removed_field"}


def test_usual_headings_of_offices_are_known():
    for code, heading, name in (
        ("seminars", "学时", "hours"),
        ("seminars", "主办单位", "organiser_organs"),
        ("seminars", "国家", "participating_countries"),
        ("seminars", "时间", "starts_on"),
        ("seminars", "人数", "reported_participants"),
        ("seminar_participants", "单位", "person.organ"),
        ("seminar_participants", "职务", "person.rank"),
        ("training_records", "学时", "hours_attended"),
        ("delegation_visits", "接待单位", "to_organs"),
        ("border_meetings", "会晤时间", "starts_on"),
        ("people", "国籍", "country"),
    ):
        assert map_headings(get_resource(code))[heading].field == name, heading
