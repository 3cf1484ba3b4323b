"""Two-person approval: no operation lets contributors approve their own changes."""

import datetime as dt

import pytest

from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Contribution
from portal.content.publishing.two_person_approval import SelfApprovalForbidden
from portal.core.audit.models import Deed
from tests import reviewing
from tests.factories.conference import article
from tests.factories.publishing import AT, actor, published, republished, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


def in_review_by(editor):
    record = article()
    operations.register_edit(record, by=editor, at=AT, before=None)
    operations.submit(record, by=editor, at=AT)
    return record


def test_editor_cannot_approve_own_record():
    editor = staff("sample.editor")
    record = in_review_by(editor)

    with pytest.raises(SelfApprovalForbidden, match="another person must approve"):
        reviewing.approve(record, by=editor, at=AT)

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW


def test_second_person_can_approve():
    record = in_review_by(staff("sample.editor"))

    reviewing.approve(record, by=staff("sample.reviewer"), at=AT)

    assert record.status == Status.PUBLISHED


def test_reviewer_who_edited_cannot_approve():
    record, reviewer = in_review_by(staff("sample.editor")), staff("sample.reviewer")
    republished(record, by=reviewer)

    with pytest.raises(SelfApprovalForbidden):
        reviewing.approve(record, by=reviewer, at=AT)

    reviewing.approve(record, by=staff("sample.third"), at=AT)


def test_contributions_are_cleared_on_publication():
    editor, reviewer = staff("sample.editor"), staff("sample.reviewer")
    record = in_review_by(editor)
    reviewing.approve(record, by=reviewer, at=AT)
    reviewing.withdraw(record, by=reviewer, at=AT, reason="A sample reason.")
    reviewing.return_to_draft(record, by=reviewer, at=AT)
    assert not Contribution.objects.exists()
    republished(record, by=reviewer)
    operations.submit(record, by=reviewer, at=AT)

    reviewing.approve(record, by=editor, at=AT)

    assert record.status == Status.PUBLISHED


def test_published_record_cannot_be_changed_by_one_person():
    record = published(article())

    with pytest.raises(
        SelfApprovalForbidden,
        match=("is published"),
    ):
        republished(record, by=staff("sample.editor"))

    assert record.revision == 1


def test_edit_of_approved_record_requires_new_approval():
    editor = staff("sample.editor")
    record = in_review_by(editor)
    record.publish_at = AT + dt.timedelta(days=1)
    record.save()
    reviewing.approve(record, by=staff("sample.reviewer"), at=AT)
    assert record.status == Status.APPROVED

    republished(record, by=editor)

    operations.publish_due(by=actor(), at=AT + dt.timedelta(days=2))
    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW
    with pytest.raises(SelfApprovalForbidden):
        reviewing.approve(record, by=editor, at=AT)


def test_system_actor_needs_no_second_person():
    record = published(article())

    republished(record, by=actor())

    assert record.revision == 2


def test_two_person_approval_can_be_disabled(settings):
    settings.TWO_PERSON_APPROVAL = False
    only = staff("sample.only")
    record = in_review_by(only)

    reviewing.approve(record, by=only, at=AT)
    republished(record, by=only)

    assert (record.status, record.revision) == (Status.PUBLISHED, 2)


def test_history_records_transitions_and_reasons():
    editor, reviewer = staff("sample.editor"), staff("sample.reviewer")
    record = in_review_by(editor)
    reviewing.return_to_draft(record, by=reviewer, at=AT, reason="No source.")
    operations.submit(record, by=editor, at=AT)
    reviewing.approve(record, by=reviewer, at=AT)
    reviewing.withdraw(record, by=reviewer, at=AT, reason="Wrong year.")

    entries = Deed.objects.for_record(record).values_list(
        "verb", "by__username", "note"
    )

    assert list(entries)[::-1][1:] == [
        ("submitted", "sample.editor", ""),
        ("returned", "sample.reviewer", "No source."),
        ("submitted", "sample.editor", ""),
        ("approved", "sample.reviewer", ""),
        ("published", "sample.reviewer", ""),
        ("withdrawn", "sample.reviewer", "Wrong year."),
    ]
