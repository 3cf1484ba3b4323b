"""A person with related rows and audit entries, for tests of erasure."""

import pytest

from portal.core.audit import operations as audit
from portal.core.audit.snapshots import take_snapshot
from portal.reference.people.models import Person
from tests.factories import delegations, directory, seminars
from tests.factories.people import person as make_person
from tests.factories.publishing import AT, actor


@pytest.fixture
def organ():
    return directory.organ()


@pytest.fixture
def person(organ) -> Person:
    """Create a person with a visit, a lecture, a certificate and audit entries."""
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
        after = take_snapshot(row)
        audit.append_snapshot_diff(row, before=None, after=after, by=actor(), at=AT)
    return person
