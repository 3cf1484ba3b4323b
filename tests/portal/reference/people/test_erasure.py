"""Erasing a person from rows, audit log, pending proposals and imports."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from delegations.models import Member
from portal.content.publishing.import_choices import ImportState
from portal.content.publishing.models import (
    ImportBatch,
    ImportedFile,
    ImportedRow,
    Proposal,
)
from portal.content.publishing.operations import InvalidTransition
from portal.content.review import operations as review
from portal.core.audit import operations as audit
from portal.core.audit.chain import verify_chain
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed, PersonalValue
from portal.core.audit.snapshots import take_snapshot
from portal.reference.people.models import Person
from portal.reference.people.operations import erase_person
from seminars.models import Certificate, Participant, Session, TrainingRecord
from tests import reviewing
from tests.factories.people import person as make_person
from tests.factories.publishing import AT, actor, published, staff

pytestmark = pytest.mark.django_db

LETTER = "Asked for by letter."


def _every_text() -> str:
    """Return the text of every table that holds data about people."""
    with_personal_data = (
        Person,
        Participant,
        Member,
        TrainingRecord,
        Certificate,
        Session,
    )
    tables = [
        model.objects.values()
        for model in (*with_personal_data, Deed, PersonalValue, Proposal)
    ]
    return str([list(rows) for rows in tables])


def test_erased_person_name_is_stored_nowhere(person):
    texts = ("Sample Name", "某人", "Sample rank", "Sample office", "Văn phòng")
    assert all(text in _every_text() for text in texts)

    erase_person(person, by=staff(), at=AT, reason=LETTER)

    assert [text for text in texts if text in _every_text()] == []
    person.refresh_from_db()
    assert (person.organ, person.erased_at) == (None, AT)
    assert str(person) == f"deleted person {person.pk}"


def test_erased_person_keeps_participation_and_certificate(person):
    erase_person(person, by=staff(), at=AT, reason=LETTER)

    participant = Participant.objects.get(person=person)
    record = TrainingRecord.objects.get(participant=participant)
    assert (record.hours_attended, record.result) == (24, "passed")
    assert Certificate.objects.get(training_record=record).number == "CERT-2024-0917"
    assert Member.objects.filter(person=person).count() == 1


def test_erasure_clears_identifying_related_fields(person):
    erase_person(person, by=staff(), at=AT, reason=LETTER)

    assert Participant.objects.get(person=person).organ is None
    member = Member.objects.get(person=person)
    assert (member.office_en, member.office_vi, member.is_head) == ("", "", False)
    assert Session.objects.get().speaker is None


def test_every_relation_to_person_has_erasure_rule():
    """Every relation needs a rule for erasure in its app's ``erase_personal_data``."""
    relations = {
        relation.related_model._meta.label for relation in Person._meta.related_objects
    }

    assert relations == {
        "seminars.Participant",  # the sending organisation is removed
        "seminars.Session",  # the speaker is removed
        "delegations.Member",  # position and head of delegation are removed
    }


def test_chain_is_valid_and_records_erasure(person):
    by = staff()
    assert PersonalValue.objects.exists()

    erase_person(person, by=by, at=AT, reason=LETTER)

    assert verify_chain().first_broken_position is None
    assert not PersonalValue.objects.exists()
    last = Deed.objects.latest("position")
    assert (last.verb, last.by, last.note) == (AuditAction.ERASED, by, LETTER)
    assert (last.model, last.row) == ("people.person", str(person.pk))


def test_erasure_keeps_values_of_other_people(person):
    other_person = make_person("Other Name")
    after = take_snapshot(other_person)
    audit.append_snapshot_diff(
        other_person, before=None, after=after, by=actor(), at=AT
    )

    erase_person(person, by=staff(), at=AT, reason=LETTER)

    subjects = set(PersonalValue.objects.values_list("subject", flat=True))
    assert subjects == {f"people.person:{other_person.pk}"}


def test_seminar_history_hides_speaker_erasure_reason(person):
    seminar = Session.objects.get().seminar

    erase_person(person, by=staff(), at=AT, reason=LETTER)

    (entry,) = Deed.objects.for_record(seminar)
    assert (entry.model, entry.note) == ("seminars.session", "")


def test_pending_proposal_does_not_restore_erased_speaker(person):
    seminar = published(Session.objects.get().seminar)
    base = take_snapshot(seminar, seminar.child_relations)
    proposed = take_snapshot(seminar, seminar.child_relations)
    proposed.values["title_en"] = "Other words"
    proposal = review.propose(
        seminar, base=base, proposed=proposed, public_note={}, by=staff(), at=AT
    )

    erase_person(person, by=staff("sample.registrar"), at=AT, reason=LETTER)
    proposal.refresh_from_db()
    reviewing.accept(proposal, by=staff("sample.reviewer"), at=AT)

    seminar.refresh_from_db()
    assert seminar.title_en == "Other words"
    assert Session.objects.get().speaker is None


def test_pending_people_imports_are_deleted(person):
    """All data read from the lists may name the person; other imports are kept."""
    bad = [[2, "name_latin", person.name_latin, "Write it once."]]
    parsed = {
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
            **parsed,
        )
        ImportedFile.objects.create(batch=batch, content=b"sample")

    erase_person(person, by=staff(), at=AT, reason=LETTER)

    remaining = ImportedFile.objects.values_list("batch__resource", flat=True)
    assert list(remaining) == ["seminars"]
    for batch in ImportBatch.objects.all():
        values = {name: getattr(batch, name) for name in parsed}
        if batch.resource == "seminars":
            assert values == parsed
        else:
            assert not any(values.values())


def test_imports_drop_previous_values_of_erased_person(person):
    """The import can no longer be undone, because its row has changed since."""
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

    erase_person(person, by=staff(), at=AT, reason=LETTER)

    assert list(ImportedRow.objects.values_list("before", flat=True)) == [{}] * 3


def test_second_erasure_is_rejected(person):
    erase_person(person, by=staff(), at=AT, reason=LETTER)

    with pytest.raises(InvalidTransition):
        erase_person(person, by=staff("sample.other"), at=AT, reason=LETTER)


def test_erased_person_cannot_be_edited(person):
    erase_person(person, by=staff(), at=AT, reason=LETTER)
    person.name_latin = "Sample Name"

    with pytest.raises(
        ValidationError,
        match=("This person's data has been deleted and cannot be changed"),
    ):
        person.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Person).filter(pk=person.pk).update(name_latin="Sample Name")
