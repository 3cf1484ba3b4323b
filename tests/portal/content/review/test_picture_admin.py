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
from tests.admin_forms import rows
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
from tests.unrendered_pages import opened_form, unrendered

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


def form_of(picture_row) -> str:
    return reverse("admin:files_picture_change", args=[picture_row.pk])


def save_text(client, picture_row, text: str):
    url = form_of(picture_row)
    data = opened_form(client, url) | {"alternative_en": text}
    return client.post(url, data)


@pytest.mark.parametrize("state", [in_review, published])
def test_reviewed_alt_text_is_locked(state, editor):
    displayed_picture = illustration(record := article()).picture
    state(record)
    client = opened(editor)

    response = client.post(
        form_of(displayed_picture), {"alternative_en": "Other words"}
    )

    displayed_picture.refresh_from_db()
    assert response.status_code == 403
    assert displayed_picture.alternative_en == "A sample building"


def test_alt_text_author_cannot_approve_draft(editor):
    displayed_picture = illustration(record := article()).picture

    response = save_text(opened(editor), displayed_picture, "Other words")

    assert response.status_code == 302
    operations.submit(record, by=actor(), at=AT)
    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.approve(record, by=editor, at=AT)


def test_office_of_one_person_changes_what_is_public_and_it_is_announced(
    editor, settings, django_capture_on_commit_callbacks
):
    settings.TWO_PERSON_APPROVAL = False
    displayed_picture = illustration(record := article()).picture
    published(record)

    with django_capture_on_commit_callbacks(execute=True):
        response = save_text(opened(editor), displayed_picture, "Other words")

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

    client.post(url, opened_form(client, url) | added)
    proposal = Proposal.objects.get()

    assert not record.illustrations.exists()
    with pytest.raises(MissingAltText, match="without alternative text"):
        reviewing.accept(proposal, by=staff("sample.reviewer"), at=AT)


# ------------------------------------------------- pictures that a proposed change adds


@pytest.fixture
def reviewer():
    return staff("sample.reviewer", is_superuser=True)


@pytest.fixture
def displayed_picture():
    return picture()


@pytest.fixture
def record():
    return published(article(title_en="Opening"))


def propose_picture(displayed_picture, record, *, by) -> Proposal:
    """Propose to add the picture to the page of ``record``."""
    base, proposed = (take_snapshot(record, record.child_relations) for _ in range(2))
    part = illustration(record, displayed_picture)
    proposed.parts["illustrations"] = [ChildRow(-1, get_column_values(part))]
    part.delete()
    return review.propose(
        record, base=base, proposed=proposed, public_note={}, by=by, at=AT
    )


def test_alt_text_used_by_pending_proposal_is_locked(
    displayed_picture, record, editor, reviewer
):
    change = propose_picture(displayed_picture, record, by=editor)
    client = opened(reviewer)

    response = client.post(
        form_of(displayed_picture), {"alternative_en": "Other words"}
    )

    displayed_picture.refresh_from_db()
    assert response.status_code == 403
    assert displayed_picture.alternative_en == "A sample building"
    reviewing.accept(change, by=reviewer, at=AT)
    assert record.illustrations.get().picture == displayed_picture


def test_alt_text_of_other_picture_stays_editable(
    displayed_picture, record, editor, reviewer
):
    propose_picture(displayed_picture, record, by=editor)
    other_picture = picture(alternative_en="Another building")

    assert save_text(opened(reviewer), other_picture, "Other words").status_code == 302
    assert not two_person_approval.has_contributed(record, reviewer)


def test_alt_text_author_cannot_accept_returned_proposal(
    displayed_picture, record, editor, reviewer
):
    change = propose_picture(displayed_picture, record, by=editor)
    reviewing.return_to_author(change, by=reviewer, at=AT, reason="What is that?")
    before = Change.objects.count()

    response = save_text(opened(reviewer), displayed_picture, "Other words")

    assert response.status_code == 302
    assert Change.objects.count() == before
    change = propose_picture(displayed_picture, record, by=editor)
    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.accept(change, by=reviewer, at=AT)


def test_earlier_alt_text_author_cannot_accept_proposal(
    displayed_picture, record, editor, reviewer
):
    save_text(opened(reviewer), displayed_picture, "Other words")

    change = propose_picture(displayed_picture, record, by=editor)

    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.accept(change, by=reviewer, at=AT)


def test_alt_text_already_published_elsewhere_does_not_block_accept(
    displayed_picture, record, editor, reviewer
):
    save_text(opened(reviewer), displayed_picture, "Other words")
    illustration(other_article := article("elsewhere"), displayed_picture)
    published(other_article)

    change = propose_picture(displayed_picture, record, by=editor)

    reviewing.accept(change, by=reviewer, at=AT)
    assert record.illustrations.get().picture == displayed_picture


def test_single_person_mode_allows_alt_text_change_of_pending_proposal(
    displayed_picture, record, editor, settings
):
    propose_picture(displayed_picture, record, by=actor())
    settings.TWO_PERSON_APPROVAL = False

    assert (
        save_text(opened(editor), displayed_picture, "Other words").status_code == 302
    )


def test_picture_form_query_count_is_constant(
    displayed_picture, record, editor, django_assert_num_queries
):
    client = opened(editor)
    propose_picture(displayed_picture, record, by=actor())
    client.get(form_of(displayed_picture))
    with CaptureQueriesContext(connection) as queries:
        client.get(form_of(displayed_picture))
    for number in range(2):
        other_article = published(article(f"other-{number}"))
        propose_picture(picture(), other_article, by=actor())

    with django_assert_num_queries(len(queries)):
        client.get(form_of(displayed_picture))


# --------------------------- texts that were written before a record used the picture


def described_by(user, **values):
    """Return a picture whose text ``user`` wrote before any record used it."""
    displayed_picture = picture(**values)
    response = save_text(opened(user), displayed_picture, "Text by the reviewer")
    assert response.status_code == 302
    return displayed_picture


def waiting_for_review(user) -> list[str]:
    with unrendered():
        widgets = opened(user).get("/admin/").context["widgets"]
    return [
        item.name
        for widget in widgets
        if widget.code == "review"
        for item in widget.items
    ]


def attach(client, record, displayed_picture):
    url = reverse("admin:conference_article_change", args=[record.pk])
    added = rows(
        "publishing-illustration-content_type-object_id",
        {"picture": displayed_picture.pk, "position": 0},
    )
    response = client.post(url, opened_form(client, url) | added)
    assert response.status_code == 302


@pytest.mark.parametrize("how", ["form", "without a form"])
def test_author_of_text_written_before_attaching_cannot_approve(how, editor, reviewer):
    displayed_picture, record = described_by(reviewer), article(title_en="Opening")
    if how == "form":
        attach(opened(editor), record, displayed_picture)
    else:
        illustration(record, displayed_picture)
    other_user = staff("sample.third", is_superuser=True)
    in_review(record)

    with pytest.raises(
        two_person_approval.SelfApprovalForbidden,
        match="You wrote the description of an unpublished picture in “",
    ):
        reviewing.approve(record, by=reviewer, at=AT)

    assert two_person_approval.has_contributed(record, reviewer)
    assert waiting_for_review(reviewer) == []
    assert len(waiting_for_review(other_user)) == 1
    reviewing.approve(record, by=other_user, at=AT)
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
    displayed_picture = described_by(reviewer)
    illustration(other_article := article("elsewhere"), displayed_picture)
    published(other_article, by=actor())
    illustration(record := article("opening"), displayed_picture)
    in_review(record)

    assert not two_person_approval.has_contributed(record, reviewer)
    assert len(waiting_for_review(reviewer)) == 1
    reviewing.approve(record, by=reviewer, at=AT)


def test_author_of_text_of_a_withdrawn_record_cannot_approve_it_elsewhere(reviewer):
    displayed_picture = described_by(reviewer)
    illustration(other_article := article("elsewhere"), displayed_picture)
    published(other_article, by=actor())
    reviewing.withdraw(other_article, by=actor(), at=AT)
    illustration(record := article("opening"), displayed_picture)
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
    change = propose_picture(picture(), record, by=editor)
    reviewing.withdraw(record, by=actor(), at=AT)
    illustration(record, described_by(reviewer))

    assert two_person_approval.has_contributed(record, reviewer)
    with pytest.raises(two_person_approval.SelfApprovalForbidden):
        reviewing.accept(change, by=reviewer, at=AT)


def test_text_is_not_saved_when_the_record_was_submitted_meanwhile(editor, monkeypatch):
    """The record is submitted after the permission check and before the save."""
    displayed_picture = illustration(record := article()).picture
    client, url = opened(editor), form_of(displayed_picture)
    form_data = opened_form(client, url) | {"alternative_en": "Other words"}
    save = picture_admin.UsageProtectedAdmin.save_model

    def after_submission(self, request, obj, form, change):
        operations.submit(record, by=actor(), at=AT)
        save(self, request, obj, form, change)

    monkeypatch.setattr(
        picture_admin.UsageProtectedAdmin, "save_model", after_submission
    )
    response = client.post(url, form_data)

    displayed_picture.refresh_from_db()
    assert response.status_code == 403
    assert displayed_picture.alternative_en == "A sample building"


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
