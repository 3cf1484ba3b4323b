"""Operations on records that are or were published."""

import datetime as dt

import pytest
from django.db import transaction

from portal.conference.models import Article
from portal.content.catalogue.models import Entry, EntryText
from portal.content.changes.choices import ChangeAction
from portal.content.changes.models import Change
from portal.content.publishing import operations
from portal.content.publishing.choices import Status
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


def change_values(change: Change) -> tuple:
    return change.kind, change.code, change.action, change.revision, change.changed_at


def test_republish_of_published_record_writes_change():
    record = published(article("opening", title_en="Opening"))
    record.title_en = "Opening day"
    record.save()

    republished(record, at=AT + HOUR)

    stored = Article.objects.get()
    assert (stored.revision, stored.changed_at) == (2, AT + HOUR)
    assert stored.published_at == AT
    assert EntryText.objects.get().title == "Opening day"
    assert Entry.objects.get().revision == 2
    assert [
        change_values(change) for change in Change.objects.order_by("position")
    ] == [
        ("article", "opening", ChangeAction.PUBLISHED, 1, AT),
        ("article", "opening", ChangeAction.UPDATED, 2, AT + HOUR),
    ]


@pytest.mark.parametrize(
    "state", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN]
)
def test_republish_of_unpublished_record_writes_nothing_public(state):
    record = STATES[state](article())
    changes, entries = Change.objects.count(), Entry.objects.count()
    record.title_zh_hans = "标题"
    record.save()

    republished(record, at=AT + HOUR)

    stored = Article.objects.get()
    assert stored.status == state
    assert stored.languages == ["zh-hans", "en"]
    assert (Change.objects.count(), Entry.objects.count()) == (changes, entries)


def test_republish_does_not_restore_withdrawn_record():
    record = published(article())
    stale = Article.objects.get()
    reviewing.withdraw(record, by=actor(), at=AT)

    republished(stale, at=AT + HOUR)

    stored = Article.objects.get()
    assert stored.status == Status.WITHDRAWN
    assert stored.withdrawn_at == AT
    assert not Entry.objects.exists()


def test_lock_refreshes_status_from_database():
    record = published(article())
    stale = Article.objects.get()
    reviewing.withdraw(record, by=actor(), at=AT + HOUR)

    with transaction.atomic():
        operations.lock(stale)
        stale.save()

    assert stale.status == Status.WITHDRAWN
    stored = Article.objects.get()
    assert (stored.status, stored.withdrawn_at) == (Status.WITHDRAWN, AT + HOUR)
    assert not Entry.objects.exists()


def test_lock_keeps_unsaved_field_values():
    published(article("opening", title_en="Opening"))
    record = Article.objects.get()
    record.title_en = "Opening day"

    with transaction.atomic():
        operations.lock(record)

    assert (record.title_en, record.status) == ("Opening day", Status.PUBLISHED)


def test_revision_continues_from_database_for_stale_instance():
    record = published(article())
    stale = Article.objects.get()
    republished(record, at=AT + HOUR)

    republished(stale, at=AT + 2 * HOUR)
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
    assert change_values(change) == (
        "article",
        "goes",
        ChangeAction.WITHDRAWN,
        1,
        AT + HOUR,
    )


def test_withdrawn_record_is_republished_with_new_revision():
    record = withdrawn(article("again"))
    reviewing.return_to_draft(record, by=actor(), at=AT)

    published(record, at=AT + HOUR)

    stored = Article.objects.get()
    assert (stored.revision, stored.withdrawn_at) == (2, None)
    assert Entry.objects.get().revision == 2


def test_return_to_draft_keeps_tombstone():
    record = withdrawn(article())

    reviewing.return_to_draft(record, by=actor(), at=AT + HOUR)

    assert Article.objects.withdrawn().get() == record
