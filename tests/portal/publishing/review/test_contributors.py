"""Several people at one change that waits: one is its author, all had a hand in it."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from portal.history.models import Deed
from portal.publishing.models import Proposal
from portal.publishing.review import four_eyes
from seminars.models import Seminar
from tests import reviewing
from tests.adminforms import errors, filled, rows
from tests.factories.publishing import AT, published, staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


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


def save(user, record, **words):
    client, address = opened(user), f"/admin/seminars/seminar/{record.pk}/change/"
    answer = client.post(address, filled(client.get(address)) | words)
    assert answer.status_code == 302, errors(answer)


def give_back(reviewer) -> None:
    proposal = Proposal.objects.get()
    reviewing.return_to_author(proposal, by=reviewer, at=AT, reason="Which source?")


def returned_to(user) -> list[str]:
    boxes = opened(user).get("/admin/").context["waiting"]
    return [
        task.note
        for box in boxes
        if box.code == "proposals-returned"
        for task in box.tasks
    ]


def discard(user):
    proposal = Proposal.objects.get()
    return reviewing.decide_proposal(opened(user), "_discard", proposal, reason="")


def test_change_stays_its_authors(record, editor, translator):
    save(editor, record, title_en="New title")

    save(translator, record, title_vi="Hội thảo mẫu")

    proposal = Proposal.objects.get()
    assert proposal.proposed_by == editor
    assert proposal.wanted["values"]["title_vi"] == "Hội thảo mẫu"


def test_returned_change_waits_for_all_who_had_a_hand_in_it(
    record, editor, translator, reviewer
):
    save(editor, record, title_en="New title")
    save(translator, record, title_vi="Hội thảo mẫu")
    give_back(reviewer)

    assert returned_to(editor) == ["Which source?"]
    assert returned_to(translator) == ["Which source?"]
    assert returned_to(reviewer) == []


def test_author_discards_the_change_and_who_joined_it_does_not(
    record, editor, translator, reviewer
):
    save(editor, record, title_en="New title")
    save(translator, record, title_vi="Hội thảo mẫu")
    give_back(reviewer)

    assert discard(translator).status_code == 403
    assert Proposal.objects.get().state == "returned"
    assert discard(editor).status_code == 302
    assert Proposal.objects.get().state == "discarded"


def test_second_person_at_the_form_is_told_who_saved_it_last(
    record, editor, translator
):
    save(editor, record, title_en="New title")
    client, address = opened(editor), f"/admin/seminars/seminar/{record.pk}/change/"
    mine = filled(client.get(address))
    save(translator, record, title_vi="Hội thảo mẫu")

    answer = client.post(address, mine | {"title_en": "Mine"})

    assert "sample.translator has changed this record" in answer.text


def test_discarded_change_keeps_nobody_from_approving_the_next(
    record, editor, reviewer
):
    save(reviewer, record, title_en="New title")
    assert discard(reviewer).status_code == 302

    save(editor, record, title_en="Another title")
    reviewing.accept(Proposal.objects.open().get(), by=reviewer, at=AT)

    assert Seminar.objects.get().title_en == "Another title"


def test_who_had_a_hand_in_a_change_has_it_when_the_record_comes_back(
    record, editor, reviewer
):
    """Withdrawn and published anew, the record has the change still waiting."""
    save(reviewer, record, title_en="New title")
    reviewing.withdraw(record, by=editor, at=AT, reason="A sample reason.")
    reviewing.return_to_draft(record, by=editor, at=AT)
    published(record)

    with pytest.raises(four_eyes.NeedsAnother):
        reviewing.accept(Proposal.objects.get(), by=reviewer, at=AT)


# -------------------------------------------------------- who proposed what, by history


def told(record) -> list[tuple]:
    """Who proposed what, the first first: person, row, field, before, after."""
    deeds = Deed.objects.about(record).filter(verb="proposed").order_by("position")
    return [
        (deed.by.username, deed.model, change["field"], change["old"], change["new"])
        for deed in deeds
        for change in deed.changes or [{"field": "", "old": "", "new": ""}]
        if change["field"] in ("", "title", "url")
    ]


def with_new_rows() -> dict:
    """Two sessions and a source, as the form of a record without any sends them."""
    sessions = [
        {"title_en": title, "session_kind": "lecture", "position": number}
        for number, title in enumerate(("First", "Second"), start=1)
    ]
    prefix = "publishing-source-content_type-object_id"
    return rows("sessions", *sessions) | rows(
        prefix, {"url": "https://example.org/one", "position": 1}
    )


def test_history_tells_who_proposed_what(record, editor, translator, reviewer):
    save(editor, record, title_en="New title", **with_new_rows())
    before = told(record)
    save(translator, record, title_vi="Hội thảo mẫu")
    give_back(reviewer)
    save(reviewer, record, title_en="Newest title")

    assert {who for who, *_what in before} == {"sample.editor"}
    assert len(before) == 4
    assert told(record)[4:] == [
        ("sample.translator", "seminars.seminar", "title", "", "Hội thảo mẫu"),
        ("sample.reviewer", "seminars.seminar", "title", "New title", "Newest title"),
    ]


def test_new_rows_are_compared_with_themselves(record, editor, reviewer):
    save(editor, record, **with_new_rows())
    said = len(told(record))

    save(reviewer, record, **{"sessions-0-title_en": "Second, corrected"})
    save(reviewer, record, **{"sessions-0-title_en": "Again"})

    first, second = told(record)[said:]
    assert first[:3] == ("sample.reviewer", "seminars.session", "title")
    assert first[3:] in {
        ("First", "Second, corrected"),
        ("Second", "Second, corrected"),
    }
    assert second[3:] == ("Second, corrected", "Again")


def test_row_that_takes_the_place_of_a_new_one_is_another(record, editor):
    save(editor, record, **with_new_rows())
    said = len(told(record))
    gone = {"sessions-1-DELETE": "on"}
    more = rows("sessions", {}, {}, {"title_en": "Third", "session_kind": "lecture"})

    save(editor, record, **gone, **more, **{"sessions-2-position": 3})

    found = {what[3:] for what in told(record)[said:]}
    assert ("", "Third") in found
    assert len(found) == 2
    assert {one[1] for one in found} == {"Third", ""}


def test_change_that_is_saved_untouched_is_no_deed(record, editor, reviewer):
    save(editor, record, title_en="New title", **with_new_rows())
    before, said = Proposal.objects.get(), told(record)

    save(reviewer, record)

    assert told(record) == said
    assert Proposal.objects.get().proposed_at == before.proposed_at
    reviewing.accept(before, by=reviewer, at=AT)
    assert Seminar.objects.get().title_en == "New title"


def test_returned_change_that_is_saved_untouched_waits_again_and_is_told(
    record, editor, reviewer
):
    save(editor, record, title_en="New title")
    give_back(reviewer)

    save(editor, record)

    assert Proposal.objects.get().state == "waiting"
    assert told(record)[1:] == [("sample.editor", "seminars.seminar", "", "", "")]


def test_new_rows_are_put_in_in_the_order_in_which_they_were_entered(
    record, editor, reviewer
):
    save(editor, record, **with_new_rows())
    save(editor, record, title_en="New title")

    reviewing.accept(Proposal.objects.get(), by=reviewer, at=AT)

    titles = Seminar.objects.get().sessions.order_by("pk")
    assert list(titles.values_list("title_en", flat=True)) == ["First", "Second"]
