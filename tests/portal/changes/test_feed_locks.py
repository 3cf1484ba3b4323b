"""Refreshes of many records while editors save some of them: only on PostgreSQL."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.changes.models import Change
from portal.conference.models import Article
from portal.directory.models import Topic
from portal.directory.operations import name_changed
from portal.history.snapshots import snapshot
from portal.jobs import operations as jobs
from portal.jobs.models import Job
from portal.publishing import operations
from tests.factories.conference import article
from tests.factories.directory import topic
from tests.factories.publishing import actor, published

# As for a worker, another connection must see the database.
pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
RUNS, RECORDS, EDITORS = 5, 30, 3


def run_threads(*functions) -> list[BaseException]:
    """Run all at the same time, each with its own connection; what they raised."""
    errors: list[BaseException] = []

    def guarded(function):
        try:
            function()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(one,)) for one in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return errors


def save(pk: int, text: str) -> None:
    """As the admin saves a published record: read under its lock, then written."""
    with transaction.atomic():
        record = Article.objects.select_for_update(no_key=True).get(pk=pk)
        before = snapshot(record, record.parts)
        record.title_en = text
        record.save()
        record.topics.set(record.topics.all())
        operations.republish(record, by=actor(), at=timezone.now(), before=before)


def rename(row: Topic, text: str) -> Job:
    with transaction.atomic():
        row.name_en = text
        row.save()
        name_changed(row, at=timezone.now())
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
            lambda: jobs.run(job.pk, at=timezone.now()),  # noqa: B023 joined below
            *editors,
        )

        job.refresh_from_db()
        assert errors == []
        assert (job.state, job.error) == ("done", "")
    for record in records:
        record.refresh_from_db()
        last = Change.objects.filter(code=record.slug).last()
        assert last.revision == record.revision
        # Published once, saved in every run, refreshed in between or with a save.
        assert record.revision >= 1 + RUNS


def test_save_does_not_wait_for_the_whole_refresh(settings, monkeypatch):
    """Between two batches an editor gets the lock of a record of the first one."""
    settings.JOBS_EAGER = False
    monkeypatch.setattr("portal.catalogue.operations.BATCH", 5)
    shared = topic("training")
    records = [
        published(article(f"a-{number}", topics=[shared])) for number in range(9)
    ]
    job = rename(shared, "Another name")
    waiting = []
    run_part = jobs._run_part

    def run_and_save(job, now):
        is_more = run_part(job, now)
        if is_more:
            began = time.monotonic()
            waiting.extend(run_threads(lambda: save(records[0].pk, "In between")))
            waiting.append(time.monotonic() - began)
        return is_more

    monkeypatch.setattr(jobs, "_run_part", run_and_save)

    jobs.run(job.pk, at=timezone.now())

    assert len(waiting) == 1
    records[0].refresh_from_db()
    assert (records[0].title_en, records[0].revision) == ("In between", 3)
