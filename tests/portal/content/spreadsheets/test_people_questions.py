"""Questions of an import about persons whose names differ only in diacritics."""

import pytest

from portal.reference.people.models import Person
from seminars.models import Participant, TrainingRecord
from tests.factories import directory, people, seminars
from tests.portal.content.spreadsheets.import_helpers import csv_of
from tests.portal.content.spreadsheets.test_people_names import (
    HEAD,
    LATIN,
    OWN,
    SEMINAR,
    TRAINING,
    created,
    names,
    planned,
    write,
)

pytestmark = pytest.mark.django_db
SIMILAR = "Nguyễn Thị Hòng"


@pytest.fixture(autouse=True)
def organ():
    return directory.organ("vn-spp", name_en="Supreme Procuracy")


@pytest.fixture
def hong(organ) -> Person:
    return people.person(LATIN, name_own=OWN, rank="检察官", organ=organ)


def errors(plans) -> list[tuple]:
    return [
        (error.row, error.column, error.remedy)
        for plan in plans
        for error in plan.errors
    ]


def listed(*names_of_rows: tuple[str, str], organ="vn-spp") -> bytes:
    return csv_of(HEAD, *((*pair, "", organ, "") for pair in names_of_rows))


def test_question_names_row_values_and_who_is_on_record(hong):
    plans, rows = planned(csv_of(HEAD, ("", SIMILAR, "检察长", "vn-spp", "")))

    (question,) = rows.questions
    assert question.text == (
        f"Row 2 (拉丁字母姓名: {SIMILAR}, 职级或职务: 检察长, 机构: vn-spp): the name "
        "differs from a name below only in accents, punctuation or character variants. "
        "Is this the same person? If so, the spelling below is kept."
    )
    label = f"{OWN}, {LATIN}, 检察官, Supreme Procuracy"
    assert [(option.value, option.label) for option in question.options] == [
        (
            str(hong.pk),
            f"Yes, the same as {label} (person number {hong.pk})",
        ),
        ("new", "No, a different person"),
    ]
    assert (errors(plans), plans[-1].rows) == ([], [])


def test_which_names_are_asked_about(hong, organ):
    people.person("Nguyen Van An", organ=organ)
    people.person("", name_own="Lê Hoà", organ=organ)
    similar = [
        *(("", SIMILAR), ("", "NGUYEN THI HONG"), (SIMILAR, ""), ("阮氏紅", SIMILAR)),
        *(("阮文安", "Nguyễn Văn An"), ("", "Nguyễn Văn Án"), ("", "LE HOA")),
        ("Lê Hoa", ""),
    ]
    distinct = [
        *(("", LATIN), ("阮氏平", SIMILAR), (OWN, "Tran Thi Hong"), ("阮氏平", "")),
        *(("Nguyễn Văn An", "Nguyen Van An"), ("LÊ HOÀ", "Le Hoa"), ("Hoà", "")),
    ]

    assert [pair for pair in similar if not planned(listed(pair))[1].questions] == []
    assert [pair for pair in distinct if planned(listed(pair))[1].questions] == []
    in_other_country = csv_of(HEAD, ("", SIMILAR, "", "", "VN"))
    assert planned(in_other_country)[1].questions == []


def test_answer_selects_the_person_and_keeps_the_stored_spelling(hong):
    content = csv_of(HEAD, ("", SIMILAR, "检察长", "vn-spp", ""))
    (question,) = planned(content)[1].questions

    rows = write(content, answers={question.key: str(hong.pk)})

    hong.refresh_from_db()
    assert (names(), hong.rank) == ([(OWN, LATIN)], "检察长")
    assert [warning.text for warning in rows.warnings] == [
        f"The existing spelling “{LATIN}” is kept."
    ]

    write(content, answers={question.key: "new"})

    assert names() == [(OWN, LATIN), ("", SIMILAR)]


def test_answer_that_is_none_of_those_offered_is_no_answer(hong, organ):
    content = listed(("", SIMILAR))
    (question,) = planned(content)[1].questions
    other_person = people.person("Tran Van Binh", organ=organ)

    for answer in (str(other_person.pk), "x", ""):
        plans, rows = planned(content, answers={question.key: answer})
        assert (plans[-1].rows, len(rows.questions)) == ([], 1)


def test_answer_is_for_those_who_were_offered(hong, organ):
    """If another person can be chosen, the question has to be answered again."""
    content = listed(("", SIMILAR))
    (question,) = planned(content)[1].questions
    people.person("Nguyen Thi Hong", organ=organ)

    plans, rows = planned(content, answers={question.key: "new"})

    assert plans[-1].rows == []
    assert len(rows.questions[0].options) == 3


def test_rows_of_one_list_that_differ_in_marks_are_asked_about():
    content = listed(("", LATIN), ("", SIMILAR))
    plans, rows = planned(content)
    (question,) = rows.questions

    assert created(plans) == [2]
    assert [(option.value, option.label) for option in question.options] == [
        ("row2", f"Yes, the same as row 2: {LATIN}, vn-spp"),
        ("new", "No, a different person"),
    ]
    plans, _rows = planned(content, answers={question.key: "row2"})
    assert errors(plans) == [
        (3, "-", "This row is the same as row 2. Remove one of the rows.")
    ]
    write(content, answers={question.key: "new"})
    assert names() == [("", LATIN), ("", SIMILAR)]


def test_person_in_many_rows_is_asked_about_once(hong):
    codes = [seminars.seminar(f"SEM-000{n}").code for n in (1, 2, 3)]
    forms = (SIMILAR, SIMILAR.upper(), SIMILAR)
    content = csv_of(
        SEMINAR,
        *(
            (code, "", form, "", "vn-spp", "")
            for code, form in zip(codes, forms, strict=True)
        ),
    )
    plans, rows = planned(content, "seminar_participants")
    (question,) = rows.questions
    assert [plan.rows for plan in plans] == [[], []]
    assert errors(plans) == []

    write(content, "seminar_participants", {question.key: str(hong.pk)})
    assert hong.seminar_participations.count() == 3

    Participant.objects.all().delete()
    write(content, "seminar_participants", {question.key: "new"})
    assert names() == [(OWN, LATIN), ("", SIMILAR)]
    assert Person.objects.get(name_latin=SIMILAR).seminar_participations.count() == 3


def test_participants_of_one_list_that_differ_in_marks_can_be_one_person():
    codes = [seminars.seminar(f"SEM-000{n}").code for n in (1, 2)]
    content = csv_of(
        SEMINAR,
        (codes[0], "", LATIN, "检察官", "vn-spp", ""),
        (codes[1], "", SIMILAR, "检察官", "vn-spp", ""),
    )
    (question,) = planned(content, "seminar_participants")[1].questions

    write(content, "seminar_participants", {question.key: "row2"})

    assert names() == [("", LATIN)]
    assert Participant.objects.count() == 2


def test_training_record_is_asked_about_once(hong):
    rows = []
    for n in (1, 2):
        seminar = seminars.seminar(f"SEM-000{n}")
        seminars.participant(seminar, person=hong)
        rows.append((seminar.code, "", SIMILAR, "vn-spp", "40"))
    content = csv_of(TRAINING, *rows)
    plans, prepared = planned(content, "training_records")
    (question,) = prepared.questions
    assert (errors(plans), plans[-1].rows) == ([], [])

    plans, _rows = planned(content, "training_records", {question.key: "new"})
    assert [row for row, *_ in errors(plans)] == [2, 3]

    write(content, "training_records", {question.key: str(hong.pk)})
    assert TrainingRecord.objects.count() == 2
    assert names() == [(OWN, LATIN)]


def test_variant_characters_and_tone_marks_are_asked_about(organ):
    for recorded, written in (("李干", "李乾"), ("陈升", "陳昇"), ("กอง", "ก้อง")):
        people.person("", name_own=recorded, organ=organ)

        plans, rows = planned(csv_of(HEAD, (written, "", "", "vn-spp", "")))

        assert len(rows.questions) == 1, written
        assert plans[-1].rows == []


def test_only_participants_of_the_seminar_are_offered_for_a_training_record(hong):
    """The clerk may lack the permission to view other people and their ranks."""
    participant = people.person("Nguyễn Thị Hộng", rank="秘密", organ=hong.organ)
    seminars.participant(seminars.seminar(code="SEM-0001"), person=participant)

    _plans, rows = planned(
        csv_of(TRAINING, ("SEM-0001", "", SIMILAR, "vn-spp", "36")), "training_records"
    )

    (question,) = rows.questions
    assert [option.value for option in question.options] == [str(participant.pk), "new"]
    assert question.options[0].label == (
        "Yes, the same as Nguyễn Thị Hộng, Supreme Procuracy"
    )
