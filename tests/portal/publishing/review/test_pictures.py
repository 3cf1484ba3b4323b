"""Four eyes on pictures: their words are part of each record that shows them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.changes.models import Change
from portal.conference.models import Article
from portal.history.snapshots import Part, snapshot, values_of
from portal.publishing import operations
from portal.publishing.files import Undescribed
from portal.publishing.models import Proposal
from portal.publishing.review import four_eyes, pictures
from portal.publishing.review import operations as review
from tests import reviewing
from tests.adminforms import filled, rows
from tests.factories.conference import article
from tests.factories.files import picture
from tests.factories.publishing import (
    AT,
    actor,
    illustration,
    in_review,
    published,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def editor():
    return staff("sample.editor", is_superuser=True)


def opened(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(one) -> str:
    return reverse("admin:files_picture_change", args=[one.pk])


def say(client, one, words: str):
    address = form_of(one)
    data = filled(client.get(address)) | {"alternative_en": words}
    return client.post(address, data)


@pytest.mark.parametrize("state", [in_review, published])
def test_words_that_another_person_has_looked_at_stay(state, editor):
    shown = illustration(record := article()).picture
    state(record)
    client = opened(editor)

    answer = client.post(form_of(shown), {"alternative_en": "Other words"})

    shown.refresh_from_db()
    assert answer.status_code == 403
    assert shown.alternative_en == "A sample building"


def test_who_writes_the_words_of_a_draft_does_not_approve_it(editor):
    shown = illustration(record := article()).picture

    answer = say(opened(editor), shown, "Other words")

    assert answer.status_code == 302
    operations.submit(record, by=actor(), at=AT)
    with pytest.raises(four_eyes.NeedsAnother):
        reviewing.approve(record, by=editor, at=AT)


def test_office_of_one_person_changes_what_is_public_and_it_is_announced(
    editor, settings, django_capture_on_commit_callbacks
):
    settings.FOUR_EYES = False
    shown = illustration(record := article()).picture
    published(record)

    with django_capture_on_commit_callbacks(execute=True):
        answer = say(opened(editor), shown, "Other words")

    assert answer.status_code == 302
    assert Change.objects.latest("position").action == "updated"


def test_picture_of_a_published_record_waits_and_needs_its_words(editor):
    record = published(article(title_en="Opening"))
    bare = picture(alternative_en="")
    client = opened(editor)
    address = reverse("admin:conference_article_change", args=[record.pk])
    added = rows(
        "publishing-illustration-content_type-object_id",
        {"picture": bare.pk, "position": 0},
    )

    client.post(address, filled(client.get(address)) | added)
    proposal = Proposal.objects.get()

    assert not record.illustrations.exists()
    with pytest.raises(Undescribed, match="without alternative text"):
        reviewing.accept(proposal, by=staff("sample.reviewer"), at=AT)


# ------------------------------------------------- a picture that a change is to show


@pytest.fixture
def reviewer():
    return staff("sample.reviewer", is_superuser=True)


@pytest.fixture
def shown():
    return picture()


@pytest.fixture
def record():
    return published(article(title_en="Opening"))


def to_show(shown, record, *, by) -> Proposal:
    """A change that is to show the picture on the page of ``record``."""
    base, wanted = (snapshot(record, record.parts) for _time in range(2))
    part = illustration(record, shown)
    wanted.parts["illustrations"] = [Part(-1, values_of(part))]
    part.delete()
    return review.propose(
        record, base=base, wanted=wanted, public_note={}, by=by, at=AT
    )


def test_words_that_a_waiting_change_is_to_show_stay(shown, record, editor, reviewer):
    change = to_show(shown, record, by=editor)
    client = opened(reviewer)

    answer = client.post(form_of(shown), {"alternative_en": "Other words"})

    shown.refresh_from_db()
    assert answer.status_code == 403
    assert shown.alternative_en == "A sample building"
    reviewing.accept(change, by=reviewer, at=AT)
    assert record.illustrations.get().picture == shown


def test_words_of_another_picture_are_written_meanwhile(
    shown, record, editor, reviewer
):
    to_show(shown, record, by=editor)
    other = picture(alternative_en="Another building")

    assert say(opened(reviewer), other, "Other words").status_code == 302
    assert not four_eyes.has_contributed(record, reviewer)


def test_who_writes_the_words_of_a_returned_change_does_not_accept_it(
    shown, record, editor, reviewer
):
    change = to_show(shown, record, by=editor)
    reviewing.return_to_author(change, by=reviewer, at=AT, reason="What is that?")
    before = Change.objects.count()

    answer = say(opened(reviewer), shown, "Other words")

    assert answer.status_code == 302
    assert Change.objects.count() == before
    change = to_show(shown, record, by=editor)
    with pytest.raises(four_eyes.NeedsAnother):
        reviewing.accept(change, by=reviewer, at=AT)


def test_who_wrote_the_words_before_does_not_accept_the_change(
    shown, record, editor, reviewer
):
    say(opened(reviewer), shown, "Other words")

    change = to_show(shown, record, by=editor)

    with pytest.raises(four_eyes.NeedsAnother):
        reviewing.accept(change, by=reviewer, at=AT)


def test_words_that_are_public_elsewhere_were_read_by_another(
    shown, record, editor, reviewer
):
    say(opened(reviewer), shown, "Other words")
    illustration(elsewhere := article("elsewhere"), shown)
    published(elsewhere)

    change = to_show(shown, record, by=editor)

    reviewing.accept(change, by=reviewer, at=AT)
    assert record.illustrations.get().picture == shown


def test_office_of_one_person_writes_words_that_a_change_waits_to_show(
    shown, record, editor, settings
):
    to_show(shown, record, by=actor())
    settings.FOUR_EYES = False

    assert say(opened(editor), shown, "Other words").status_code == 302


def test_form_of_a_picture_costs_the_same_for_any_number_of_changes(
    shown, record, editor, django_assert_num_queries
):
    client = opened(editor)
    to_show(shown, record, by=actor())
    client.get(form_of(shown))
    with CaptureQueriesContext(connection) as one:
        client.get(form_of(shown))
    for number in range(2):
        other = published(article(f"other-{number}"))
        to_show(picture(), other, by=actor())

    with django_assert_num_queries(len(one)):
        client.get(form_of(shown))


# ----------------------------------- text that was written before the picture was shown


def described_by(user, **values):
    """A picture that ``user`` described by its form before any record showed it."""
    shown = picture(**values)
    answer = say(opened(user), shown, "Text by the reviewer")
    assert answer.status_code == 302
    return shown


def waiting_for_review(user) -> list[str]:
    boxes = opened(user).get("/admin/").context["waiting"]
    return [
        task.name
        for box in boxes
        if box.code in ("review", "proposed")
        for task in box.tasks
    ]


def attach(client, record, shown):
    address = reverse("admin:conference_article_change", args=[record.pk])
    added = rows(
        "publishing-illustration-content_type-object_id",
        {"picture": shown.pk, "position": 0},
    )
    answer = client.post(address, filled(client.get(address)) | added)
    assert answer.status_code == 302


@pytest.mark.parametrize("how", ["form", "without a form"])
def test_author_of_text_written_before_attaching_cannot_approve(how, editor, reviewer):
    shown, record = described_by(reviewer), article(title_en="Opening")
    if how == "form":
        attach(opened(editor), record, shown)
    else:
        illustration(record, shown)
    other = staff("sample.third", is_superuser=True)
    in_review(record)

    with pytest.raises(four_eyes.NeedsAnother, match="described a picture"):
        reviewing.approve(record, by=reviewer, at=AT)

    assert four_eyes.has_contributed(record, reviewer)
    assert waiting_for_review(reviewer) == []
    assert len(waiting_for_review(other)) == 1
    reviewing.approve(record, by=other, at=AT)
    assert record.is_published


def test_author_of_text_cannot_approve_from_the_list(editor, reviewer):
    record = in_review(article(title_en="Opening"))
    illustration(record, described_by(reviewer))

    opened(reviewer).post(
        reverse("admin:conference_article_changelist"),
        {"action": "approve", "_selected_action": record.pk},
    )

    record.refresh_from_db()
    assert record.status == "in_review"


def test_author_of_text_that_became_public_elsewhere_may_approve(reviewer):
    shown = described_by(reviewer)
    illustration(elsewhere := article("elsewhere"), shown)
    published(elsewhere, by=actor())
    illustration(record := article("opening"), shown)
    in_review(record)

    assert not four_eyes.has_contributed(record, reviewer)
    assert len(waiting_for_review(reviewer)) == 1
    reviewing.approve(record, by=reviewer, at=AT)


def test_author_of_text_of_a_withdrawn_record_cannot_approve_it_elsewhere(reviewer):
    shown = described_by(reviewer)
    illustration(elsewhere := article("elsewhere"), shown)
    published(elsewhere, by=actor())
    reviewing.withdraw(elsewhere, by=actor(), at=AT)
    illustration(record := article("opening"), shown)
    in_review(record)

    with pytest.raises(four_eyes.NeedsAnother):
        reviewing.approve(record, by=reviewer, at=AT)


def test_text_by_others_and_other_pictures_do_not_count(editor, reviewer):
    described_by(reviewer)
    record = article("opening")
    illustration(record, described_by(editor))
    in_review(record)

    assert not four_eyes.has_contributed(record, reviewer)
    reviewing.approve(record, by=reviewer, at=AT)


def test_author_of_text_approves_in_an_office_of_one(reviewer, settings):
    settings.FOUR_EYES = False
    illustration(record := article("opening"), described_by(reviewer))
    in_review(record)

    reviewing.approve(record, by=reviewer, at=AT)

    assert record.is_published


def test_author_of_text_cannot_accept_a_change_of_a_withdrawn_record(
    record, editor, reviewer
):
    change = to_show(picture(), record, by=editor)
    reviewing.withdraw(record, by=actor(), at=AT)
    illustration(record, described_by(reviewer))

    assert four_eyes.has_contributed(record, reviewer)
    with pytest.raises(four_eyes.NeedsAnother):
        reviewing.accept(change, by=reviewer, at=AT)


def test_text_is_not_saved_when_the_record_was_submitted_meanwhile(editor, monkeypatch):
    """Between the check of the permission and the saving of the picture."""
    shown = illustration(record := article()).picture
    client, address = opened(editor), form_of(shown)
    sent = filled(client.get(address)) | {"alternative_en": "Other words"}
    save = pictures.KeptAdmin.save_model

    def after_submission(self, request, obj, form, change):
        operations.submit(record, by=actor(), at=AT)
        save(self, request, obj, form, change)

    monkeypatch.setattr(pictures.KeptAdmin, "save_model", after_submission)
    answer = client.post(address, sent)

    shown.refresh_from_db()
    assert answer.status_code == 403
    assert shown.alternative_en == "A sample building"


def test_start_page_costs_the_same_for_any_number_of_described_pictures(
    reviewer, django_assert_num_queries
):
    client = opened(reviewer)
    client.get("/admin/")

    def add(number: int):
        for _one in range(number):
            record = in_review(article(f"sample-{Article.objects.count()}"))
            illustration(record, described_by(reviewer))

    add(1)
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/")
    expected = len(one)
    for number in (2, 17):
        add(number)
        with django_assert_num_queries(expected):
            client.get("/admin/")
