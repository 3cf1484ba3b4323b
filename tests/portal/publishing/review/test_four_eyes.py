"""Nobody approves what they had a hand in, whichever door they take."""

import datetime as dt

import pytest

from portal.history.models import Deed
from portal.publishing import operations
from portal.publishing.choices import Status
from portal.publishing.models import Contribution
from portal.publishing.review.four_eyes import NeedsAnother
from tests import reviewing
from tests.factories.conference import article
from tests.factories.publishing import AT, actor, published, republished, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


def in_review_by(editor):
    record = article()
    operations.republish(record, by=editor, at=AT, before=None)
    operations.submit(record, by=editor, at=AT)
    return record


def test_editor_cannot_approve_own_record():
    editor = staff("sample.editor")
    record = in_review_by(editor)

    with pytest.raises(NeedsAnother, match="another person has to approve"):
        reviewing.approve(record, by=editor, at=AT)

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW


def test_another_person_approves():
    record = in_review_by(staff("sample.editor"))

    reviewing.approve(record, by=staff("sample.reviewer"), at=AT)

    assert record.status == Status.PUBLISHED


def test_reviewer_who_mended_something_cannot_approve_any_more():
    record, reviewer = in_review_by(staff("sample.editor")), staff("sample.reviewer")
    republished(record, by=reviewer)

    with pytest.raises(NeedsAnother):
        reviewing.approve(record, by=reviewer, at=AT)

    reviewing.approve(record, by=staff("sample.third"), at=AT)


def test_contributions_are_forgotten_once_public():
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


def test_published_record_is_not_changed_by_one_person_alone():
    record = published(article())

    with pytest.raises(NeedsAnother, match="a change to it is proposed"):
        republished(record, by=staff("sample.editor"))

    assert record.revision == 1


def test_approved_record_that_is_changed_waits_for_approval_again():
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
    with pytest.raises(NeedsAnother):
        reviewing.approve(record, by=editor, at=AT)


def test_actor_of_the_portal_needs_nobody():
    record = published(article())

    republished(record, by=actor())

    assert record.revision == 2


def test_office_of_one_person_may_switch_it_off(settings):
    settings.FOUR_EYES = False
    only = staff("sample.only")
    record = in_review_by(only)

    reviewing.approve(record, by=only, at=AT)
    republished(record, by=only)

    assert (record.status, record.revision) == (Status.PUBLISHED, 2)


def test_states_and_reasons_are_told_in_the_history():
    editor, reviewer = staff("sample.editor"), staff("sample.reviewer")
    record = in_review_by(editor)
    reviewing.return_to_draft(record, by=reviewer, at=AT, reason="No source.")
    operations.submit(record, by=editor, at=AT)
    reviewing.approve(record, by=reviewer, at=AT)
    reviewing.withdraw(record, by=reviewer, at=AT, reason="Wrong year.")

    told = Deed.objects.about(record).values_list("verb", "by__username", "note")

    assert list(told)[::-1][1:] == [
        ("submitted", "sample.editor", ""),
        ("returned", "sample.reviewer", "No source."),
        ("submitted", "sample.editor", ""),
        ("approved", "sample.reviewer", ""),
        ("published", "sample.reviewer", ""),
        ("withdrawn", "sample.reviewer", "Wrong year."),
    ]
