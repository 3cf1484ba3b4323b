"""Several spellings of one person in a list, and answers after a name has changed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.content.publishing.models import ImportBatch
from portal.reference.people.models import Person
from seminars.models import Participant
from tests.admin_forms import token_for, write_button
from tests.factories import directory, people, seminars
from tests.factories.publishing import staff
from tests.portal.content.spreadsheets.import_helpers import csv_of
from tests.portal.content.spreadsheets.test_people_names import (
    HEAD,
    LATIN,
    OWN,
    SEMINAR,
    TRAINING,
    names,
    planned,
    write,
)
from tests.portal.content.spreadsheets.test_people_questions import errors, listed

pytestmark = pytest.mark.django_db
AN, AN_LATIN = "陈文安", "Trần Văn An"


@pytest.fixture(autouse=True)
def organ():
    return directory.organ("vn-spp", name_en="Supreme Procuracy")


@pytest.fixture
def an(organ) -> Person:
    return people.person("", name_own=AN, organ=organ)


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    """Sign in a superuser; return a function that submits a form and runs its jobs."""
    client.force_login(staff("sample.chief", is_superuser=True))
    add = "/admin/publishing/importbatch/add/"

    def send(url: str = add, **data):
        with django_capture_on_commit_callbacks(execute=True):
            token = token_for(client, add) if url == add else {}
            return client.post(url, token | data)

    return send


def upload(content: bytes, code: str) -> dict:
    return {"resource": code, "file": SimpleUploadedFile("rows.csv", content)}


def choose(client, url: str, value: str) -> dict:
    """Return the form data that answers all questions of an import with ``value``."""
    chosen = re.findall(
        rf'<input type="radio" name="([^"]+)" value="{value}"', client.get(url).text
    )
    assert chosen
    return dict.fromkeys(chosen, value) | {"_answer": "1"}


def participants(*rows: tuple[str, str]) -> bytes:
    """Build a list of participants, each row for a different seminar."""
    codes = [seminars.seminar(f"SEM-000{n}").code for n, _row in enumerate(rows, 1)]
    return csv_of(
        SEMINAR,
        *(
            (code, *row, "", "vn-spp", "")
            for code, row in zip(codes, rows, strict=True)
        ),
    )


# ---------------------------------------- answers apply only to the names shown


def test_answer_does_not_count_after_a_person_offered_was_renamed(client, send, organ):
    hong = people.person(LATIN, name_own=OWN, rank="检察官", organ=organ)
    row = ("", "Nguyễn Thị Hòng", "检察长", "vn-spp", "")
    url = send(**upload(csv_of(HEAD, row), "people"))["Location"]
    send(url, **choose(client, url, str(hong.pk)))
    button = write_button(client, url)
    hong.name_own, hong.name_latin = "李明", "Nguyễn Thị Hống"
    hong.save()

    send(url, **button)

    batch = ImportBatch.objects.get()
    hong.refresh_from_db()
    assert (batch.state, hong.rank) == ("asking", "检察官")
    assert "李明" in client.get(url).text

    send(url, **choose(client, url, str(hong.pk)))
    send(url, **write_button(client, url))

    hong.refresh_from_db()
    assert (names(), hong.rank) == ([("李明", "Nguyễn Thị Hống")], "检察长")


def test_key_of_a_question_changes_with_names_and_organs(organ):
    hong = people.person(LATIN, name_own=OWN, organ=organ)

    def key(row=("", "Nguyễn Thị Hòng")) -> str:
        (question,) = planned(listed(row))[1].questions
        return question.key

    first = key()
    assert first == key()
    keys = {first, key(("", "Nguyễn Thị Họng")), key((OWN, "Nguyễn Thị Hòng"))}
    for changed in ({"name_own": "李明"}, {"name_latin": LATIN.upper()}):
        for field, value in changed.items():
            setattr(hong, field, value)
        hong.save()
        keys.add(key())
    assert len(keys) == 5
    assert {question_key.split(":")[1] for question_key in keys} == {"2"}

    organ.key = "vn-hn"
    organ.save()
    moved = csv_of(HEAD, ("", "Nguyễn Thị Hòng", "", "vn-hn", ""))
    (question,) = planned(moved)[1].questions
    assert question.key not in keys


# ------------------------------------------ spellings of a name that is not stored yet


def test_name_not_on_record_in_two_spellings_is_of_one_person(client, send, an):
    forms = [(AN, AN_LATIN), (AN, AN_LATIN.upper()), ("", "TrầnVănAn"), (AN, "")]
    content = participants(*forms)

    url = send(**upload(content, "seminar_participants"))["Location"]
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.errors, batch.questions) == ("checked", [], [])
    assert [(row, text) for row, _column, _value, text in batch.warnings] == [
        (row, f"The spelling “{AN_LATIN}” in row 2 is used.") for row in (3, 4)
    ]

    send(url, **write_button(client, url))

    assert names() == [(AN, AN_LATIN)]
    assert Participant.objects.filter(person=an).count() == len(forms)


def test_name_not_on_record_that_differs_in_marks_is_asked_about(client, send, an):
    content = participants((AN, AN_LATIN), (AN, "Tran Van An"), (AN, "TRAN VAN AN"))

    url = send(**upload(content, "seminar_participants"))["Location"]
    batch = ImportBatch.objects.get()
    assert (batch.state, len(batch.questions)) == ("asking", 1)
    assert f"Yes, the same as {AN}, {AN_LATIN}, " in client.get(url).text

    send(url, **choose(client, url, str(an.pk)))
    send(url, **write_button(client, url))

    assert names() == [(AN, AN_LATIN)]
    assert Participant.objects.filter(person=an).count() == 3


def test_name_not_on_record_of_a_different_person_makes_a_second_one(an):
    content = participants((AN, AN_LATIN), (AN, "Tran Van An"), (AN, "TRAN VAN AN"))
    (question,) = planned(content, "seminar_participants")[1].questions

    write(content, "seminar_participants", {question.key: "new"})

    assert names() == [(AN, AN_LATIN), (AN, "Tran Van An")]
    counts = [
        person.seminar_participations.count()
        for person in Person.objects.order_by("pk")
    ]
    assert counts == [1, 2]


def test_new_person_in_spellings_of_either_column_is_one_person():
    content = participants((AN, AN_LATIN), ("陳文安", AN_LATIN.upper()), ("", AN_LATIN))

    rows = write(content, "seminar_participants")

    assert names() == [(AN, AN_LATIN)]
    assert [warning.row for warning in rows.warnings] == [3, 3]


def test_corrections_of_one_name_by_number_may_differ_in_form(an):
    codes = [seminars.seminar(f"SEM-000{n}").code for n in (1, 2)]
    content = csv_of(
        ("研修班", "人员编号", *HEAD),
        (codes[0], str(an.pk), AN, AN_LATIN, "", "vn-spp", ""),
        (codes[1], str(an.pk), AN, AN_LATIN.upper(), "", "vn-spp", ""),
    )

    rows = write(content, "seminar_participants")

    assert names() == [(AN, AN_LATIN)]
    assert [(warning.row, warning.text) for warning in rows.warnings] == [
        (3, f"The spelling “{AN_LATIN}” in row 2 is used.")
    ]


def test_values_that_contradict_each_other_are_both_named(an):
    codes = [seminars.seminar(f"SEM-000{n}").code for n in (1, 2)]
    for first, second, difference in (
        (AN_LATIN, "Lê Hoa", f"is “{AN_LATIN}” in row 2 and “Lê Hoa” in row 3"),
        ("", AN_LATIN, f"is empty in row 2 and “{AN_LATIN}” in row 3"),
    ):
        content = csv_of(
            SEMINAR,
            (codes[0], AN, first, "", "vn-spp", ""),
            (codes[1], AN, second, "", "vn-spp", ""),
        )
        remedy = (
            f"Row 2 has different values for this person: 拉丁字母姓名 {difference}. "
            "Enter the same values in both rows."
        )

        plans, _rows = planned(content, "seminar_participants")

        assert errors(plans) == [(3, "拉丁字母姓名", remedy)]


def test_spellings_in_a_training_list_are_not_compared_with_each_other(an):
    """Training lists do not change names, so neither spelling is used."""
    rows = []
    for n, latin in enumerate((AN_LATIN, "Tran Van An"), start=1):
        seminar = seminars.seminar(f"SEM-000{n}")
        seminars.participant(seminar, person=an)
        rows.append((seminar.code, AN, latin, "vn-spp", "40"))

    written = write(csv_of(TRAINING, *rows), "training_records")

    assert (written.questions, written.warnings) == ([], [])
    assert names() == [(AN, "")]
