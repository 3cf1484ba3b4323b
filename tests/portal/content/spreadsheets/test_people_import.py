"""Imports of people, participants and training records."""

import pytest

from portal.core.audit.models import Deed, PersonalValue
from portal.reference.people.models import Person
from seminars.models import Participant, TrainingRecord
from tests.factories import directory, people, seminars
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    counts,
    csv_of,
    why_not_undone,
    written,
)

pytestmark = pytest.mark.django_db
LIST = ("研修班", "姓名", "拉丁字母姓名", "职级或职务", "机构", "国家")
AN = ("SEM-0001", "阮文安", "Nguyen Van An", "检察官", "越南最高人民检察院", "")
BINH = ("SEM-0001", "陈氏平", "", "", "", "越南")


@pytest.fixture(autouse=True)
def seminar():
    directory.organ("vn-spp", name_zh_hans="越南最高人民检察院")
    return seminars.seminar("SEM-0001")


def errors(batch) -> list[tuple]:
    return [tuple(error) for error in batch.errors]


def participants(*rows: tuple):
    return written(csv_of(LIST, *rows), "seminar_participants")


def test_participant_import_creates_persons():
    batch = participants(AN, BINH)

    persons = Person.objects.order_by("pk")
    assert counts(batch) == (2, 0, 0)
    assert [
        (person.name_own, person.rank, person.organ_id and person.organ.key)
        for person in persons
    ] == [
        ("阮文安", "检察官", "vn-spp"),
        ("陈氏平", "", None),
    ]
    assert {person.country.iso2 for person in persons} == {"VN"}
    assert [
        participant.organ_id for participant in Participant.objects.order_by("pk")
    ] == [
        persons[0].organ_id,
        None,
    ]


def test_person_is_matched_by_names_and_organ():
    organ = directory.organ("cn-gx", country=directory.any_country("CN"))
    existing = people.person("Nguyen Van An", organ_id=_organ(), rank="")
    people.person("Nguyen Van An", organ=organ)
    people.person("Nguyen Van An")

    participants(AN)

    existing.refresh_from_db()
    assert Person.objects.count() == 3
    assert Participant.objects.get().person == existing
    assert (existing.name_own, existing.rank) == ("阮文安", "检察官")


def _organ() -> int:
    from portal.reference.directory.models import Organ

    return Organ.objects.get(key="vn-spp").pk


def test_empty_cells_do_not_clear_person_fields():
    existing = people.person(
        "Nguyen Van An", name_own="阮文安", organ_id=_organ(), rank="检察官"
    )

    participants(("SEM-0001", "阮文安", "", "", "vn-spp", ""))

    existing.refresh_from_db()
    assert (existing.name_latin, existing.rank) == ("Nguyen Van An", "检察官")


def test_reimport_changes_nothing():
    participants(AN, BINH)
    before = list(Person.objects.values()), list(Participant.objects.values())

    batch = participants(AN, BINH)

    assert counts(batch) == (0, 0, 2)
    assert (list(Person.objects.values()), list(Participant.objects.values())) == before


def test_person_in_two_seminars_is_created_once():
    seminars.seminar("SEM-0002")

    participants(AN, ("SEM-0002", *AN[1:]))

    assert Person.objects.get().seminar_participations.count() == 2


def test_rows_with_different_values_of_a_person_are_refused():
    seminars.seminar("SEM-0002")
    conflicting_row = ("SEM-0002", "阮文安", "Nguyen Van An", "检察长", "vn-spp", "")

    batch = checked(csv_of(LIST, AN, conflicting_row), "seminar_participants")

    remedy = (
        "Row 2 has different values for this person: 职级或职务 is "
        "“检察官” in row 2 and “检察长” in row 3. Enter the same values "
        "in both rows."
    )
    assert errors(batch) == [(3, "职级或职务", "检察长", remedy)]


def test_all_invalid_rows_are_reported_together():
    batch = checked(
        csv_of(
            LIST,
            ("SEM-0009", *AN[1:]),
            ("SEM-0001", "", "", "", "", "VN"),
            ("SEM-0001", "阮文安", "", "", "不明机构", ""),
            ("SEM-0001", "无国籍", "", "", "", ""),
            BINH,
            BINH,
        ),
        "seminar_participants",
    )

    assert [(row, column) for row, column, *_ in errors(batch)] == [
        (2, "研修班"),
        (3, "姓名"),
        (4, "机构"),
        (5, "国家"),
        (7, "-"),
    ]
    assert not Person.objects.exists()


def test_ambiguous_person_name_requires_second_name_or_number():
    persons = [
        people.person(latin, name_own="陈氏平")
        for latin in ("Tran Thi Binh", "Tran Thi Binh II")
    ]
    head, number = ("人员编号", *LIST), str(persons[1].pk)

    (error,) = errors(checked(csv_of(LIST, BINH), "seminar_participants"))
    written(csv_of(head, (number, *BINH)), "seminar_participants")
    (number_error,) = errors(
        checked(csv_of(head, ("9" * 20, *BINH)), "seminar_participants")
    )

    assert error[3] == (
        "Several people have this name. Enter both the name in "
        "Latin letters and the name in their own script."
    )
    assert Participant.objects.get().person == persons[1]
    assert number_error[1:] == (
        *("人员编号", "9" * 20),
        "There is no person with this number. Correct the number.",
    )


def test_undo_deletes_participants_and_new_persons():
    batch = participants(AN, BINH)

    assert why_not_undone(batch) == ""

    assert not Participant.objects.exists()
    assert not Person.objects.exists()


def test_undo_keeps_person_used_elsewhere():
    batch = participants(AN)
    seminars.session(speaker=Person.objects.get())

    assert "is now used by another item (seminar session)" in why_not_undone(batch)
    assert Participant.objects.count() == 1


def test_audit_chain_excludes_personal_values():
    participants(AN)

    entries = str(list(Deed.objects.values()))

    assert "阮文安" not in entries
    assert PersonalValue.objects.filter(new="阮文安").exists()


# ------------------------------------------------------------------ people, training


def test_people_are_imported():
    rows = csv_of(LIST[1:], AN[1:], BINH[1:])

    batch = written(rows, "people")
    repeated = written(rows, "people")

    assert (counts(batch), counts(repeated)) == ((2, 0, 0), (0, 0, 2))


def test_duplicate_person_in_sheet_is_reported():
    half = ("阮文安", "", "", "vn-spp", "")

    (error,) = errors(checked(csv_of(LIST[1:], AN[1:], half), "people"))

    assert error[3] == "This row is the same as row 2. Remove one of the rows."


TRAINING = ("研修班", "姓名", "机构", "身份", "完成学时", "结果")


def test_training_records_are_imported_for_participants():
    participants(AN, BINH)
    rows = [
        ("SEM-0001", "阮文安", "vn-spp", "", "４０.5", "已完成"),
        ("SEM-0001", "陈氏平", "", "授课人", "", ""),
    ]

    batch = written(csv_of(TRAINING, *rows), "training_records")
    repeated = written(csv_of(TRAINING, *rows), "training_records")

    records = TrainingRecord.objects.order_by("pk")
    assert (counts(batch), counts(repeated)) == ((2, 0, 0), (0, 0, 2))
    assert [
        (record.role, str(record.hours_attended), record.result) for record in records
    ] == [
        ("trainee", "40.5", "completed"),
        ("lecturer", "None", ""),
    ]


def test_training_record_without_participant_is_reported():
    participants(AN)
    rows = [("SEM-0001", "陈氏平", "", "", "", "")]

    (error,) = errors(checked(csv_of(TRAINING, *rows), "training_records"))

    assert error == (
        *(2, "姓名", "陈氏平"),
        (
            "This person is not a participant in the seminar. Add them "
            "as a participant first."
        ),
    )


def test_training_record_update_can_be_undone():
    participants(AN)
    row = ("SEM-0001", "阮文安", "vn-spp", "", "40", "")
    written(csv_of(TRAINING, row), "training_records")

    batch = written(csv_of(TRAINING, (*row[:4], "8", "")), "training_records")
    assert TrainingRecord.objects.get().hours_attended == 8

    assert why_not_undone(batch) == ""
    assert TrainingRecord.objects.get().hours_attended == 40


def test_participants_of_published_seminar_can_be_imported(seminar):
    states.published(seminar)

    assert counts(participants(AN)) == (1, 0, 0)
