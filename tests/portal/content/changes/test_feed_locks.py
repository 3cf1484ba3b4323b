"""Refresh of many records while editors save some of them; needs PostgreSQL."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.conference.models import Article
from portal.content.changes.models import Change
from portal.content.publishing import operations
from portal.core.audit.snapshots import take_snapshot
from portal.core.jobs import operations as jobs
from portal.core.jobs.models import Job
from portal.reference.directory.models import Topic
from portal.reference.directory.operations import enqueue_refresh_after_rename
from tests.factories.conference import article
from tests.factories.directory import topic
from tests.factories.publishing import actor, published

# Other threads use their own connections, so the test data must be committed.
pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
RUNS, RECORDS, EDITORS = 5, 30, 3


def run_threads(*functions) -> list[BaseException]:
    """Run all functions at once, each with its own connection; return their errors."""
    errors: list[BaseException] = []

    def guarded(function):
        try:
            function()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=guarded, args=(callback,)) for callback in functions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return errors


def save(pk: int, text: str) -> None:
    """Save a published article as the admin does: lock and read it, then write it."""
    with transaction.atomic():
        record = Article.objects.select_for_update(no_key=True).get(pk=pk)
        before = take_snapshot(record, record.child_relations)
        record.title_en = text
        record.save()
        record.topics.set(record.topics.all())
        operations.register_edit(record, by=actor(), at=timezone.now(), before=before)


def rename(row: Topic, text: str) -> Job:
    with transaction.atomic():
        row.name_en = text
        row.save()
        enqueue_refresh_after_rename(row, at=timezone.now())
    return Job.objects.order_by("pk").last()


def test_refresh_while_editors_save_ends_without_deadlock(settings):
    settings.JOBS_EAGER = False
    shared = topic("training")
    records = [
        published(article(f"a-{number}", topics=[shared])) for number in range(RECORDS)
    ]
    for run in range(RUNS):
        job = rename(shared, f"Name {run}")
        editors = [
            lambda start=start: [
                save(record.pk, f"Text {run} {start}")  # noqa: B023 joined below
                for record in records[start::-EDITORS]
            ]
            for start in range(RECORDS - 1, RECORDS - 1 - EDITORS, -1)
        ]

        errors = run_threads(
            lambda: jobs.run_job(job.pk, at=timezone.now()),  # noqa: B023 joined below
            *editors,
        )

        job.refresh_from_db()
        assert errors == []
        assert (job.state, job.error) == ("done", "")
    for record in records:
        record.refresh_from_db()
        last = Change.objects.filter(code=record.slug).last()
        assert last.revision == record.revision
        # One revision from publication and one per save; a refresh may add more.
        assert record.revision >= 1 + RUNS


def test_save_does_not_wait_for_the_whole_refresh(settings, monkeypatch):
    """Between two batches an editor can lock a record of the first batch."""
    settings.JOBS_EAGER = False
    monkeypatch.setattr("portal.content.catalogue.operations.BATCH_SIZE", 5)
    shared = topic("training")
    records = [
        published(article(f"a-{number}", topics=[shared])) for number in range(9)
    ]
    job = rename(shared, "Another name")
    waiting = []
    run_part = jobs._run_once

    def run_and_save(job, now):
        is_more = run_part(job, now)
        if is_more:
            began = time.monotonic()
            waiting.extend(run_threads(lambda: save(records[0].pk, "In between")))
            waiting.append(time.monotonic() - began)
        return is_more

    monkeypatch.setattr(jobs, "_run_once", run_and_save)

    jobs.run_job(job.pk, at=timezone.now())

    assert len(waiting) == 1
    records[0].refresh_from_db()
    assert (records[0].title_en, records[0].revision) == ("In between", 3)
