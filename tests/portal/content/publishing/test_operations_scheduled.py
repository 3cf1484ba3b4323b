import datetime as dt

import pytest
from django.db import DatabaseError, connection

from portal.conference.models import Article
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.content.publishing import numbering, operations
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Counter
from tests.factories.conference import article, document, page
from tests.factories.publishing import (
    AT,
    actor,
    in_review,
    republished,
    scheduled,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_approve_with_future_publish_at_schedules_record():
    record = scheduled(article(), AT + HOUR)

    assert record.status == Status.APPROVED
    assert not Entry.objects.exists()
    assert not Change.objects.exists()


def test_approve_with_past_publish_at_publishes_immediately():
    record = scheduled(article(), AT - HOUR)

    assert record.status == Status.PUBLISHED
    assert record.published_at == AT


def test_publish_due_publishes_due_record_once():
    scheduled(article("due"), AT + HOUR)
    scheduled(article("later"), AT + 3 * HOUR)

    counts = [
        operations.publish_due(by=actor(), at=at)
        for at in (AT, AT + HOUR, AT + HOUR, AT + 2 * HOUR)
    ]

    assert counts == [0, 1, 0, 0]
    assert list(Change.objects.values_list("code", "changed_at")) == [
        ("due", AT + HOUR)
    ]
    assert Article.objects.get(slug="later").status == Status.APPROVED


def test_publish_due_publishes_approved_record_without_publish_at():
    record = scheduled(article("due"), AT + 99 * HOUR)
    in_review(article("waits"))
    article("draft")
    record.publish_at = None
    record.save()
    republished(record)

    counts = [operations.publish_due(by=actor(), at=AT + HOUR) for _ in range(2)]

    assert counts == [1, 0]
    assert Article.objects.get(slug="due").published_at == AT + HOUR
    assert Entry.objects.get().code == "due"
    assert Change.objects.get().code == "due"


def test_publish_due_catches_up_after_missed_runs():
    scheduled(article("one"), AT + HOUR)
    scheduled(document("DOC-0001"), AT + 2 * HOUR)

    count = operations.publish_due(by=actor(), at=AT + 9 * HOUR)

    assert count == 2
    assert set(Entry.objects.values_list("kind", "code", "published_at")) == {
        ("article", "one", AT + 9 * HOUR),
        ("document", "DOC-0001", AT + 9 * HOUR),
    }


def test_publish_due_continues_after_failure(caplog):
    scheduled(article("broken"), AT + HOUR)
    scheduled(document("DOC-0001"), AT + HOUR)
    scheduled(page("fine"), AT + HOUR)

    def fail(execute, sql, params, many, context):
        if "INSERT" in sql and "broken" in (params or ()):
            raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        count = operations.publish_due(by=actor(), at=AT + HOUR)

    assert count == 2
    assert set(Entry.objects.values_list("code", flat=True)) == {"DOC-0001", "fine"}
    assert Article.objects.get().status == Status.APPROVED
    assert [record.message for record in caplog.records] == [
        f"article {Article.objects.get().pk} could not be published"
    ]


def test_next_code_increments_per_prefix():
    codes = [numbering.next_code(prefix) for prefix in ("SEM", "SEM", "DOC", "SEM")]

    assert codes == ["SEM-5001", "SEM-5002", "DOC-5001", "SEM-5003"]


def test_reserved_code_is_not_reassigned():
    numbering.reserve_code("SEM-5004")
    numbering.reserve_code("SEM-5002")

    assert numbering.next_code("SEM") == "SEM-5005"


def test_codes_of_files_and_of_earlier_releases_leave_the_range_of_new_codes():
    """A file has a later code than the records that people entered before 1.1."""
    Counter.objects.create(prefix="SEM", last_number=37)
    numbering.reserve_code("SEM-0041")

    assert numbering.next_code("SEM") == "SEM-5001"
