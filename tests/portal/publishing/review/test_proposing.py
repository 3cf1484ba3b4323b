"""The form of a published record, as an editor and a reviewer meet it."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.changes.models import Change
from portal.history.models import Deed
from portal.publishing.models import Proposal
from seminars.models import Seminar
from tests import reviewing
from tests.adminforms import errors, filled, rows
from tests.factories.publishing import AT, actor, published, staff
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db

PROPOSALS = "/admin/publishing/proposal/"


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


def signed_in(username) -> Client:
    client = Client()
    client.force_login(staff(username, is_superuser=True))
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in("sample.editor")


@pytest.fixture
def reviewer() -> Client:
    return signed_in("sample.reviewer")


@pytest.fixture
def record() -> Seminar:
    made = seminar(title_en="Old title")
    session(made, title_en="Opening")
    return published(made)


def form_of(record) -> str:
    return reverse("admin:seminars_seminar_change", args=[record.pk])


def saved(client, record, words: dict):
    address = form_of(record)
    answer = client.post(address, filled(client.get(address)) | words, follow=True)
    assert answer.redirect_chain, errors(answer)
    return [str(message) for message in answer.context["messages"]]


def new_session(title: str) -> dict:
    """A second session, behind the one that is there."""
    one = rows("sessions", {}, {"title_en": title, "session_kind": "lecture"})
    return {**one, "sessions-1-position": "2"}


def test_saving_a_published_record_makes_a_change_that_waits(editor, record, client):
    told = saved(editor, record, {"title_en": "New title"})

    assert [one for one in told if "waits for approval by another person" in one]
    assert Seminar.objects.get().title_en == "Old title"
    assert Proposal.objects.get().proposed_by.username == "sample.editor"
    assert "Old title" in client.get(f"/en/seminars/{record.code}/").text
    assert list(Change.objects.values_list("action", flat=True)) == ["published"]


def test_form_shows_the_change_that_waits(editor, reviewer, record):
    saved(editor, record, {"title_en": "New title", **new_session("Second")})

    answer = reviewer.get(form_of(record))

    assert filled(answer)["title_en"] == "New title"
    assert "a change by sample.editor that is not public yet" in answer.text
    assert "Second" in answer.text
    assert Seminar.objects.get().title_en == "Old title"


def test_change_can_be_changed_before_it_is_accepted(editor, record):
    saved(editor, record, new_session("Second"))

    saved(editor, record, {"sessions-1-title_en": "Second, corrected"})

    wanted = Proposal.objects.get().wanted["parts"]["sessions"]
    titles = [part["values"]["title_en"] for part in wanted]
    assert sorted(titles) == ["Opening", "Second, corrected"]
    assert record.sessions.count() == 1


def test_reviewer_reads_what_changes_and_accepts(editor, reviewer, record, client):
    saved(editor, record, {"title_en": "New title", **new_session("Second")})
    address = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    page = reviewer.get(address).text
    assert "Old title" in page
    assert "New title" in page
    assert "Seminar session, new" in page

    answer = reviewing.decide_proposal(
        reviewer, "_accept", Proposal.objects.get(), reason="", follow=True
    )

    (told,) = [str(message) for message in answer.context["messages"]]
    assert told.endswith("is public.")
    assert Seminar.objects.get().title_en == "New title"
    shown = client.get(f"/en/seminars/{record.code}/").text
    assert "New title" in shown
    assert "Second" in shown


def test_accepted_change_of_a_withdrawn_record_is_not_said_to_be_public(
    editor, reviewer, record, client
):
    saved(editor, record, {"title_en": "New title"})
    reviewing.withdraw(record, by=actor(), at=AT)
    address = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    assert "make public" not in reviewer.get(address).text

    answer = reviewing.decide_proposal(
        reviewer, "_accept", Proposal.objects.get(), follow=True
    )

    (told,) = [str(message) for message in answer.context["messages"]]
    assert told.endswith("was accepted. It is not public, because the record is not.")
    assert Seminar.objects.get().title_en == "New title"
    assert client.get(f"/en/seminars/{record.code}/").status_code == 410


def test_author_is_offered_no_acceptance_and_cannot_force_it(editor, record):
    saved(editor, record, {"title_en": "New title"})
    address = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    assert 'name="_accept"' not in editor.get(address).text

    answer = reviewing.decide_proposal(
        editor, "_accept", Proposal.objects.get(), follow=True
    )

    assert "another person has to approve" in answer.text
    assert Seminar.objects.get().title_en == "Old title"


def test_change_is_returned_only_with_a_reason(editor, reviewer, record):
    saved(editor, record, {"title_en": "New title"})
    change = Proposal.objects.get()

    without = reviewing.decide_proposal(reviewer, "_return", change, reason=" ")
    assert without.status_code == 200
    assert Proposal.objects.get().state == "waiting"
    reviewing.decide_proposal(reviewer, "_return", change, reason="Which source?")

    assert Proposal.objects.get().state == "returned"
    assert "Which source?" in editor.get(form_of(record)).text


def test_form_with_an_error_proposes_nothing(editor, record):
    address = form_of(record)
    wrong = filled(editor.get(address)) | {"title_en": "", "title_zh_hans": ""}

    answer = editor.post(address, wrong)

    assert answer.status_code == 200
    assert "The title or name is empty." in answer.text
    assert not Proposal.objects.exists()


def test_saving_a_published_record_untouched_proposes_nothing(editor, record):
    told = saved(editor, record, {})

    assert [one for one in told if "nothing waits" in one]
    assert not Proposal.objects.exists()


def test_public_note_is_part_of_the_change(editor, reviewer, record, client):
    words = {"title_en": "New title", "public_note-en": "The title was wrong."}
    saved(editor, record, words)
    address = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    assert "The title was wrong." in reviewer.get(address).text

    reviewing.decide_proposal(reviewer, "_accept", Proposal.objects.get())

    assert "The title was wrong." in client.get(f"/en/seminars/{record.code}/").text


def test_note_that_is_too_long_stops_the_form_and_loses_nothing(editor, record):
    address = form_of(record)
    words = {"title_en": "New title", "public_note-en": "x" * 1001}

    answer = editor.post(address, filled(editor.get(address)) | words)

    assert answer.status_code == 200
    assert "Correct the note for the page; nothing was saved." in answer.text
    assert "at most 1000 characters" in answer.text
    assert filled(answer)["title_en"] == "New title"
    assert not Proposal.objects.exists()


def test_second_editor_is_told_of_the_change_that_came_first(editor, record):
    other = signed_in("sample.other")
    address = form_of(record)
    mine, theirs = filled(editor.get(address)), filled(other.get(address))
    other.post(address, theirs | {"title_en": "Theirs"})

    answer = editor.post(address, mine | {"title_en": "Mine"})

    assert answer.status_code == 200
    assert "sample.other has changed this record" in answer.text
    assert Proposal.objects.get().wanted["values"]["title_en"] == "Theirs"


def test_without_four_eyes_a_change_is_public_at_once(editor, record, settings):
    settings.FOUR_EYES = False

    saved(editor, record, {"title_en": "New title"})

    assert Seminar.objects.get().title_en == "New title"
    assert not Proposal.objects.exists()


def test_history_of_a_record_tells_proposal_and_acceptance(editor, reviewer, record):
    saved(editor, record, {"title_en": "New title"})
    reviewing.decide_proposal(reviewer, "_accept", Proposal.objects.get())

    page = reviewer.get(f"/admin/seminars/seminar/{record.pk}/history/").text

    verbs = list(Deed.objects.about(record).values_list("verb", "by__username"))[:3]
    assert verbs == [
        ("changed", "sample.reviewer"),
        ("accepted", "sample.reviewer"),
        ("proposed", "sample.editor"),
    ]
    assert "proposed a change" in page
    assert "New title" in page


@pytest.mark.parametrize("number", ["999999", "x", "-1"])
def test_change_that_is_not_there_is_not_found(reviewer, number):
    answer = reviewer.get(f"{PROPOSALS}{number}/change/", follow=True)

    assert answer.redirect_chain[-1][0] == "/admin/"
    assert "doesn’t exist" in answer.text
