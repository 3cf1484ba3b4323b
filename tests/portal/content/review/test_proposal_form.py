"""Admin form of a published record: saving proposes a change to be reviewed."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.content.changes.models import Change
from portal.content.publishing.models import Proposal
from portal.core.audit.models import Deed
from seminars.models import Seminar
from tests import reviewing
from tests.admin_forms import errors, filled, rows
from tests.factories.publishing import AT, actor, published, staff
from tests.factories.seminars import seminar, session
from tests.unrendered_pages import open_page, opened_form, unrendered

pytestmark = pytest.mark.django_db

PROPOSALS = "/admin/publishing/proposal/"


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


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
    new_seminar = seminar(title_en="Old title")
    session(new_seminar, title_en="Opening")
    return published(new_seminar)


def form_of(record) -> str:
    return reverse("admin:seminars_seminar_change", args=[record.pk])


def saved(client, record, values: dict):
    url = form_of(record)
    with unrendered():
        response = client.post(url, opened_form(client, url) | values, follow=True)
    assert response.redirect_chain, errors(response)
    return [str(message) for message in response.context["messages"]]


def new_session(title: str) -> dict:
    """Return form data that adds a second session after the existing one."""
    form_data = rows("sessions", {}, {"title_en": title, "session_kind": "lecture"})
    return {**form_data, "sessions-1-position": "2"}


def test_saving_published_record_creates_proposal(editor, record, client):
    messages = saved(editor, record, {"title_en": "New title"})

    assert [
        message
        for message in messages
        if "submitted for approval by another person" in message
    ]
    assert Seminar.objects.get().title_en == "Old title"
    assert Proposal.objects.get().proposed_by.username == "sample.editor"
    assert "Old title" in client.get(f"/en/seminars/{record.code}/").text
    assert list(Change.objects.values_list("action", flat=True)) == ["published"]


def test_form_shows_pending_proposal(editor, reviewer, record):
    saved(editor, record, {"title_en": "New title", **new_session("Second")})

    response = reviewer.get(form_of(record))

    assert filled(response)["title_en"] == "New title"
    assert "a change by sample.editor that has not been published" in response.text
    assert "Second" in response.text
    assert Seminar.objects.get().title_en == "Old title"


def test_pending_proposal_can_be_edited(editor, record):
    saved(editor, record, new_session("Second"))

    saved(editor, record, {"sessions-1-title_en": "Second, corrected"})

    sessions = Proposal.objects.get().wanted["parts"]["sessions"]
    titles = [part["values"]["title_en"] for part in sessions]
    assert sorted(titles) == ["Opening", "Second, corrected"]
    assert record.sessions.count() == 1


def test_reviewer_sees_differences_and_accepts(editor, reviewer, record, client):
    saved(editor, record, {"title_en": "New title", **new_session("Second")})
    url = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    page = reviewer.get(url)
    for text in (
        "<del>Old</del> title",
        "<ins>New</ins> title",
        "Seminar session (added)",
    ):
        assert text in page.text

    with unrendered():
        response = reviewing.decide_proposal(
            reviewer,
            "_accept",
            Proposal.objects.get(),
            page=page,
            reason="",
            follow=True,
        )

    (text,) = [str(message) for message in response.context["messages"]]
    assert text.endswith("has been published.")
    assert Seminar.objects.get().title_en == "New title"
    public_page = client.get(f"/en/seminars/{record.code}/").text
    assert "New title" in public_page
    assert "Second" in public_page


def test_accepting_proposal_of_withdrawn_record_does_not_report_publication(
    editor, reviewer, record, client
):
    saved(editor, record, {"title_en": "New title"})
    reviewing.withdraw(record, by=actor(), at=AT)
    url = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    page = reviewer.get(url)
    assert "Approve and publish" not in page.text

    with unrendered():
        response = reviewing.decide_proposal(
            reviewer, "_accept", Proposal.objects.get(), page=page, follow=True
        )

    (text,) = [str(message) for message in response.context["messages"]]
    assert text.endswith(
        "” has been approved. It is not public, because the record is not published."
    )
    assert Seminar.objects.get().title_en == "New title"
    assert client.get(f"/en/seminars/{record.code}/").status_code == 410


def test_author_sees_no_accept_button_and_post_is_rejected(editor, record):
    saved(editor, record, {"title_en": "New title"})
    url = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    page = editor.get(url)
    assert 'name="_accept"' not in page.text

    with unrendered():
        response = reviewing.decide_proposal(
            editor, "_accept", Proposal.objects.get(), page=page, follow=True
        )

    (message,) = reviewing.messages_of(response)
    assert "another person must approve" in message
    assert Seminar.objects.get().title_en == "Old title"


def test_returning_proposal_requires_reason(editor, reviewer, record):
    saved(editor, record, {"title_en": "New title"})
    change = Proposal.objects.get()

    with unrendered():
        response = reviewing.decide_proposal(reviewer, "_return", change, reason=" ")
    assert response.status_code == 200
    assert Proposal.objects.get().state == "waiting"
    with unrendered():
        reviewing.decide_proposal(reviewer, "_return", change, reason="Which source?")

    assert Proposal.objects.get().state == "returned"
    assert "Which source?" in editor.get(form_of(record)).text


def test_invalid_form_creates_no_proposal(editor, record):
    url = form_of(record)
    invalid_data = opened_form(editor, url) | {"title_en": "", "title_zh_hans": ""}

    response = editor.post(url, invalid_data)

    assert response.status_code == 200
    assert "Enter a title or name in Simplified Chinese or English." in response.text
    assert not Proposal.objects.exists()


def test_unchanged_save_creates_no_proposal(editor, record):
    messages = saved(editor, record, {})

    assert [message for message in messages if "no approval is needed" in message]
    assert not Proposal.objects.exists()


def test_public_note_is_part_of_proposal(editor, reviewer, record, client):
    values = {"title_en": "New title", "public_note-en": "The title was wrong."}
    saved(editor, record, values)
    url = f"{PROPOSALS}{Proposal.objects.get().pk}/change/"
    page = reviewer.get(url)
    assert "The title was wrong." in page.text

    reviewing.decide_proposal(reviewer, "_accept", Proposal.objects.get(), page=page)

    assert "The title was wrong." in client.get(f"/en/seminars/{record.code}/").text


def test_too_long_note_is_form_error_and_keeps_input(editor, record):
    url = form_of(record)
    values = {"title_en": "New title", "public_note-en": "x" * 1001}

    response = editor.post(url, opened_form(editor, url) | values)

    assert response.status_code == 200
    assert (
        "Your changes have not been saved. There is an error in "
        "the correction note. Correct it and save again."
    ) in response.text
    assert "at most 1000 characters" in response.text
    assert filled(response)["title_en"] == "New title"
    assert not Proposal.objects.exists()


def test_second_editor_sees_notice_of_existing_proposal(editor, record):
    other_editor = signed_in("sample.other")
    url = form_of(record)
    own_data, other_form_data = opened_form(editor, url), opened_form(other_editor, url)
    other_editor.post(url, other_form_data | {"title_en": "Theirs"})

    response = open_page(editor.post, url, own_data | {"title_en": "Mine"})

    assert response.status_code == 200
    assert "sample.other changed this record" in str(response.context["errors"])
    assert Proposal.objects.get().wanted["values"]["title_en"] == "Theirs"


def test_change_is_public_at_once_when_two_person_approval_is_off(
    editor, record, settings
):
    settings.TWO_PERSON_APPROVAL = False

    saved(editor, record, {"title_en": "New title"})

    assert Seminar.objects.get().title_en == "New title"
    assert not Proposal.objects.exists()


def test_history_records_proposal_and_acceptance(editor, reviewer, record):
    saved(editor, record, {"title_en": "New title"})
    with unrendered():
        reviewing.decide_proposal(reviewer, "_accept", Proposal.objects.get())

    page = reviewer.get(f"/admin/seminars/seminar/{record.pk}/history/").text

    actions = list(Deed.objects.for_record(record).values_list("verb", "by__username"))[
        :3
    ]
    assert actions == [
        ("changed", "sample.reviewer"),
        ("accepted", "sample.reviewer"),
        ("proposed", "sample.editor"),
    ]
    assert "proposed a change" in page
    assert "New title" in page


@pytest.mark.parametrize("number", ["999999", "x", "-1"])
def test_unknown_proposal_returns_404(reviewer, number):
    response = reviewer.get(f"{PROPOSALS}{number}/change/", follow=True)

    assert response.redirect_chain[-1][0] == "/admin/"
    assert "doesn’t exist" in response.text
