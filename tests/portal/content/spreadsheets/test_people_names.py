"""Persons in lists are matched by name in any form of writing.

If only diacritics differ, the user has to confirm the match.
"""

import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.spreadsheets.headings import count_headings, find_table
from portal.content.spreadsheets.import_plan import CREATED
from portal.content.spreadsheets.planning import plan_table
from portal.content.spreadsheets.reading import read_sheet
from portal.content.spreadsheets.registry import get_resource
from portal.content.spreadsheets.writing import write_plans
from portal.reference.people.models import Person
from seminars.models import Participant, TrainingRecord
from tests.admin_forms import token_for, write_button
from tests.factories import directory, people, seminars
from tests.factories.publishing import AT, staff
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    csv_of,
    received,
    staff_user,
    why_not_undone,
    written,
)

pytestmark = pytest.mark.django_db
HEAD = ("姓名", "拉丁字母姓名", "职级或职务", "机构", "国家")
SEMINAR = ("研修班", *HEAD)
TRAINING = ("研修班", "姓名", "拉丁字母姓名", "机构", "完成学时")
LATIN, OWN = "Nguyễn Thị Hồng", "阮氏红"
# Names (own script, Latin) as written in a list, and the stored spellings that are
# kept instead.
FORMS = {
    (OWN, LATIN): [],
    (OWN, LATIN.upper()): [LATIN],
    ("阮氏紅", ""): [OWN],
    ("阮氏紅", unicodedata.normalize("NFD", LATIN.upper())): [OWN, LATIN],
    ("", "Nguyễn ThịHồng\u200b"): [LATIN],
    ("", "ＮＧＵＹỄＮ　ＴＨỊ　ＨỒＮＧ"): [LATIN],
    (LATIN.upper(), ""): [LATIN],
    (LATIN, OWN): [],
    ("阮 氏 红", "NguyễnThịHồng"): [OWN, LATIN],
}


@pytest.fixture(autouse=True)
def organ():
    return directory.organ("vn-spp", name_zh_hans="越南最高人民检察院")


@pytest.fixture
def hong(organ) -> Person:
    return people.person(LATIN, name_own=OWN, rank="检察官", organ=organ)


def planned(content: bytes, code="people", answers=None):
    resource = get_resource(code)
    sheet = read_sheet(content, lambda sheet: count_headings(resource, sheet))
    table = find_table(resource, sheet, "rows.csv")
    return plan_table(resource, table, file="rows.csv", answers=answers)


def write(content: bytes, code="people", answers=None):
    """Plan and write the rows, with ``answers`` by key of the question."""
    plans, rows = planned(content, code, answers)
    assert [error for plan in plans for error in plan.errors] == []
    write_plans(
        *(received(content, code), plans, rows.key_index),
        by=staff_user(),
        at=AT,
        on_progress=lambda rows: None,
    )
    return rows


def names() -> list[tuple[str, str]]:
    return list(Person.objects.order_by("pk").values_list("name_own", "name_latin"))


def created(plans) -> list[int]:
    return [row.number for row in plans[-1].rows if row.action == CREATED]


# ------------------------------------------------ the same name in another form


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    """Return a function that uploads a list in the admin and submits the write form."""
    client.force_login(staff("sample.chief", is_superuser=True))
    add = "/admin/publishing/importbatch/add/"

    def send(content: bytes, code: str):
        with django_capture_on_commit_callbacks(execute=True):
            file = SimpleUploadedFile("rows.csv", content)
            data = token_for(client, add) | {"resource": code, "file": file}
            url = client.post(add, data)["Location"]
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url, write_button(client, url))

    return send


def test_person_written_otherwise_in_the_form_is_the_same_person(send, hong):
    for position, form in enumerate(FORMS, start=1):
        code = seminars.seminar(f"SEM-{position:04}").code
        row = (code, *form, "", "越南最高人民检察院", "")

        send(csv_of(SEMINAR, row), "seminar_participants")

        assert Participant.objects.filter(seminar__code=code, person=hong).exists(), row
    assert names() == [(OWN, LATIN)]


def test_person_of_another_organ_or_another_name_is_a_new_one(send, hong, organ):
    directory.organ("vn-hn")
    rows = [
        *(("阮氏紅", "", "", "", "VN"), ("阮氏紅", "", "", "vn-hn", "")),
        *(
            ("阮氏紅", "Tran Van Binh", "", "vn-spp", ""),
            ("阮氏平", "", "", "vn-spp", ""),
        ),
    ]

    send(csv_of(HEAD, *rows), "people")

    assert Person.objects.count() == 1 + len(rows)


def test_nothing_is_written_while_a_question_about_marks_is_open(send, hong):
    rows = [("", "Nguyễn Thị Hòng", "检察长", "vn-spp", "")]

    send(csv_of(HEAD, *rows), "people")

    hong.refresh_from_db()
    assert (names(), hong.rank) == ([(OWN, LATIN)], "检察官")


def test_stored_spelling_is_kept_with_a_warning(hong):
    for form, spellings in FORMS.items():
        rows = write(csv_of(HEAD, (*form, "检察长", "vn-spp", "")))

        assert [(warning.row, warning.text) for warning in rows.warnings] == [
            (2, f"The existing spelling “{spelling}” is kept.")
            for spelling in spellings
        ], form
        assert rows.questions == []
        assert names() == [(OWN, LATIN)]
    hong.refresh_from_db()
    assert hong.rank == "检察长"


def test_name_that_is_not_on_record_is_filled_in(organ):
    existing = people.person(LATIN, organ=organ)

    rows = write(csv_of(HEAD, (OWN, LATIN.upper(), "", "vn-spp", "")))

    existing.refresh_from_db()
    assert names() == [(OWN, LATIN)]
    assert [(warning.column, warning.value) for warning in rows.warnings] == [
        ("拉丁字母姓名", LATIN.upper())
    ]
    assert (existing.name_own_key, existing.name_latin_key) == (OWN, "nguyenthihong")


def test_name_written_by_number_is_a_correction_and_can_be_undone(hong):
    head, number = ("人员编号", *HEAD), str(hong.pk)
    batch = written(csv_of(head, (number, "", "Lê Hoa", "", "vn-spp", "")), "people")

    hong.refresh_from_db()
    assert (hong.name_latin, hong.name_latin_key) == ("Lê Hoa", "lehoa")

    assert why_not_undone(batch) == ""
    hong.refresh_from_db()
    assert (hong.name_latin, hong.name_latin_key) == (LATIN, "nguyenthihong")


def test_new_person_written_in_two_forms_in_one_list_is_one_person():
    for code in ("SEM-0001", "SEM-0002"):
        seminars.seminar(code)
    first = ("SEM-0001", OWN, LATIN, "检察官", "vn-spp", "")
    second = ("SEM-0002", "阮氏紅", LATIN.upper(), "", "vn-spp", "")

    rows = write(csv_of(SEMINAR, first, second), "seminar_participants")

    assert names() == [(OWN, LATIN)]
    assert Participant.objects.count() == 2
    assert [
        (warning.row, warning.column, warning.text) for warning in rows.warnings
    ] == [
        (3, "姓名", f"The spelling “{OWN}” in row 2 is used."),
        (3, "拉丁字母姓名", f"The spelling “{LATIN}” in row 2 is used."),
    ]


def test_ambiguous_name_of_two_people_is_refused(hong, organ):
    people.person("Nguyen Thi Hong Hai", name_own="阮氏紅", organ=organ)

    batch = checked(csv_of(HEAD, (OWN, "", "", "vn-spp", "")), "people")

    assert batch.errors == [
        [
            2,
            "姓名",
            OWN,
            (
                "Several people have this name. Enter both the name in "
                "Latin letters and the name in their own script."
            ),
        ]
    ]


def test_training_record_is_of_the_person_written_otherwise(hong):
    seminars.participant(seminars.seminar("SEM-0001"), person=hong)

    rows = [("SEM-0001", "阮氏紅", LATIN.upper(), "vn-spp", "40")]
    written(csv_of(TRAINING, *rows), "training_records")

    assert TrainingRecord.objects.get().hours_attended == 40
    assert names() == [(OWN, LATIN)]


@pytest.mark.parametrize("is_known", [True, False])
def test_number_of_queries_does_not_grow_with_the_rows(organ, is_known):
    query_counts = set()
    for count in (1, 3, 20):
        rows = [
            (f"阮氏{chr(0x5000 + n)}", f"Hồng {n}{count}", "", "vn-spp", "")
            for n in range(count)
        ]
        for own, latin, *_ in rows if is_known else ():
            people.person(latin.upper(), name_own=own, organ=organ)
        with CaptureQueriesContext(connection) as queries:
            planned(csv_of(HEAD, *rows))
        query_counts.add(len(queries))

    assert len(query_counts) == 1
