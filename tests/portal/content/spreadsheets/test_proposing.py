"""Imports that change published records: one proposal for each of them."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from portal.content.publishing.models import ImportedRow, Proposal
from portal.content.publishing.review_choices import ProposalState
from portal.content.publishing.two_person_approval import SelfApprovalForbidden
from portal.content.review import operations as review
from portal.content.spreadsheets import operations
from portal.content.spreadsheets.progress import ImportProgress
from portal.core.audit.models import Deed, Head
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import NamedParty
from seminars.models import Seminar
from tests import reviewing
from tests.factories import directory, seminars
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    csv_of,
    staff_user,
    why_not_undone,
    written,
)

pytestmark = pytest.mark.django_db
LATER = states.AT + dt.timedelta(hours=1)
HEAD = (
    *("code", "title_en", "participating_countries", "venue_named_parties"),
    *("source_urls", "hours"),
)


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def reviewer():
    return states.staff("sample.reviewer")


@pytest.fixture
def seminar():
    """A published seminar with relations, a source and a session."""
    directory.country("LA")
    record = seminars.seminar("SEM-0001", title_en="Old")
    record.participating_countries.set([directory.country("VN")])
    states.source(record, "https://old.example/")
    seminars.session(record, title_en="Kept")
    return states.published(record)


def stored_values(record) -> dict:
    from portal.content.spreadsheets.registry import get_resource_for_model

    return get_resource_for_model(type(record)).get_values(
        [type(record).objects.get(pk=record.pk)]
    )[0]


def changing_rows() -> bytes:
    row = ("New", "LA;VN", "Sample hall|LA", "https://new.example/", "12.5")
    return csv_of(HEAD, ("SEM-0001", *row))


def test_change_of_published_record_waits_for_another_person(seminar, reviewer):
    before = stored_values(seminar)

    batch = written(changing_rows())

    assert stored_values(seminar) == before
    assert batch.counts["proposed"] == 1
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.record, proposal.import_batch) == (
        *(ProposalState.WAITING, seminar, batch),
    )
    assert (proposal.proposed_by, proposal.proposed_at) == (staff_user(), states.AT)
    with pytest.raises(SelfApprovalForbidden):
        reviewing.accept(proposal, by=staff_user(), at=LATER)

    reviewing.accept(proposal, by=reviewer, at=LATER)

    seminar.refresh_from_db()
    after = stored_values(seminar)
    assert seminar.is_published
    assert (after["title_en"], str(after["hours"])) == ("New", "12.5")
    assert after["participating_countries"] == ["LA", "VN"]
    assert after["venue_parties"] == ["Sample hall|LA"]
    assert after["sources"] == ["https://new.example/"]
    assert seminar.sessions.get().title_en == "Kept"


def test_proposal_has_the_values_of_the_row_only(seminar):
    base = take_snapshot(seminar, seminar.child_relations)

    written(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    proposal = Proposal.objects.get()
    expected = base.as_json()
    assert proposal.base == expected
    expected["values"]["title_en"] = "New"
    assert proposal.wanted == expected


def test_each_published_row_has_its_own_proposal_and_drafts_are_written(seminar):
    states.published(seminars.seminar("SEM-0002", title_en="Second"))
    seminars.seminar("SEM-0003", title_en="Draft")
    states.published(seminars.seminar("SEM-0004", title_en="Same"))
    rows = [
        ("SEM-0001", "New 1", "related"),
        ("SEM-0002", "New 2", "related"),
        ("SEM-0003", "New 3", "related"),
        ("SEM-0004", "Same", seminar.scope),
        ("", "New 5", "related"),
    ]

    batch = written(csv_of(("code", "title_en", "scope"), *rows))

    counts = {name: batch.counts[name] for name in ("created", "updated", "unchanged")}
    assert counts == {"created": 1, "updated": 1, "unchanged": 1}
    assert batch.counts["proposed"] == 2
    codes = [proposal.record.code for proposal in batch.proposals.order_by("pk")]
    assert codes == ["SEM-0001", "SEM-0002"]
    titles = set(Seminar.objects.values_list("title_en", flat=True))
    assert titles == {"Old", "Second", "New 3", "Same", "New 5"}
    actions = batch.rows.order_by("position").values_list("action", "number")
    assert list(actions) == [
        *(("updated", 4), ("created", 6), ("proposed", 2), ("proposed", 3)),
    ]
    assert list(batch.rows.values_list("before", flat=True)[2:]) == [{}, {}]


def test_preview_names_the_changes_to_approve(seminar):
    batch = checked(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    assert batch.has_changes
    assert batch.preview["rows"] == [
        {"number": 2, "action": "proposed", "cells": [["SEM-0001"], ["New", "Old"]]}
    ]
    assert batch.preview["change_count"] == 1
    assert not Proposal.objects.exists()


def test_audit_entries_name_the_import(seminar):
    batch = written(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    entry = Deed.objects.get(verb="proposed")
    assert (entry.note, entry.by) == (str(batch), staff_user())
    assert entry.changes[0]["new"] == "New"
    assert not Deed.objects.for_record(seminar).filter(verb="changed").exists()


def test_row_of_record_with_open_change_is_an_error(seminar):
    states.proposal(seminar)

    unchanged = checked(csv_of(("code", "title_en"), ("SEM-0001", "Old")))
    changed = checked(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    assert unchanged.errors == []
    (error,) = changed.errors
    assert error[:3] == [2, "title_en", "New"]
    assert error[3].startswith("A change to this published record is already open.")


def test_invalid_change_of_published_record_is_an_error(seminar):
    batch = checked(
        csv_of(
            ("code", "starts_on", "ends_on"), ("SEM-0001", "2024-05-02", "2024-05-01")
        )
    )

    (error,) = batch.errors
    assert "end" in error[3].lower()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("is_published", [False, True])
def test_required_reference_of_a_record_cannot_be_cleared(is_published):
    record = directory.organ("organ-1")
    if is_published:
        states.published(record)

    batch = checked(
        csv_of(("organ_key", "country_iso2"), ("organ-1", "")), code="organs"
    )

    assert batch.errors == [
        [2, "country_iso2", "", "This cell cannot be blank. Enter a value."]
    ]


def test_change_proposed_by_colleague_during_the_import_is_kept(seminar, monkeypatch):
    batch = checked(csv_of(("code", "title_en"), ("SEM-0001", "New")))
    plan_content = operations.plan_content

    def propose_afterwards(*arguments, **values):
        planned = plan_content(*arguments, **values)
        states.proposal(seminar)
        return planned

    monkeypatch.setattr(operations, "plan_content", propose_afterwards)

    operations.write_import(
        batch, by=staff_user(), at=states.AT, progress=ImportProgress(batch.pk)
    )

    assert batch.state == "checked"
    assert "A colleague proposed a change to “SEM-0001”" in batch.errors[0][3]
    assert Proposal.objects.get().import_batch is None
    assert not ImportedRow.objects.exists()


def test_values_are_shown_again_if_a_draft_was_published_since_the_check():
    draft = seminars.seminar("SEM-0001", title_en="Old")
    batch = checked(csv_of(("code", "title_en"), ("SEM-0001", "New")))
    states.published(draft)

    operations.write_import(
        batch, by=staff_user(), at=states.AT, progress=ImportProgress(batch.pk)
    )

    assert (batch.state, batch.counts["proposed"]) == ("checked", 1)
    assert "because a record has changed since" in batch.notes[-1]
    assert not Proposal.objects.exists()


def test_nothing_is_saved_if_a_proposal_fails(seminar, monkeypatch):
    seminars.seminar("SEM-0002", title_en="Draft")
    rows = (("SEM-0001", "New"), ("SEM-0002", "New draft"))
    batch = checked(csv_of(("code", "title_en"), *rows))

    def fail(*arguments, **values):
        raise IntegrityError("sample constraint")

    monkeypatch.setattr(review, "propose_import", fail)

    operations.write_import(
        batch, by=staff_user(), at=states.AT, progress=ImportProgress(batch.pk)
    )

    assert "sample constraint" in batch.errors[0][3]
    assert Seminar.objects.get(code="SEM-0002").title_en == "Draft"
    assert not ImportedRow.objects.exists()


def test_undo_discards_the_proposals(seminar):
    states.published(seminars.seminar("SEM-0002", title_en="Second"))
    rows = (("SEM-0001", "New 1"), ("SEM-0002", "New 2"), ("", "New 3"))
    table = [("code", "title_en", "scope")]
    batch = written(csv_of(*table, *((*row, "related") for row in rows)))
    discarded = batch.proposals.get(object_id=seminar.pk)
    reviewing.discard(discarded, by=states.staff("sample.reviewer"), at=LATER)

    assert why_not_undone(batch, at=LATER) == ""

    assert set(batch.proposals.values_list("state", "reason")) == {
        ("discarded", ""),
        ("discarded", "The import was undone."),
    }
    assert Seminar.objects.count() == 2
    repeated = written(csv_of(*table, ("SEM-0001", "New", "related")), at=LATER)
    assert repeated.counts["proposed"] == 1


def test_returned_proposal_can_be_undone(seminar, reviewer):
    batch = written(csv_of(("code", "title_en"), ("SEM-0001", "New")))
    proposal = batch.proposals.get()
    reviewing.return_to_author(proposal, by=reviewer, at=LATER, reason="No.")

    assert why_not_undone(batch, at=LATER) == ""
    assert batch.proposals.get().state == ProposalState.DISCARDED


def test_undo_is_rejected_after_approval_or_edit(seminar, reviewer):
    other = states.published(seminars.seminar("SEM-0002", title_en="Second"))
    first = written(csv_of(("code", "title_en"), ("SEM-0001", "New")))
    second = written(csv_of(("code", "title_en"), ("SEM-0002", "New")))
    reviewing.accept(first.proposals.get(), by=reviewer, at=LATER)
    proposal = second.proposals.get()
    base = take_snapshot(other, other.child_relations)
    edited = take_snapshot(other, other.child_relations)
    edited.values["title_en"] = "Edited"
    review.propose(
        other, base=base, proposed=edited, public_note={}, by=reviewer, at=LATER
    )

    assert why_not_undone(first, at=LATER) == (
        "This import cannot be undone: The change to “SEM-0001 New” in row 2 has "
        "been approved."
    )
    assert why_not_undone(second, at=LATER) == (
        "This import cannot be undone: The change to “SEM-0002 Second” in row 2 has "
        "been edited."
    )
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WAITING


def test_undo_is_rejected_if_another_proposal_uses_a_created_record(seminar):
    headings = ("organ_key", "country_iso2", "level", "name_en")
    batch = written(
        csv_of(headings, ("organ-2", "LA", "national", "Sample")), code="organs"
    )
    other = written(csv_of(("code", "organiser_organ_keys"), ("SEM-0001", "organ-2")))

    assert why_not_undone(batch, at=LATER) == (
        "This import cannot be undone: “Sample” in row 2 is now used by another item "
        "(change awaiting approval)."
    )

    assert why_not_undone(other, at=LATER) == ""
    assert why_not_undone(batch, at=LATER) == ""


def test_undo_is_not_rejected_because_of_its_own_proposals():
    directory.country("LA")
    states.published(directory.organ("organ-1", country=directory.any_country("LA")))
    headings = ("organ_key", "country_iso2", "level", "parent", "name_en")
    rows = [
        ("organ-1", "LA", "national", "organ-2", "Lower"),
        ("organ-2", "LA", "national", "", "Higher"),
    ]

    batch = written(csv_of(headings, *rows), code="organs")

    assert batch.counts["proposed"] == 1
    assert why_not_undone(batch, at=LATER) == ""


def test_discarded_proposal_leaves_no_change_but_the_party(seminar, reviewer):
    before = stored_values(seminar)
    batch = written(changing_rows())

    reviewing.discard(batch.proposals.get(), by=reviewer, at=LATER)

    assert stored_values(seminar) == before
    # The party was created, as it would be in the form of the record.
    assert NamedParty.objects.get().name == "Sample hall"


def test_number_of_queries_for_each_proposal_does_not_grow():
    for number in range(1, 21):
        states.published(seminars.seminar(f"SEM-{number:04}", title_en="Old"))

    def queries(count: int) -> int:
        rows = [(f"SEM-{number:04}", "New") for number in range(1, count + 1)]
        batch = checked(csv_of(("code", "title_en"), *rows))
        with CaptureQueriesContext(connection) as captured:
            operations.write_import(
                batch, by=staff_user(), at=states.AT, progress=ImportProgress(batch.pk)
            )
        assert batch.counts["proposed"] == count
        assert why_not_undone(batch) == ""
        return len(captured)

    one, three, twenty = (queries(count) for count in (1, 3, 20))
    for_each = (three - one) / 2
    # Few queries more: statements for many rows are split.
    assert twenty - three <= 17 * for_each + 5
    assert for_each <= 25


def test_audit_log_is_locked_only_after_all_proposals_are_saved(seminar):
    """While it is locked, no other user can save anything."""
    states.published(seminars.seminar("SEM-0002", title_en="Second"))
    rows = (("SEM-0001", "New"), ("SEM-0002", "New"))
    batch = checked(csv_of(("code", "title_en"), *rows))
    for change_proposals in (
        lambda: operations.write_import(
            batch, by=staff_user(), at=states.AT, progress=ImportProgress(batch.pk)
        ),
        lambda: why_not_undone(batch),
    ):
        with CaptureQueriesContext(connection) as captured:
            change_proposals()

        statements = [query["sql"] for query in captured]
        locked = [
            number
            for number, sql in enumerate(statements)
            if f'"{Head._meta.db_table}"' in sql
        ]
        saved = [
            number
            for number, sql in enumerate(statements)
            if f'INTO "{Proposal._meta.db_table}"' in sql
            or sql.startswith(f'UPDATE "{Proposal._meta.db_table}"')
        ]
        assert len(saved) == 2
        assert max(saved) < min(locked)


def test_import_can_be_undone_after_a_record_was_deleted(seminar):
    states.published(seminars.seminar("SEM-0002", title_en="Second"))
    rows = (("SEM-0001", "New"), ("SEM-0002", "New"))
    batch = written(csv_of(("code", "title_en"), *rows))
    Seminar.objects.filter(code="SEM-0002").delete()

    assert why_not_undone(batch) == ""

    states_by_record = dict(batch.proposals.values_list("object_id", "state"))
    assert states_by_record[seminar.pk] == ProposalState.DISCARDED
