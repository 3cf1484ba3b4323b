import datetime as dt
import inspect

import pytest
from django.db import DatabaseError, connection, transaction

from portal.conference.models import Article
from portal.content.catalogue.models import Entry
from portal.core.jobs import operations, registry
from portal.core.jobs.choices import JobState
from portal.core.jobs.models import Job
from portal.core.jobs.querysets import MAX_ATTEMPTS, WORKER_TIMEOUT
from portal.core.jobs.registry import UnknownJobError, get_job
from portal.reference.directory.models import Country
from tests.factories.conference import article
from tests.factories.directory import country
from tests.factories.publishing import AT, published, withdrawn

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
REFRESH = "catalogue.refresh_using"


def enqueued(name=REFRESH, *, at=AT) -> Job:
    return operations.enqueue(name, at=at, axis="country", value="VN")


def failing(at=AT) -> Job:
    """Enqueue a job that always fails: its payload has an unknown argument."""
    return operations.enqueue(REFRESH, at=at, nonsense=1)


def state(job: Job) -> tuple:
    job.refresh_from_db()
    return job.state, job.attempts


def test_enqueue_creates_waiting_job():
    job = enqueued()

    assert state(job) == (JobState.WAITING, 0)
    assert (job.created_at, job.run_after) == (AT, AT)
    assert job.payload == {"axis": "country", "value": "VN"}


def test_run_executes_job_once():
    vietnam = country("VN")
    published(article(countries=[vietnam]))
    Entry.objects.update(countries=[])
    job = enqueued()

    done = [operations.run_job(job.pk, at=at) for at in (AT, AT + MINUTE)]

    assert done == [True, False]
    assert state(job) == (JobState.DONE, 1)
    assert (job.started_at, job.finished_at, job.error) == (AT, AT, "")
    assert Entry.objects.get(kind="article").countries == ["VN"]


def test_run_of_deleted_job_is_no_op():
    job = enqueued()
    Job.objects.all().delete()

    assert operations.run_job(job.pk, at=AT) is False


def test_run_before_run_after_is_no_op():
    job = enqueued(at=AT + MINUTE)

    assert operations.run_job(job.pk, at=AT) is False
    assert state(job) == (JobState.WAITING, 0)


def test_job_starts_only_after_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        job = enqueued()

    assert len(callbacks) == 1
    assert state(job) == (JobState.WAITING, 0)


def test_eager_job_runs_on_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueued()

    assert state(job) == (JobState.DONE, 1)


def test_rollback_discards_change_and_job(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        published(article())
        enqueued()
        transaction.set_rollback(True)

    assert callbacks == []
    assert not Job.objects.exists()
    assert not Article.objects.exists()


def test_failed_job_retries_with_backoff_then_fails(caplog):
    job = failing()
    delays, at = [], AT

    for _attempt in range(MAX_ATTEMPTS):
        assert operations.run_job(job.pk, at=at) is True
        job.refresh_from_db()
        delays.append(job.run_after - at)
        at = job.run_after

    assert delays == [minutes * MINUTE for minutes in (2, 4, 8, 16, 32)]
    assert state(job) == (JobState.FAILED, MAX_ATTEMPTS)
    problem = "TypeError: refresh_tagged_entries() got an unexpected keyword"
    assert job.error.startswith(problem)
    assert operations.run_job(job.pk, at=at) is False
    assert len(caplog.records) == MAX_ATTEMPTS


def test_failed_job_is_not_due_before_its_delay_is_over(caplog):
    job = failing()
    operations.run_job(job.pk, at=AT)

    too_early = operations.run_job(job.pk, at=AT + MINUTE)

    assert too_early is False
    assert state(job) == (JobState.WAITING, 1)


def test_failed_job_rolls_back_its_work(caplog):
    """The work is rolled back when its last step fails; the job's row is saved."""
    published(article(countries=[country("VN")]))
    Entry.objects.update(countries=[])
    job = enqueued()

    def fail(execute, sql, params, many, context):
        response = execute(sql, params, many, context)
        if sql.startswith('UPDATE "catalogue_entry"'):
            message = "disk full"
            raise DatabaseError(message)
        return response

    with connection.execute_wrapper(fail):
        operations.run_job(job.pk, at=AT)

    assert state(job) == (JobState.WAITING, 1)
    assert job.error == "DatabaseError: disk full"
    assert Entry.objects.get().countries == []


def test_unknown_job_name_stays_waiting_with_error(caplog):
    job = enqueued("nobody.registered_this")

    operations.run_job(job.pk, at=AT)

    assert state(job) == (JobState.WAITING, 1)
    assert job.error == "UnknownJobError: nobody.registered_this"
    with pytest.raises(UnknownJobError):
        get_job("nobody.registered_this")


def test_job_of_lost_worker_is_retried():
    job = enqueued()
    Job.objects.update(state=JobState.RUNNING, attempts=1, started_at=AT)

    done = [
        operations.run_job(job.pk, at=at)
        for at in (AT + WORKER_TIMEOUT - MINUTE, AT + WORKER_TIMEOUT)
    ]

    assert done == [False, True]
    assert state(job) == (JobState.DONE, 2)


def test_sweep_runs_due_jobs_only(caplog):
    due, later, broken = enqueued(), enqueued(at=AT + MINUTE), failing()

    count = operations.run_due_jobs(at=AT)

    assert count == 2
    assert state(due) == (JobState.DONE, 1)
    assert state(later) == (JobState.WAITING, 0)
    assert state(broken) == (JobState.WAITING, 1)


def test_sweep_fails_job_after_too_many_lost_workers():
    job = enqueued()
    Job.objects.update(
        state=JobState.RUNNING, attempts=MAX_ATTEMPTS, started_at=AT, run_after=AT
    )

    operations.run_due_jobs(at=AT + WORKER_TIMEOUT)

    assert state(job) == (JobState.FAILED, MAX_ATTEMPTS)


def test_sweep_respects_limit():
    jobs = [enqueued() for _number in range(3)]

    assert operations.run_due_jobs(at=AT, limit=2) == 2
    assert [state(job)[0] for job in jobs] == ["done", "done", "waiting"]


def test_refresh_job_tolerates_deleted_records():
    withdrawn(article(countries=[country("VN")]))
    job = enqueued()

    operations.run_job(job.pk, at=AT)

    assert state(job) == (JobState.DONE, 1)


# ------------------------------------------------------------------------ long jobs


@pytest.fixture
def counting(monkeypatch):
    """Register job ``tests.count``, which runs in three parts.

    Return the list of parts run so far, and a set of parts that shall fail.
    """
    calls, fails = [], set()

    def count(*, number):
        calls.append(number)
        Article.objects.create(slug=f"part-{number}", title_en="Part")
        if number in fails:
            message = "worker killed"
            raise RuntimeError(message)
        return {"number": number + 1} if number < 3 else None

    monkeypatch.setitem(registry._jobs, "tests.count", count)
    return calls, fails


def test_long_job_is_called_until_it_returns_no_payload(counting):
    calls, _fails = counting
    job = operations.enqueue("tests.count", at=AT, number=1)

    operations.run_job(job.pk, at=AT, clock=lambda: AT + MINUTE)

    assert calls == [1, 2, 3]
    assert state(job) == (JobState.DONE, 1)
    assert (job.started_at, job.finished_at) == (AT + MINUTE, AT + MINUTE)


def test_long_job_continues_after_the_last_finished_part(counting, caplog):
    calls, fails = counting
    fails.add(2)
    job = operations.enqueue("tests.count", at=AT, number=1)
    operations.run_job(job.pk, at=AT)

    assert state(job) == (JobState.WAITING, 1)
    assert job.payload == {"number": 2}
    assert Article.objects.get().slug == "part-1"

    fails.clear()
    operations.run_job(job.pk, at=AT + 5 * MINUTE)

    assert calls == [1, 2, 2, 3]
    assert state(job)[0] == JobState.DONE


def test_long_job_of_a_killed_worker_continues_after_its_last_part(counting):
    calls, _fails = counting
    job = operations.enqueue("tests.count", at=AT, number=1)
    Job.objects.update(
        state=JobState.RUNNING, attempts=1, started_at=AT, payload={"number": 3}
    )

    early = operations.run_job(job.pk, at=AT + WORKER_TIMEOUT - MINUTE)
    operations.run_job(job.pk, at=AT + WORKER_TIMEOUT)

    assert early is False
    assert calls == [3]
    assert state(job)[0] == JobState.DONE


def test_eager_jobs_that_enqueue_others_need_no_deeper_stack(
    monkeypatch, django_capture_on_commit_callbacks, settings
):
    settings.JOBS_EAGER = True
    depths = []

    def chain(*, remaining):
        depths.append(len(inspect.stack(0)))
        if remaining:
            operations.enqueue("tests.chain", at=AT, remaining=remaining - 1)

    monkeypatch.setitem(registry._jobs, "tests.chain", chain)

    with django_capture_on_commit_callbacks(execute=True):
        operations.enqueue("tests.chain", at=AT, remaining=5)

    assert len(depths) == 6
    assert len(set(depths)) == 1


@pytest.mark.parametrize("end", ["another part", "its end", "a failure"])
def test_slow_job_that_was_taken_over_leaves_the_row_to_the_other_worker(
    monkeypatch, end
):
    """Another worker starts the job again before the slow worker stores its result."""
    job = enqueued()
    later = AT + WORKER_TIMEOUT + MINUTE
    country("VN")

    def work(**payload):
        Country.objects.update(name_en="Written by the slow worker")
        if end == "a failure":
            message = "sample failure"
            raise ValueError(message)
        return {"axis": "country", "value": "LA"} if end == "another part" else None

    def take_over() -> dt.datetime:
        Job.objects.filter(pk=job.pk).update(started_at=later, attempts=2)
        return later

    monkeypatch.setattr(operations, "get_job", lambda name: work)

    assert operations.run_job(job.pk, at=AT, clock=take_over) is True

    job.refresh_from_db()
    assert (job.state, job.payload["value"]) == (JobState.RUNNING, "VN")
    assert (job.finished_at, job.error) == (None, "")
    if end == "another part":
        assert Country.objects.get().name_en != "Written by the slow worker"
    else:
        assert (job.started_at, job.attempts) == (later, 2)
