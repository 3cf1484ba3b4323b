"""Two-person approval for the texts of pictures that records show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.conference.models import Article
from portal.content.changes.models import Change
from portal.content.publishing import operations, two_person_approval
from portal.content.publishing.models import Proposal
from portal.content.publishing.public_files import MissingAltText
from portal.content.review import operations as review
from portal.content.review import picture_admin
from portal.core.audit.snapshots import ChildRow, get_column_values, take_snapshot
from tests import reviewing
from tests.admin_forms import filled, rows
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
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def editor():
    return staff("sample.editor", is_superuser=True)


def opened(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(shown_picture) -> str:
    return reverse("admin:files_picture_change", args=[shown_picture.pk])


def say(client, shown_picture, text: str):
    url = form_of(shown_picture)
    data = filled(client.get(url)) | {"alternative_en": text}
    return client.post(url, data)


@pytest.mark.parametrize("state", [in_review, published])
def test_reviewed_alt_text_is_locked(state, editor):
    shown = illustration(record := article()).picture
    state(record)
    client = opened(editor)

    response = client.post(form_of(shown), {"alternative_en": "Other words"})

    shown.refresh_from_db()
    assert response.status_code == 403
    assert shown.alternative_en == "A sample building"


def test_alt_text_author_cannot_approve_draft(editor):
    shown = illustration(record := article()).picture

    response = say(opened(editor), shown, "Other words")

    assert response.status_code == 302
    operations.submit(record, by=actor(), at=AT)
    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.approve(record, by=editor, at=AT)


def test_office_of_one_person_changes_what_is_public_and_it_is_announced(
    editor, settings, django_capture_on_commit_callbacks
):
    settings.TWO_PERSON_APPROVAL = False
    shown = illustration(record := article()).picture
    published(record)

    with django_capture_on_commit_callbacks(execute=True):
        response = say(opened(editor), shown, "Other words")

    assert response.status_code == 302
    assert Change.objects.latest("position").action == "updated"


def test_new_picture_on_published_record_needs_approval_and_alt_text(editor):
    record = published(article(title_en="Opening"))
    picture_without_text = picture(alternative_en="")
    client = opened(editor)
    url = reverse("admin:conference_article_change", args=[record.pk])
    added = rows(
        "publishing-illustration-content_type-object_id",
        {"picture": picture_without_text.pk, "position": 0},
    )

    client.post(url, filled(client.get(url)) | added)
    proposal = Proposal.objects.get()

    assert not record.illustrations.exists()
    with pytest.raises(MissingAltText, match="without alternative text"):
        reviewing.accept(proposal, by=staff("sample.reviewer"), at=AT)


# ------------------------------------------------- pictures that a proposed change adds


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
    """Propose to add the picture to the page of ``record``."""
    base, proposed = (take_snapshot(record, record.child_relations) for _ in range(2))
    part = illustration(record, shown)
    proposed.parts["illustrations"] = [ChildRow(-1, get_column_values(part))]
    part.delete()
    return review.propose(
        record, base=base, proposed=proposed, public_note={}, by=by, at=AT
    )


def test_alt_text_used_by_pending_proposal_is_locked(shown, record, editor, reviewer):
    change = to_show(shown, record, by=editor)
    client = opened(reviewer)

    response = client.post(form_of(shown), {"alternative_en": "Other words"})

    shown.refresh_from_db()
    assert response.status_code == 403
    assert shown.alternative_en == "A sample building"
    reviewing.accept(change, by=reviewer, at=AT)
    assert record.illustrations.get().picture == shown


def test_alt_text_of_other_picture_stays_editable(shown, record, editor, reviewer):
    to_show(shown, record, by=editor)
    other = picture(alternative_en="Another building")

    assert say(opened(reviewer), other, "Other words").status_code == 302
    assert not two_person_approval.has_contributed(record, reviewer)


def test_alt_text_author_cannot_accept_returned_proposal(
    shown, record, editor, reviewer
):
    change = to_show(shown, record, by=editor)
    reviewing.return_to_author(change, by=reviewer, at=AT, reason="What is that?")
    before = Change.objects.count()

    response = say(opened(reviewer), shown, "Other words")

    assert response.status_code == 302
    assert Change.objects.count() == before
    change = to_show(shown, record, by=editor)
    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.accept(change, by=reviewer, at=AT)


def test_earlier_alt_text_author_cannot_accept_proposal(
    shown, record, editor, reviewer
):
    say(opened(reviewer), shown, "Other words")

    change = to_show(shown, record, by=editor)

    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.accept(change, by=reviewer, at=AT)


def test_alt_text_already_published_elsewhere_does_not_block_accept(
    shown, record, editor, reviewer
):
    say(opened(reviewer), shown, "Other words")
    illustration(elsewhere := article("elsewhere"), shown)
    published(elsewhere)

    change = to_show(shown, record, by=editor)

    reviewing.accept(change, by=reviewer, at=AT)
    assert record.illustrations.get().picture == shown


def test_single_person_mode_allows_alt_text_change_of_pending_proposal(
    shown, record, editor, settings
):
    to_show(shown, record, by=actor())
    settings.TWO_PERSON_APPROVAL = False

    assert say(opened(editor), shown, "Other words").status_code == 302


def test_picture_form_query_count_is_constant(
    shown, record, editor, django_assert_num_queries
):
    client = opened(editor)
    to_show(shown, record, by=actor())
    client.get(form_of(shown))
    with CaptureQueriesContext(connection) as queries:
        client.get(form_of(shown))
    for number in range(2):
        other = published(article(f"other-{number}"))
        to_show(picture(), other, by=actor())

    with django_assert_num_queries(len(queries)):
        client.get(form_of(shown))


# --------------------------- texts that were written before a record used the picture


def described_by(user, **values):
    """Return a picture whose text ``user`` wrote before any record used it."""
    shown = picture(**values)
    response = say(opened(user), shown, "Text by the reviewer")
    assert response.status_code == 302
    return shown


def waiting_for_review(user) -> list[str]:
    widgets = opened(user).get("/admin/").context["widgets"]
    return [
        item.name
        for widget in widgets
        if widget.code in ("review", "proposed")
        for item in widget.items
    ]


def attach(client, record, shown):
    url = reverse("admin:conference_article_change", args=[record.pk])
    added = rows(
        "publishing-illustration-content_type-object_id",
        {"picture": shown.pk, "position": 0},
    )
    response = client.post(url, filled(client.get(url)) | added)
    assert response.status_code == 302


@pytest.mark.parametrize("how", ["form", "without a form"])
def test_author_of_text_written_before_attaching_cannot_approve(how, editor, reviewer):
    shown, record = described_by(reviewer), article(title_en="Opening")
    if how == "form":
        attach(opened(editor), record, shown)
    else:
        illustration(record, shown)
    other = staff("sample.third", is_superuser=True)
    in_review(record)

    with pytest.raises(
        two_person_approval.SelfApprovalForbidden, match="described a picture"
    ):
        reviewing.approve(record, by=reviewer, at=AT)

    assert two_person_approval.has_contributed(record, reviewer)
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

    assert not two_person_approval.has_contributed(record, reviewer)
    assert len(waiting_for_review(reviewer)) == 1
    reviewing.approve(record, by=reviewer, at=AT)


def test_author_of_text_of_a_withdrawn_record_cannot_approve_it_elsewhere(reviewer):
    shown = described_by(reviewer)
    illustration(elsewhere := article("elsewhere"), shown)
    published(elsewhere, by=actor())
    reviewing.withdraw(elsewhere, by=actor(), at=AT)
    illustration(record := article("opening"), shown)
    in_review(record)

    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.approve(record, by=reviewer, at=AT)


def test_text_by_others_and_other_pictures_do_not_count(editor, reviewer):
    described_by(reviewer)
    record = article("opening")
    illustration(record, described_by(editor))
    in_review(record)

    assert not two_person_approval.has_contributed(record, reviewer)
    reviewing.approve(record, by=reviewer, at=AT)


def test_author_of_text_approves_in_an_office_of_one(reviewer, settings):
    settings.TWO_PERSON_APPROVAL = False
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

    assert two_person_approval.has_contributed(record, reviewer)
    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.accept(change, by=reviewer, at=AT)


def test_text_is_not_saved_when_the_record_was_submitted_meanwhile(editor, monkeypatch):
    """The record is submitted after the permission check and before the save."""
    shown = illustration(record := article()).picture
    client, url = opened(editor), form_of(shown)
    form_data = filled(client.get(url)) | {"alternative_en": "Other words"}
    save = picture_admin.UsageProtectedAdmin.save_model

    def after_submission(self, request, obj, form, change):
        operations.submit(record, by=actor(), at=AT)
        save(self, request, obj, form, change)

    monkeypatch.setattr(
        picture_admin.UsageProtectedAdmin, "save_model", after_submission
    )
    response = client.post(url, form_data)

    shown.refresh_from_db()
    assert response.status_code == 403
    assert shown.alternative_en == "A sample building"


def test_start_page_costs_the_same_for_any_number_of_described_pictures(
    reviewer, django_assert_num_queries
):
    client = opened(reviewer)
    client.get("/admin/")

    def add(number: int):
        for _number in range(number):
            record = in_review(article(f"sample-{Article.objects.count()}"))
            illustration(record, described_by(reviewer))

    add(1)
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    expected = len(queries)
    for number in (2, 17):
        add(number)
        with django_assert_num_queries(expected):
            client.get("/admin/")
