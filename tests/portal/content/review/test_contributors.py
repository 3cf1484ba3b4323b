"""Contributors to a pending change: its author and the users who edited it later."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from portal.content.publishing import two_person_approval
from portal.content.publishing.models import Proposal
from portal.core.audit.models import Deed
from seminars.models import Seminar
from tests import reviewing
from tests.admin_forms import errors, rows
from tests.factories.publishing import AT, published, staff
from tests.factories.seminars import seminar
from tests.unrendered_pages import open_page, opened_form, unrendered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


def with_roles(username: str, *roles: str):
    user = staff(username)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def editor():
    return with_roles("sample.editor", "editor")


@pytest.fixture
def translator():
    user = with_roles("sample.translator", "translator")
    user.translates = ["vi"]
    user.save()
    return user


@pytest.fixture
def reviewer():
    return with_roles("sample.reviewer", "editor", "reviewer")


@pytest.fixture
def record() -> Seminar:
    return published(seminar("SEM-0001", title_en="Old title"))


def opened(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save(user, record, **values):
    client, url = opened(user), f"/admin/seminars/seminar/{record.pk}/change/"
    response = client.post(url, opened_form(client, url) | values)
    assert response.status_code == 302, errors(response)


def return_proposal(reviewer) -> None:
    proposal = Proposal.objects.get()
    reviewing.return_to_author(proposal, by=reviewer, at=AT, reason="Which source?")


def returned_to(user) -> list[str]:
    with unrendered():
        widgets = opened(user).get("/admin/").context["widgets"]
    return [
        item.reason
        for widget in widgets
        if widget.code == "returned"
        for item in widget.items
    ]


def discard(user):
    proposal = Proposal.objects.get()
    with unrendered():
        return reviewing.decide_proposal(opened(user), "_discard", proposal, reason="")


def test_proposal_keeps_original_author_after_second_edit(record, editor, translator):
    save(editor, record, title_en="New title")

    save(translator, record, title_vi="Hội thảo mẫu")

    proposal = Proposal.objects.get()
    assert proposal.proposed_by == editor
    assert proposal.wanted["values"]["title_vi"] == "Hội thảo mẫu"


def test_returned_proposal_is_listed_for_all_contributors(
    record, editor, translator, reviewer
):
    save(editor, record, title_en="New title")
    save(translator, record, title_vi="Hội thảo mẫu")
    return_proposal(reviewer)

    assert returned_to(editor) == ["Which source?"]
    assert returned_to(translator) == ["Which source?"]
    assert returned_to(reviewer) == []


def test_only_author_can_discard_proposal(record, editor, translator, reviewer):
    save(editor, record, title_en="New title")
    save(translator, record, title_vi="Hội thảo mẫu")
    return_proposal(reviewer)

    assert discard(translator).status_code == 403
    assert Proposal.objects.get().state == "returned"
    assert discard(editor).status_code == 302
    assert Proposal.objects.get().state == "discarded"


def test_second_editor_sees_who_saved_last(record, editor, translator):
    save(editor, record, title_en="New title")
    client, url = opened(editor), f"/admin/seminars/seminar/{record.pk}/change/"
    own_data = opened_form(client, url)
    save(translator, record, title_vi="Hội thảo mẫu")

    response = open_page(client.post, url, own_data | {"title_en": "Mine"})

    errors_shown = str(response.context["errors"])
    assert "sample.translator changed this record" in errors_shown


def test_discarded_proposal_does_not_block_next_approval(record, editor, reviewer):
    save(reviewer, record, title_en="New title")
    assert discard(reviewer).status_code == 302

    save(editor, record, title_en="Another title")
    reviewing.accept(Proposal.objects.open().get(), by=reviewer, at=AT)

    assert Seminar.objects.get().title_en == "Another title"


def test_contributors_persist_through_withdrawal_and_republication(
    record, editor, reviewer
):
    """The change is pending while the record is withdrawn and published again."""
    save(reviewer, record, title_en="New title")
    reviewing.withdraw(record, by=editor, at=AT, reason="A sample reason.")
    reviewing.return_to_draft(record, by=editor, at=AT)
    published(record)

    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.accept(Proposal.objects.get(), by=reviewer, at=AT)


# ------------------------------------------------ proposed changes in the audit log


def audited_changes(record) -> list[tuple]:
    """Return the proposed changes, oldest first: (username, model, field, old, new).

    Of the changed fields, only titles and URLs are included.
    """
    entries = (
        Deed.objects.for_record(record).filter(verb="proposed").order_by("position")
    )
    return [
        (entry.by.username, entry.model, change["field"], change["old"], change["new"])
        for entry in entries
        for change in entry.changes or [{"field": "", "old": "", "new": ""}]
        if change["field"] in ("", "title", "url")
    ]


def with_new_rows() -> dict:
    """Return form data that adds two sessions and a source to a record without any."""
    sessions = [
        {"title_en": title, "session_kind": "lecture", "position": number}
        for number, title in enumerate(("First", "Second"), start=1)
    ]
    prefix = "publishing-source-content_type-object_id"
    return rows("sessions", *sessions) | rows(
        prefix, {"url": "https://example.org/one", "position": 1}
    )


def test_history_records_who_proposed_what(record, editor, translator, reviewer):
    save(editor, record, title_en="New title", **with_new_rows())
    before = audited_changes(record)
    save(translator, record, title_vi="Hội thảo mẫu")
    return_proposal(reviewer)
    save(reviewer, record, title_en="Newest title")

    assert {username for username, *_change in before} == {"sample.editor"}
    assert len(before) == 4
    assert audited_changes(record)[4:] == [
        ("sample.translator", "seminars.seminar", "title", "", "Hội thảo mẫu"),
        ("sample.reviewer", "seminars.seminar", "title", "New title", "Newest title"),
    ]


def test_new_inline_rows_are_compared_with_previous_proposal(record, editor, reviewer):
    save(editor, record, **with_new_rows())
    count_before = len(audited_changes(record))

    save(reviewer, record, **{"sessions-0-title_en": "Second, corrected"})
    save(reviewer, record, **{"sessions-0-title_en": "Again"})

    first, second = audited_changes(record)[count_before:]
    assert first[:3] == ("sample.reviewer", "seminars.session", "title")
    assert first[3:] in {
        ("First", "Second, corrected"),
        ("Second", "Second, corrected"),
    }
    assert second[3:] == ("Second, corrected", "Again")


def test_replaced_new_inline_row_is_recorded_as_different_row(record, editor):
    save(editor, record, **with_new_rows())
    count_before = len(audited_changes(record))
    deleted_row = {"sessions-1-DELETE": "on"}
    new_row = rows("sessions", {}, {}, {"title_en": "Third", "session_kind": "lecture"})

    save(editor, record, **deleted_row, **new_row, **{"sessions-2-position": 3})

    titles = {change[3:] for change in audited_changes(record)[count_before:]}
    assert ("", "Third") in titles
    assert len(titles) == 2
    assert {pair[1] for pair in titles} == {"Third", ""}


def test_unchanged_proposal_save_writes_no_audit_entry(record, editor, reviewer):
    save(editor, record, title_en="New title", **with_new_rows())
    before, changes_before = Proposal.objects.get(), audited_changes(record)

    save(reviewer, record)

    assert audited_changes(record) == changes_before
    assert Proposal.objects.get().proposed_at == before.proposed_at
    reviewing.accept(before, by=reviewer, at=AT)
    assert Seminar.objects.get().title_en == "New title"


def test_unchanged_save_resubmits_returned_proposal_and_is_audited(
    record, editor, reviewer
):
    save(editor, record, title_en="New title")
    return_proposal(reviewer)

    save(editor, record)

    assert Proposal.objects.get().state == "waiting"
    assert audited_changes(record)[1:] == [
        ("sample.editor", "seminars.seminar", "", "", "")
    ]


def test_new_inline_rows_keep_entry_order(record, editor, reviewer):
    save(editor, record, **with_new_rows())
    save(editor, record, title_en="New title")

    reviewing.accept(Proposal.objects.get(), by=reviewer, at=AT)

    titles = Seminar.objects.get().sessions.order_by("pk")
    assert list(titles.values_list("title_en", flat=True)) == ["First", "Second"]
