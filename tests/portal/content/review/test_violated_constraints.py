"""Accepting a change that violates a constraint by now says which one."""

import pytest

from exchanges.models import Meeting
from portal.conference.models import Edition, EditionDelegation
from portal.content.publishing.models import Proposal
from portal.content.review import operations
from portal.core.audit.snapshots import ChildRow, get_column_values, take_snapshot
from tests import reviewing
from tests.factories.conference import edition, edition_delegation
from tests.factories.directory import country
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import AT, published, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_person_approval(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def editor():
    return staff("sample.editor")


@pytest.fixture
def reviewer():
    return staff("sample.reviewer", is_superuser=True)


def proposed_delegation(record: Edition, *, by, **values) -> Proposal:
    """Propose to add a delegation to a published edition."""
    base, wanted = (take_snapshot(record, record.child_relations) for _ in range(2))
    added = edition_delegation(record, **values)
    columns = get_column_values(added)
    del columns["edition_id"]
    added.delete()
    wanted.parts["delegations"].append(ChildRow(-1, columns))
    return operations.propose(
        record, base=base, proposed=wanted, public_note={}, by=by, at=AT
    )


def proposed_number(record: Meeting, number: int, *, by) -> Proposal:
    base, wanted = (take_snapshot(record, record.child_relations) for _ in range(2))
    wanted.values["series_number"] = number
    return operations.propose(
        record, base=base, proposed=wanted, public_note={}, by=by, at=AT
    )


def test_message_of_a_violated_unique_constraint_of_a_row_is_shown(editor, reviewer):
    record = published(edition(8))
    proposal = proposed_delegation(record, by=editor, code="DEL-0001")
    edition_delegation(edition(9), code="DEL-0001")

    with pytest.raises(operations.OutdatedProposalError) as info:
        reviewing.accept(proposal, by=reviewer, at=AT)

    assert "Another delegation has this code already." in str(info.value)
    assert "is gone" not in str(info.value)
    assert not record.delegations.exists()
    proposal.refresh_from_db()
    assert proposal.state == "waiting"


def test_message_of_a_violated_constraint_of_the_record_is_shown(editor, reviewer):
    series = mechanism()
    record = published(meeting(mechanism=series, series_number=1))
    unique = proposed_number(record, 2, by=editor)
    meeting(mechanism=series, series_number=2)

    with pytest.raises(operations.OutdatedProposalError) as info:
        reviewing.accept(unique, by=reviewer, at=AT)
    assert "The mechanism has a meeting with this number already." in str(info.value)

    check = proposed_number(record, 0, by=editor)
    with pytest.raises(operations.OutdatedProposalError) as info:
        reviewing.accept(check, by=reviewer, at=AT)
    assert "Meetings of a series are numbered from 1." in str(info.value)


def test_country_that_is_gone_is_no_violated_constraint(editor, reviewer):
    record = published(edition(8))
    laos = country("LA")
    proposal = proposed_delegation(record, by=editor, country=laos)
    laos.delete()

    with pytest.raises(operations.OutdatedProposalError, match="is gone"):
        reviewing.accept(proposal, by=reviewer, at=AT)

    assert not EditionDelegation.objects.exists()


def test_form_of_a_change_that_violates_a_constraint_leads_to_the_change(
    editor, reviewer, client
):
    record = published(edition(8))
    proposal = proposed_delegation(record, by=editor, code="DEL-0001")
    edition_delegation(edition(9), code="DEL-0001")
    client.force_login(reviewer)
    form = f"/admin/conference/edition/{record.pk}/change/"

    for response in (client.get(form, follow=True), client.post(form, follow=True)):
        assert response.redirect_chain == [(reviewing.page_of(proposal), 302)]
        assert "Another delegation has this code" in reviewing.messages_of(response)[0]
    reviewing.decide_proposal(client, "_discard", proposal)
    assert client.get(form).status_code == 200
