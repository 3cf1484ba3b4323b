"""Proposed changes to published records: proposing, accepting and rejecting."""

import datetime as dt

import pytest

from portal.content.changes.models import Change
from portal.content.publishing import operations as publishing
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal
from portal.content.publishing.operations import InvalidTransition
from portal.content.publishing.review_choices import ProposalState
from portal.content.publishing.two_person_approval import SelfApprovalForbidden
from portal.content.review import operations
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.audit.chain import verify_chain
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import Place
from seminars.models import Seminar
from tests import reviewing
from tests.factories.directory import place
from tests.factories.publishing import AT, published, republished, source, staff
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def editor():
    return staff("sample.editor")


@pytest.fixture
def reviewer():
    return staff("sample.reviewer")


@pytest.fixture
def record():
    new_seminar = seminar(title_en="Old title", title_zh_hans="旧")
    new_seminar.places.add(place("nanning"))
    place("hanoi")
    session(new_seminar, title_en="Kept")
    session(new_seminar, title_en="Gone")
    source(new_seminar, "https://example.org/one")
    return published(new_seminar)


def proposed(record, change, *, by, note=None) -> Proposal:
    """Propose what ``change`` does to the record; return the pending proposal.

    ``change`` runs in a transaction that is rolled back. Returns None if it changes
    nothing.
    """
    base = take_snapshot(record, record.child_relations)
    with rolled_back_transaction():
        change(Seminar.objects.get(pk=record.pk))
        proposed_snapshot = take_snapshot(
            Seminar.objects.get(pk=record.pk), record.child_relations
        )
    return operations.propose(
        record,
        base=base,
        proposed=proposed_snapshot,
        public_note=note or {},
        by=by,
        at=AT,
    )


def retitled(record):
    record.title_en = "New title"
    record.save()


def rearranged(record):
    """Change a field, a relation, and rows of both kinds (sessions, sources)."""
    retitled(record)
    record.places.set(Place.objects.filter(key="hanoi"))
    record.sessions.get(title_en="Gone").delete()
    record.sessions.filter(title_en="Kept").update(title_en="Changed")
    session(record, title_en="Added")
    record.sources.all().delete()
    source(record, "https://example.org/two")


def test_public_page_keeps_old_version_while_proposal_is_pending(record, editor):
    changes = Change.objects.count()

    proposed(record, rearranged, by=editor)

    stored = Seminar.objects.get(pk=record.pk)
    assert (stored.title_en, stored.revision) == ("Old title", 1)
    assert {row.title_en for row in stored.sessions.all()} == {"Kept", "Gone"}
    assert [row.url for row in stored.sources.all()] == ["https://example.org/one"]
    assert Change.objects.count() == changes


def test_accepted_proposal_is_applied_completely(record, editor, reviewer):
    session_pk = record.sessions.get(title_en="Kept").pk
    proposal = proposed(record, rearranged, by=editor)

    reviewing.accept(proposal, by=reviewer, at=AT)

    stored = Seminar.objects.get(pk=record.pk)
    assert (stored.title_en, stored.title_zh_hans, stored.revision) == (
        "New title",
        "旧",
        2,
    )
    assert [related.key for related in stored.places.all()] == ["hanoi"]
    assert stored.sessions.get(pk=session_pk).title_en == "Changed"
    assert {related.title_en for related in stored.sessions.all()} == {
        "Changed",
        "Added",
    }
    assert [(related.url, related.host) for related in stored.sources.all()] == [
        ("https://example.org/two", "example.org")
    ]
    assert min(stored.sessions.values_list("pk", flat=True)) > 0
    assert Change.objects.latest("position").action == "updated"
    assert verify_chain().first_broken_position is None


def test_proposal_from_before_a_column_was_added_is_applied(record, editor, reviewer):
    """An upgrade can add columns to records while a change waits."""
    proposal = proposed(record, rearranged, by=editor)
    for snapshot in (proposal.base, proposal.wanted):
        del snapshot["values"]["remark_vi"], snapshot["links"]["topics"]
        for child in snapshot["parts"]["sessions"]:
            del child["values"]["title_vi"]
    proposal.save()
    Seminar.objects.update(remark_vi="New column")

    reviewing.accept(proposal, by=reviewer, at=AT)

    stored = Seminar.objects.get(pk=record.pk)
    assert (stored.title_en, stored.remark_vi) == ("New title", "New column")
    assert stored.sources.get().url == "https://example.org/two"


def test_proposal_is_outdated_once_a_column_it_knows_has_changed(
    record, editor, reviewer
):
    proposal = proposed(record, rearranged, by=editor)
    record.sessions.filter(title_en="Kept").update(title_vi="Changed since")

    with pytest.raises(operations.OutdatedProposalError):
        reviewing.accept(proposal, by=reviewer, at=AT)


def test_author_cannot_accept_own_proposal(record, editor):
    proposal = proposed(record, retitled, by=editor)

    with pytest.raises(SelfApprovalForbidden):
        reviewing.accept(proposal, by=editor, at=AT)

    assert Seminar.objects.get().title_en == "Old title"


def test_every_proposal_editor_is_contributor(record, editor, reviewer):
    proposed(record, retitled, by=editor)
    proposal = proposed(record, rearranged, by=reviewer)

    for person in (editor, reviewer):
        with pytest.raises(SelfApprovalForbidden):
            reviewing.accept(proposal, by=person, at=AT)

    reviewing.accept(proposal, by=staff("sample.third"), at=AT)


def test_record_has_at_most_one_open_proposal(record, editor):
    first = proposed(record, retitled, by=editor)

    second = proposed(record, rearranged, by=editor)

    assert first.pk == second.pk
    assert Proposal.objects.open().count() == 1


def test_empty_proposal_is_not_created(record, editor):
    assert proposed(record, lambda _record: None, by=editor) is None

    assert not Proposal.objects.exists()


def test_reverting_to_old_values_discards_proposal(record, editor):
    proposed(record, retitled, by=editor)

    proposed(record, lambda _record: None, by=editor)

    assert Proposal.objects.get().state == ProposalState.DISCARDED


def test_returned_proposal_has_reason_and_can_be_resubmitted(record, editor, reviewer):
    proposal = proposed(record, retitled, by=editor)
    reviewing.return_to_author(proposal, by=reviewer, at=AT, reason="Which source?")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("returned", "Which source?")
    with pytest.raises(InvalidTransition):
        reviewing.accept(proposal, by=reviewer, at=AT)

    resubmitted = proposed(record, rearranged, by=editor)

    assert (resubmitted.pk, resubmitted.state) == (proposal.pk, "waiting")


def test_discarded_proposal_leaves_record_unchanged(record, editor, reviewer):
    proposal = proposed(record, rearranged, by=editor)

    reviewing.discard(proposal, by=reviewer, at=AT, reason="Not true.")

    assert Seminar.objects.get().title_en == "Old title"
    actions = Deed.objects.for_record(record).values_list("verb", "note")
    assert actions[0] == ("discarded", "Not true.")


def test_proposal_against_outdated_record_is_rejected(
    record, editor, reviewer, settings
):
    proposal = proposed(record, retitled, by=editor)
    settings.TWO_PERSON_APPROVAL = False
    record.title_en = "Meanwhile"
    record.save()
    republished(record, by=editor)
    settings.TWO_PERSON_APPROVAL = True

    with pytest.raises(
        operations.OutdatedProposalError,
        match=("was changed after this change was proposed"),
    ):
        reviewing.accept(proposal, by=reviewer, at=AT)

    assert Seminar.objects.get().title_en == "Meanwhile"
    assert Proposal.objects.get().state == ProposalState.WAITING


def test_proposal_referencing_deleted_row_is_rejected(record, editor, reviewer):
    def moved(changed):
        changed.title_en = "New title"
        changed.save()
        changed.places.add(deleted_place)

    deleted_place = place("far")
    proposal = proposed(record, moved, by=editor)
    deleted_place.delete()

    with pytest.raises(
        operations.OutdatedProposalError,
        match="refers to something that no longer exists",
    ):
        reviewing.accept(proposal, by=reviewer, at=AT)

    assert Seminar.objects.get().title_en == "Old title"


def test_public_note_is_shown_after_acceptance(record, editor, reviewer, client):
    url = f"/en/seminars/{record.code}/"
    note = {"en": "The title was corrected.", "zh-hans": "标题已更正。"}
    proposal = proposed(record, retitled, by=editor, note=note)
    assert "was corrected" not in client.get(url).text

    reviewing.accept(proposal, by=reviewer, at=AT)

    page = client.get(url).text
    assert "The title was corrected." in page
    assert "标题已更正。" in client.get(f"/zh-hans/seminars/{record.code}/").text


def test_proposal_for_draft_is_rejected(editor):
    draft = seminar()
    snapshot = take_snapshot(draft, draft.child_relations)

    with pytest.raises(InvalidTransition, match="Edit it in its form"):
        operations.propose(
            draft, base=snapshot, proposed=snapshot, public_note={}, by=editor, at=AT
        )


def test_change_accepted_of_a_record_approved_for_later_returns_it_to_review(
    record, editor, reviewer
):
    """The reviewer of the change saw only the change, not all approved content."""
    later = AT + dt.timedelta(days=1)
    record.publish_at = later
    record.save()
    republished(record)
    proposal = proposed(record, retitled, by=editor)
    reviewing.withdraw(record, by=reviewer, at=AT)
    reviewing.return_to_draft(record, by=reviewer, at=AT)
    publishing.submit(record, by=editor, at=AT)
    reviewing.approve(record, by=reviewer, at=AT)
    assert record.status == Status.APPROVED
    Place.objects.filter(key="nanning").update(name_en="Not what was approved")

    reviewing.accept(proposal, by=reviewer, at=AT)
    published_count = publishing.publish_due(by=reviewer, at=later)

    stored = Seminar.objects.get(pk=record.pk)
    assert (stored.title_en, stored.status) == ("New title", Status.IN_REVIEW)
    assert (stored.approved_version, published_count) == ("", 0)
    entries = (
        Deed.objects.for_record(stored)
        .filter(model="seminars.seminar")
        .order_by("position")
    )
    assert entries.last().verb == AuditAction.SUBMITTED


def test_withdrawn_record_keeps_pending_proposal(record, editor, reviewer):
    proposal = proposed(record, retitled, by=editor)
    reviewing.withdraw(record, by=reviewer, at=AT, reason="A sample reason.")

    reviewing.accept(proposal, by=reviewer, at=AT)

    stored = Seminar.objects.get()
    assert (stored.title_en, stored.status) == ("New title", "withdrawn")
