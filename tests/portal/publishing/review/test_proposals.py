"""Changes to published records: they wait, and then they are put in or not."""

import datetime as dt

import pytest

from portal.changes.models import Change
from portal.directory.models import Place
from portal.history.chain import verify
from portal.history.choices import Verb
from portal.history.models import Deed
from portal.history.snapshots import snapshot
from portal.publishing import operations as publishing
from portal.publishing.choices import Status
from portal.publishing.models import Proposal
from portal.publishing.operations import WrongState
from portal.publishing.review import operations
from portal.publishing.review.choices import ProposalState
from portal.publishing.review.four_eyes import NeedsAnother
from portal.publishing.review.putting import undone
from seminars.models import Seminar
from tests import reviewing
from tests.factories.directory import place
from tests.factories.publishing import AT, published, republished, source, staff
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def editor():
    return staff("sample.editor")


@pytest.fixture
def reviewer():
    return staff("sample.reviewer")


@pytest.fixture
def record():
    made = seminar(title_en="Old title", title_zh_hans="旧")
    made.places.add(place("nanning"))
    place("hanoi")
    session(made, title_en="Kept")
    session(made, title_en="Gone")
    source(made, "https://example.org/one")
    return published(made)


def proposed(record, change, *, by, note=None) -> Proposal:
    """What ``change`` would do to the record, waiting for approval."""
    base = snapshot(record, record.parts)
    with undone():
        change(Seminar.objects.get(pk=record.pk))
        wanted = snapshot(Seminar.objects.get(pk=record.pk), record.parts)
    return operations.propose(
        record, base=base, wanted=wanted, public_note=note or {}, by=by, at=AT
    )


def retitled(record):
    record.title_en = "New title"
    record.save()


def rearranged(record):
    """Something of everything: a field, a relation, parts of both sorts."""
    retitled(record)
    record.places.set(Place.objects.filter(key="hanoi"))
    record.sessions.get(title_en="Gone").delete()
    record.sessions.filter(title_en="Kept").update(title_en="Changed")
    session(record, title_en="Added")
    record.sources.all().delete()
    source(record, "https://example.org/two")


def test_public_keeps_the_old_version_while_a_change_waits(record, editor):
    changes = Change.objects.count()

    proposed(record, rearranged, by=editor)

    now = Seminar.objects.get(pk=record.pk)
    assert (now.title_en, now.revision) == ("Old title", 1)
    assert {one.title_en for one in now.sessions.all()} == {"Kept", "Gone"}
    assert [one.url for one in now.sources.all()] == ["https://example.org/one"]
    assert Change.objects.count() == changes


def test_accepted_change_is_put_in_as_a_whole(record, editor, reviewer):
    kept = record.sessions.get(title_en="Kept").pk
    proposal = proposed(record, rearranged, by=editor)

    reviewing.accept(proposal, by=reviewer, at=AT)

    now = Seminar.objects.get(pk=record.pk)
    assert (now.title_en, now.title_zh_hans, now.revision) == ("New title", "旧", 2)
    assert [one.key for one in now.places.all()] == ["hanoi"]
    assert now.sessions.get(pk=kept).title_en == "Changed"
    assert {one.title_en for one in now.sessions.all()} == {"Changed", "Added"}
    assert [(one.url, one.host) for one in now.sources.all()] == [
        ("https://example.org/two", "example.org")
    ]
    assert min(now.sessions.values_list("pk", flat=True)) > 0
    assert Change.objects.latest("position").action == "updated"
    assert verify().broken_at is None


def test_author_cannot_accept(record, editor):
    proposal = proposed(record, retitled, by=editor)

    with pytest.raises(NeedsAnother):
        reviewing.accept(proposal, by=editor, at=AT)

    assert Seminar.objects.get().title_en == "Old title"


def test_everyone_who_changed_the_proposal_had_a_hand_in_it(record, editor, reviewer):
    proposed(record, retitled, by=editor)
    proposal = proposed(record, rearranged, by=reviewer)

    for person in (editor, reviewer):
        with pytest.raises(NeedsAnother):
            reviewing.accept(proposal, by=person, at=AT)

    reviewing.accept(proposal, by=staff("sample.third"), at=AT)


def test_record_has_one_open_change(record, editor):
    first = proposed(record, retitled, by=editor)

    second = proposed(record, rearranged, by=editor)

    assert first.pk == second.pk
    assert Proposal.objects.open().count() == 1


def test_change_that_changes_nothing_waits_for_nobody(record, editor):
    assert proposed(record, lambda same: None, by=editor) is None

    assert not Proposal.objects.exists()


def test_change_taken_back_by_saving_the_old_words_is_discarded(record, editor):
    proposed(record, retitled, by=editor)

    proposed(record, lambda same: None, by=editor)

    assert Proposal.objects.get().state == ProposalState.DISCARDED


def test_returned_change_tells_why_and_can_be_proposed_again(record, editor, reviewer):
    proposal = proposed(record, retitled, by=editor)
    reviewing.return_to_author(proposal, by=reviewer, at=AT, reason="Which source?")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("returned", "Which source?")
    with pytest.raises(WrongState):
        reviewing.accept(proposal, by=reviewer, at=AT)

    again = proposed(record, rearranged, by=editor)

    assert (again.pk, again.state) == (proposal.pk, "waiting")


def test_discarded_change_leaves_the_record_as_it_was(record, editor, reviewer):
    proposal = proposed(record, rearranged, by=editor)

    reviewing.discard(proposal, by=reviewer, at=AT, reason="Not true.")

    assert Seminar.objects.get().title_en == "Old title"
    verbs = Deed.objects.about(record).values_list("verb", "note")
    assert verbs[0] == ("discarded", "Not true.")


def test_change_of_a_record_that_is_another_by_now_is_refused(
    record, editor, reviewer, settings
):
    proposal = proposed(record, retitled, by=editor)
    settings.FOUR_EYES = False
    record.title_en = "Meanwhile"
    record.save()
    republished(record, by=editor)
    settings.FOUR_EYES = True

    with pytest.raises(operations.Stale, match="was changed since"):
        reviewing.accept(proposal, by=reviewer, at=AT)

    assert Seminar.objects.get().title_en == "Meanwhile"
    assert Proposal.objects.get().state == ProposalState.WAITING


def test_change_that_names_what_is_gone_is_refused_whole(record, editor, reviewer):
    def moved(same):
        same.title_en = "New title"
        same.save()
        same.places.add(far)

    far = place("far")
    proposal = proposed(record, moved, by=editor)
    far.delete()

    with pytest.raises(operations.Stale, match="is gone"):
        reviewing.accept(proposal, by=reviewer, at=AT)

    assert Seminar.objects.get().title_en == "Old title"


def test_public_note_stands_on_the_page_once_accepted(record, editor, reviewer, client):
    address = f"/en/seminars/{record.code}/"
    note = {"en": "The title was corrected.", "zh-hans": "标题已更正。"}
    proposal = proposed(record, retitled, by=editor, note=note)
    assert "was corrected" not in client.get(address).text

    reviewing.accept(proposal, by=reviewer, at=AT)

    page = client.get(address).text
    assert "The title was corrected." in page
    assert "标题已更正。" in client.get(f"/zh-hans/seminars/{record.code}/").text


def test_draft_is_not_proposed(editor):
    draft = seminar()
    same = snapshot(draft, draft.parts)

    with pytest.raises(WrongState, match="change it in its form"):
        operations.propose(
            draft, base=same, wanted=same, public_note={}, by=editor, at=AT
        )


def test_change_accepted_of_a_record_approved_for_later_returns_it_to_review(
    record, editor, reviewer
):
    """The page of the change shows the change, not all that was approved."""
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

    now = Seminar.objects.get(pk=record.pk)
    assert (now.title_en, now.status) == ("New title", Status.IN_REVIEW)
    assert (now.approved_version, published_count) == ("", 0)
    own = Deed.objects.about(now).filter(model="seminars.seminar").order_by("position")
    assert own.last().verb == Verb.SUBMITTED


def test_withdrawn_record_keeps_its_waiting_change(record, editor, reviewer):
    proposal = proposed(record, retitled, by=editor)
    reviewing.withdraw(record, by=reviewer, at=AT, reason="A sample reason.")

    reviewing.accept(proposal, by=reviewer, at=AT)

    now = Seminar.objects.get()
    assert (now.title_en, now.status) == ("New title", "withdrawn")
