"""Somebody whom records and history know, to be erased."""

import pytest

from portal.history import operations as history
from portal.history.snapshots import snapshot
from portal.people.models import Person
from tests.factories import delegations, directory, seminars
from tests.factories.people import person as make_person
from tests.factories.publishing import AT, actor


@pytest.fixture
def organ():
    return directory.organ()


@pytest.fixture
def person(organ) -> Person:
    """Somebody who travelled, taught, learned and was certified; the history knows."""
    person = make_person(
        "Sample Name", name_own="某人", rank="Sample rank", organ=organ
    )
    participant = seminars.participant(person=person, organ=organ)
    record = seminars.training_record(participant, hours_attended=24, result="passed")
    seminars.certificate(record, number="CERT-2024-0917")
    seminars.session(participant.seminar, speaker=person)
    member = delegations.member(
        person=person, office_en="Sample office", office_vi="Văn phòng", is_head=True
    )
    for row in (person, participant, record, member):
        after = snapshot(row)
        history.append_changes(row, before=None, after=after, by=actor(), at=AT)
    return person
