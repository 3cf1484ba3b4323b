"""What is done to a record after it was published."""

import datetime as dt

import pytest
from django.db import transaction

from portal.catalogue.models import Entry, EntryText
from portal.changes.choices import Action
from portal.changes.models import Change
from portal.conference.models import Article
from portal.publishing import operations
from portal.publishing.choices import Status
from tests import reviewing
from tests.factories.conference import article
from tests.factories.publishing import (
    AT,
    actor,
    in_review,
    published,
    republished,
    scheduled,
    withdrawn,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)

STATES = {
    Status.DRAFT: lambda record: record,
    Status.IN_REVIEW: in_review,
    Status.APPROVED: lambda record: scheduled(record, AT + HOUR),
    Status.PUBLISHED: published,
    Status.WITHDRAWN: withdrawn,
}


def told(change: Change) -> tuple:
    return change.kind, change.code, change.action, change.revision, change.changed_at


def test_republish_of_a_published_record_tells_the_public():
    record = published(article("opening", title_en="Opening"))
    record.title_en = "Opening day"
    record.save()

    republished(record, at=AT + HOUR)

    stored = Article.objects.get()
    assert (stored.revision, stored.changed_at) == (2, AT + HOUR)
    assert stored.published_at == AT
    assert EntryText.objects.get().title == "Opening day"
    assert Entry.objects.get().revision == 2
    assert [told(change) for change in Change.objects.order_by("position")] == [
        ("article", "opening", Action.PUBLISHED, 1, AT),
        ("article", "opening", Action.UPDATED, 2, AT + HOUR),
    ]


@pytest.mark.parametrize(
    "state", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN]
)
def test_republish_of_what_is_not_public_writes_nothing_public(state):
    record = STATES[state](article())
    changes, entries = Change.objects.count(), Entry.objects.count()
    record.title_zh_hans = "标题"
    record.save()

    republished(record, at=AT + HOUR)

    stored = Article.objects.get()
    assert stored.status == state
    assert stored.languages == ["zh-hans", "en"]
    assert (Change.objects.count(), Entry.objects.count()) == (changes, entries)


def test_republish_does_not_bring_back_what_a_colleague_withdrew():
    record = published(article())
    of_another_clerk = Article.objects.get()
    reviewing.withdraw(record, by=actor(), at=AT)

    republished(of_another_clerk, at=AT + HOUR)

    stored = Article.objects.get()
    assert stored.status == Status.WITHDRAWN
    assert stored.withdrawn_at == AT
    assert not Entry.objects.exists()


def test_hold_reads_what_a_colleague_has_done_since():
    record = published(article())
    of_another_clerk = Article.objects.get()
    reviewing.withdraw(record, by=actor(), at=AT + HOUR)

    with transaction.atomic():
        operations.hold(of_another_clerk)
        of_another_clerk.save()

    assert of_another_clerk.status == Status.WITHDRAWN
    stored = Article.objects.get()
    assert (stored.status, stored.withdrawn_at) == (Status.WITHDRAWN, AT + HOUR)
    assert not Entry.objects.exists()


def test_hold_leaves_what_its_holder_has_typed():
    published(article("opening", title_en="Opening"))
    record = Article.objects.get()
    record.title_en = "Opening day"

    with transaction.atomic():
        operations.hold(record)

    assert (record.title_en, record.status) == ("Opening day", Status.PUBLISHED)


def test_revision_counts_on_from_the_database_when_the_record_is_old():
    record = published(article())
    of_another_clerk = Article.objects.get()
    republished(record, at=AT + HOUR)

    republished(of_another_clerk, at=AT + 2 * HOUR)
    reviewing.withdraw(record, by=actor(), at=AT + 3 * HOUR)

    assert list(Change.objects.order_by("position").values_list("revision")) == [
        (1,),
        (2,),
        (3,),
        (3,),
    ]


def test_withdraw_removes_the_entry_and_appends_a_change():
    published(article("stays"))
    record = published(article("goes"))

    reviewing.withdraw(record, by=actor(), at=AT + HOUR)

    assert Article.objects.get(slug="goes").withdrawn_at == AT + HOUR
    assert list(Entry.objects.values_list("code", flat=True)) == ["stays"]
    change = Change.objects.order_by("position").last()
    assert told(change) == ("article", "goes", Action.WITHDRAWN, 1, AT + HOUR)


def test_withdrawn_record_can_be_published_again_with_a_new_revision():
    record = withdrawn(article("again"))
    reviewing.return_to_draft(record, by=actor(), at=AT)

    published(record, at=AT + HOUR)

    stored = Article.objects.get()
    assert (stored.revision, stored.withdrawn_at) == (2, None)
    assert Entry.objects.get().revision == 2


def test_return_to_draft_of_a_withdrawn_record_leaves_its_tombstone():
    record = withdrawn(article())

    reviewing.return_to_draft(record, by=actor(), at=AT + HOUR)

    assert Article.objects.withdrawn().get() == record
