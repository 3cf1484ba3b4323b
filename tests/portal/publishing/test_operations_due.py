import datetime as dt

import pytest
from django.db import DatabaseError, connection

from portal.catalogue.models import Entry
from portal.changes.models import Change
from portal.conference.models import Article
from portal.publishing import numbering, operations
from portal.publishing.choices import Status
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


def test_approve_with_a_set_time_in_the_future_waits():
    record = scheduled(article(), AT + HOUR)

    assert record.status == Status.APPROVED
    assert not Entry.objects.exists()
    assert not Change.objects.exists()


def test_approve_with_a_set_time_that_has_come_publishes_at_once():
    record = scheduled(article(), AT - HOUR)

    assert record.status == Status.PUBLISHED
    assert record.published_at == AT


def test_publish_due_publishes_exactly_once_when_the_time_has_come():
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


def test_publish_due_publishes_what_lost_its_set_time():
    record = scheduled(article("due"), AT + 99 * HOUR)
    in_review(article("waits"))
    article("draft")
    record.publish_at = None
    record.save()
    republished(record)

    counts = [operations.publish_due(by=actor(), at=AT + HOUR) for _twice in range(2)]

    assert counts == [1, 0]
    assert Article.objects.get(slug="due").published_at == AT + HOUR
    assert Entry.objects.get().code == "due"
    assert Change.objects.get().code == "due"


def test_publish_due_after_missed_hours_publishes_what_was_due_meanwhile():
    scheduled(article("one"), AT + HOUR)
    scheduled(document("DOC-0001"), AT + 2 * HOUR)

    count = operations.publish_due(by=actor(), at=AT + 9 * HOUR)

    assert count == 2
    assert set(Entry.objects.values_list("kind", "code", "published_at")) == {
        ("article", "one", AT + 9 * HOUR),
        ("document", "DOC-0001", AT + 9 * HOUR),
    }


def test_publish_due_goes_on_when_one_record_cannot_be_published(caplog):
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


def test_next_code_counts_on_in_each_series():
    codes = [numbering.next_code(prefix) for prefix in ("SEM", "SEM", "DOC", "SEM")]

    assert codes == ["SEM-0001", "SEM-0002", "DOC-0001", "SEM-0003"]


def test_reserve_code_is_never_given_out_again():
    numbering.reserve_code("SEM-0004")
    numbering.reserve_code("SEM-0002")

    assert numbering.next_code("SEM") == "SEM-0005"
