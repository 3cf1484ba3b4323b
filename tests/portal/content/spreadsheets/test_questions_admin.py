"""Questions of an import about persons, answered in the admin form.

Nothing is saved before the answers, and each answer does what its label says.
"""

import pytest

from portal.content.publishing.models import ImportBatch
from portal.reference.people.models import Person
from seminars.models import Participant, TrainingRecord
from tests.admin_forms import write_button
from tests.factories import directory, people, seminars
from tests.factories.publishing import staff
from tests.portal.content.spreadsheets.import_helpers import csv_of
from tests.portal.content.spreadsheets.test_admin import ADD, undo_address, upload
from tests.portal.content.spreadsheets.test_admin import send as send

pytestmark = pytest.mark.django_db
HEAD = ("姓名", "拉丁字母姓名", "职级或职务", "机构")
RECORDED, SIMILAR = "Nguyễn Thị Hồng", "Nguyễn Thị Hòng"


@pytest.fixture(autouse=True)
def staff_user(client):
    user = staff(is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def hong() -> Person:
    organ = directory.organ("vn-spp", name_en="Supreme Procuracy")
    return people.person(RECORDED, rank="检察官", organ=organ)


@pytest.fixture
def uploaded(client, send):
    """Return a function that uploads a file and returns the import and its URL."""

    def uploaded(content: bytes, code: str) -> tuple[ImportBatch, str]:
        url = send(ADD, **upload(content, code=code))["Location"]
        return ImportBatch.objects.latest("pk"), url

    return uploaded


@pytest.fixture
def reply(send):
    """Return a function that gives one answer to all questions of an import."""

    def reply(batch: ImportBatch, url: str, answer: str):
        batch.refresh_from_db()
        answers = {question["key"]: answer for question in batch.questions}
        response = send(url, _answer="1", **answers)
        batch.refresh_from_db()
        return response

    return reply


@pytest.fixture
def write(client, send):
    def write(batch: ImportBatch, url: str) -> str:
        send(url, **write_button(client, url))
        batch.refresh_from_db()
        return client.get(url).text

    return write


def names() -> list[tuple[str, str]]:
    return list(Person.objects.order_by("pk").values_list("name_latin", "rank"))


def test_answer_that_it_is_the_same_person_is_written_and_undone(
    client, hong, send, uploaded, reply, write
):
    content = csv_of(HEAD, ("", SIMILAR, "检察长", "vn-spp"))
    batch, url = uploaded(content, "people")
    page = client.get(url).text
    assert batch.state == "asking"
    assert f"(person number {hong.pk})" in page
    assert "Import all rows" not in page
    assert names() == [(RECORDED, "检察官")]

    reply(batch, url, str(hong.pk))
    page = client.get(url).text
    assert batch.counts["updated"] == 1
    assert f"The existing spelling “{RECORDED}” is kept." in page
    [row] = batch.preview["rows"]
    assert [cell[0] for cell in row["cells"]][:3] == ["", RECORDED, "检察长"]
    assert names() == [(RECORDED, "检察官")]

    page = write(batch, url)
    assert names() == [(RECORDED, "检察长")]
    assert f'<a href="/admin/people/person/{hong.pk}/change/">' in page

    send(undo_address(url))
    assert names() == [(RECORDED, "检察官")]


def test_answer_that_it_is_another_person_is_written_and_undone(
    client, hong, send, uploaded, reply, write
):
    content = csv_of(HEAD, ("", SIMILAR, "检察长", "vn-spp"))
    batch, url = uploaded(content, "people")

    reply(batch, url, "new")
    assert batch.counts["created"] == 1
    assert names() == [(RECORDED, "检察官")]

    write(batch, url)
    assert names() == [(RECORDED, "检察官"), (SIMILAR, "检察长")]

    send(undo_address(url))
    assert names() == [(RECORDED, "检察官")]


def test_forged_or_missing_answer_changes_nothing(client, hong, send, uploaded):
    other_person = people.person("Tran Van Binh", organ=hong.organ)
    content = csv_of(HEAD, ("", SIMILAR, "检察长", "vn-spp"))
    batch, url = uploaded(content, "people")
    [question] = batch.questions

    for forged in (str(other_person.pk), "row2", "x" * 5000, "\0"):
        response = send(url, _answer="1", **{question["key"]: forged})
        assert response.status_code == 200
        assert 'class="errorlist"' in response.text
    assert "Choose an answer." in send(url, _answer="1").text
    send(url, _write="1", plan_sha256=batch.plan_sha256)
    batch.refresh_from_db()
    assert (batch.state, batch.answers) == ("asking", {})
    assert names() == [(RECORDED, "检察官"), ("Tran Van Binh", "")]


def test_page_that_was_read_before_an_answer_was_changed_writes_nothing(
    client, hong, send, uploaded, reply, write
):
    content = csv_of(HEAD, ("", SIMILAR, "检察长", "vn-spp"))
    batch, url = uploaded(content, "people")
    [question] = batch.questions
    reply(batch, url, "new")
    stale = write_button(client, url)

    reply(batch, url, str(hong.pk))
    send(url, **stale)
    assert names() == [(RECORDED, "检察官")]
    assert (
        "The file has been checked again. Check the values before you import them."
    ) in client.get(url).text

    write(batch, url)
    assert names() == [(RECORDED, "检察长")]
    # An answer submitted after the import was written has no effect.
    send(url, _answer="1", **{question["key"]: "new"})
    batch.refresh_from_db()
    assert batch.state == "written"
    assert names() == [(RECORDED, "检察长")]


SEMINAR = ("研修班", *HEAD)
TRAINING = ("研修班", "姓名", "拉丁字母姓名", "机构", "完成学时")


@pytest.mark.parametrize("is_same_person", [True, False])
def test_participant_with_other_tone_marks_is_asked_about(
    client, hong, send, uploaded, reply, write, is_same_person
):
    seminars.seminar("SEM-0001")
    content = csv_of(SEMINAR, ("SEM-0001", "", SIMILAR, "", "vn-spp"))
    batch, url = uploaded(content, "seminar_participants")
    assert batch.state == "asking"

    reply(batch, url, str(hong.pk) if is_same_person else "new")
    write(batch, url)
    participant = Participant.objects.get()
    assert (participant.person == hong) is is_same_person
    assert Person.objects.count() == (1 if is_same_person else 2)

    send(undo_address(url))
    assert (Participant.objects.count(), Person.objects.count()) == (0, 1)


def test_training_record_is_of_the_participant_who_was_chosen_last(
    client, hong, send, uploaded, reply, write
):
    seminar = seminars.seminar("SEM-0001")
    hai = people.person("Nguyen Thi Hong", organ=hong.organ)
    for person in (hong, hai):
        seminars.participant(seminar, person=person)
    content = csv_of(TRAINING, ("SEM-0001", "", SIMILAR, "vn-spp", "40"))
    batch, url = uploaded(content, "training_records")
    assert batch.state == "asking"

    reply(batch, url, str(hong.pk))
    [row] = batch.preview["rows"]
    assert RECORDED in [cell[0] for cell in row["cells"]]
    stale = write_button(client, url)
    reply(batch, url, str(hai.pk))
    send(url, **stale)
    assert not TrainingRecord.objects.exists()

    write(batch, url)
    assert TrainingRecord.objects.get().participant.person == hai


def test_participation_is_of_the_new_person_who_was_chosen_last(
    client, hong, send, uploaded, reply, write
):
    """Both persons are new, so they cannot be distinguished by primary key."""
    for code in ("SEM-0001", "SEM-0002"):
        seminars.seminar(code)
    rows = [
        ("SEM-0001", "", "Phạm Hồng", "", "vn-spp"),
        ("SEM-0001", "", "Phạm Hòng", "", "vn-spp"),
        ("SEM-0002", "", "Pham Hong", "", "vn-spp"),
    ]
    batch, url = uploaded(csv_of(SEMINAR, *rows), "seminar_participants")
    reply(batch, url, "new")
    assert batch.state == "asking"
    first, last = batch.questions[1]["key"], batch.questions[0]["key"]
    send(url, _answer="1", **{first: "new", last: "row2"})
    stale = write_button(client, url)
    send(url, _answer="1", **{first: "new", last: "row3"})
    send(url, **stale)
    assert not Participant.objects.exists()

    write(batch, url)
    participant = Participant.objects.get(seminar__code="SEM-0002")
    assert participant.person.name_latin == "Phạm Hòng"


def test_more_questions_than_are_asked_at_once_follow(client, hong, uploaded, reply):
    count = 150
    for number in range(count):
        people.person(f"Hồng {letters(number)}", organ=hong.organ)
    rows = [("", f"Hòng {letters(number)}", "", "vn-spp") for number in range(count)]
    batch, url = uploaded(csv_of(HEAD, *rows), "people")
    assert (batch.state, len(batch.questions)) == ("asking", 100)

    reply(batch, url, "new")
    assert batch.state == "asking"
    assert "Import all rows" not in client.get(url).text

    reply(batch, url, "new")
    assert (batch.state, batch.counts["created"]) == ("checked", count)
    assert "Import all rows" in client.get(url).text


def letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def test_errors_are_shown_before_questions(client, hong, uploaded):
    rows = [("", SIMILAR, "检察长", "vn-spp"), ("", "Le Hoa", "", "nowhere")]
    batch, url = uploaded(csv_of(HEAD, *rows), "people")

    page = client.get(url).text
    assert (batch.state, batch.error_count) == ("checked", 1)
    assert "There is no organisation called “nowhere”." in page
    assert "Import all rows" not in page
    assert page.index("nowhere") < page.index('name="_answer"')
