"""Erasing a person: from the rows, from the history, for good."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from delegations.models import Member
from portal.history import operations as history
from portal.history.chain import verify
from portal.history.choices import Verb
from portal.history.models import Deed, PersonalValue
from portal.history.snapshots import snapshot
from portal.people.models import Person
from portal.people.operations import erase
from portal.publishing.models import ImportBatch, ImportedFile, ImportedRow, Proposal
from portal.publishing.operations import WrongState
from portal.publishing.review import operations as review
from portal.publishing.spreadsheets.choices import ImportState
from seminars.models import Certificate, Participant, Session, TrainingRecord
from tests import reviewing
from tests.factories.people import person as make_person
from tests.factories.publishing import AT, actor, published, staff

pytestmark = pytest.mark.django_db

LETTER = "Asked for by letter."


def _every_text() -> str:
    """All that any table says about people, as text."""
    kept = (Person, Participant, Member, TrainingRecord, Certificate, Session)
    told = [model.objects.values() for model in (*kept, Deed, PersonalValue, Proposal)]
    return str([list(rows) for rows in told])


def test_erased_person_is_nowhere_named(person):
    words = ("Sample Name", "某人", "Sample rank", "Sample office", "Văn phòng")
    assert all(word in _every_text() for word in words)

    erase(person, by=staff(), at=AT, reason=LETTER)

    assert [word for word in words if word in _every_text()] == []
    person.refresh_from_db()
    assert (person.organ, person.erased_at) == (None, AT)
    assert str(person) == f"erased person {person.pk}"


def test_erased_person_is_counted_and_the_certificate_stays(person):
    erase(person, by=staff(), at=AT, reason=LETTER)

    participant = Participant.objects.get(person=person)
    record = TrainingRecord.objects.get(participant=participant)
    assert (record.hours_attended, record.result) == (24, "passed")
    assert Certificate.objects.get(training_record=record).number == "CERT-2024-0917"
    assert Member.objects.filter(person=person).count() == 1


def test_nothing_in_other_rows_points_at_who_it_was(person):
    erase(person, by=staff(), at=AT, reason=LETTER)

    assert Participant.objects.get(person=person).organ is None
    member = Member.objects.get(person=person)
    assert (member.office_en, member.office_vi, member.is_head) == ("", "", False)
    assert Session.objects.get().speaker is None


def test_every_relation_to_a_person_is_thought_of():
    """A new one says here what erasing does to its rows, and an app's ``forget`` does
    it."""
    relations = {
        relation.related_model._meta.label for relation in Person._meta.related_objects
    }

    assert relations == {
        "seminars.Participant",  # the organ that sent them goes
        "seminars.Session",  # is not said to be theirs any more
        "delegations.Member",  # office and being the head go
    }


def test_history_verifies_and_tells_of_the_erasure(person):
    by = staff()
    assert PersonalValue.objects.exists()

    erase(person, by=by, at=AT, reason=LETTER)

    assert verify().broken_at is None
    assert not PersonalValue.objects.exists()
    last = Deed.objects.latest("position")
    assert (last.verb, last.by, last.note) == (Verb.ERASED, by, LETTER)
    assert (last.model, last.row) == ("people.person", str(person.pk))


def test_values_of_others_stay(person):
    other = make_person("Other Name")
    after = snapshot(other)
    history.append_changes(other, before=None, after=after, by=actor(), at=AT)

    erase(person, by=staff(), at=AT, reason=LETTER)

    subjects = set(PersonalValue.objects.values_list("subject", flat=True))
    assert subjects == {f"people.person:{other.pk}"}


def test_history_of_a_seminar_does_not_tell_why_a_speaker_was_taken_out(person):
    seminar = Session.objects.get().seminar

    erase(person, by=staff(), at=AT, reason=LETTER)

    (deed,) = Deed.objects.about(seminar)
    assert (deed.model, deed.note) == ("seminars.session", "")


def test_waiting_change_does_not_bring_the_speaker_back(person):
    seminar = published(Session.objects.get().seminar)
    base = snapshot(seminar, seminar.parts)
    wanted = snapshot(seminar, seminar.parts)
    wanted.values["title_en"] = "Other words"
    proposal = review.propose(
        seminar, base=base, wanted=wanted, public_note={}, by=staff(), at=AT
    )

    erase(person, by=staff("sample.registrar"), at=AT, reason=LETTER)
    proposal.refresh_from_db()
    reviewing.accept(proposal, by=staff("sample.reviewer"), at=AT)

    seminar.refresh_from_db()
    assert seminar.title_en == "Other words"
    assert Session.objects.get().speaker is None


def test_lists_of_people_that_nobody_wrote_are_dropped(person):
    """All that was read from them may name the person; other lists stay."""
    bad = [[2, "name_latin", person.name_latin, "Write it once."]]
    read = {
        "errors": bad,
        "warnings": bad,
        "preview": {"rows": [person.name_latin]},
        "questions": [{"text": person.name_latin}],
        "answers": {"person:2": str(person.pk)},
    }
    for code in ("people", "seminar_participants", "seminars"):
        batch = ImportBatch.objects.create(
            resource=code,
            file_name="sample.csv",
            sha256="0" * 64,
            state=ImportState.CHECKED,
            error_count=1,
            received_at=AT,
            received_by=actor(),
            **read,
        )
        ImportedFile.objects.create(batch=batch, content=b"sample")

    erase(person, by=staff(), at=AT, reason=LETTER)

    kept = ImportedFile.objects.values_list("batch__resource", flat=True)
    assert list(kept) == ["seminars"]
    for batch in ImportBatch.objects.all():
        left = {name: getattr(batch, name) for name in read}
        if batch.resource == "seminars":
            assert left == read
        else:
            assert not any(left.values())


def test_imports_keep_nothing_of_what_was_said_before(person):
    """The import cannot be undone any more: its row was changed since."""
    batch = ImportBatch.objects.create(
        resource="people",
        file_name="sample.csv",
        sha256="0" * 64,
        state=ImportState.WRITTEN,
        received_at=AT,
        written_at=AT,
        written_by=actor(),
    )
    rows = (person, Participant.objects.get(), Member.objects.get())
    for position, row in enumerate(rows):
        ImportedRow.objects.create(
            batch=batch,
            position=position,
            number=position + 2,
            content_type=ContentType.objects.get_for_model(row),
            object_id=row.pk,
            resource="people",
            action="updated",
            before={"name_latin": "Older Name"},
        )

    erase(person, by=staff(), at=AT, reason=LETTER)

    assert list(ImportedRow.objects.values_list("before", flat=True)) == [{}] * 3


def test_person_is_erased_once(person):
    erase(person, by=staff(), at=AT, reason=LETTER)

    with pytest.raises(WrongState):
        erase(person, by=staff("sample.other"), at=AT, reason=LETTER)


def test_erased_person_is_not_written_anew(person):
    erase(person, by=staff(), at=AT, reason=LETTER)
    person.name_latin = "Sample Name"

    with pytest.raises(ValidationError, match="This person was erased"):
        person.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Person).filter(pk=person.pk).update(name_latin="Sample Name")
