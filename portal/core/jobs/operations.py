"""Operations that enqueue jobs in the outbox and run them."""

import datetime as dt
import logging
import threading
from collections import deque
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from portal.core.jobs.choices import JobState
from portal.core.jobs.models import Heartbeat, Job
from portal.core.jobs.querysets import MAX_ATTEMPTS
from portal.core.jobs.registry import get_job

logger = logging.getLogger(__name__)


class _JobTakenOverError(Exception):
    """Another worker has restarted the job because this worker took too long."""


def enqueue(name: str, *, at: dt.datetime, **payload) -> Job:
    """Write a job into the outbox and notify a worker when the transaction commits.

    ``name`` is the name of a registered job, ``payload`` its keyword arguments (JSON).
    A failed notification is logged and not raised: the periodic ``run_due_jobs`` runs
    the job within a minute. With JOBS_EAGER the job runs in this process on commit.
    """
    job = Job.objects.create(name=name, payload=payload, created_at=at, run_after=at)

    def wake():
        _dispatch(job.pk, at)

    # Not a functools.partial: Django logs the __qualname__ of a failed callback, which
    # a partial does not have.
    transaction.on_commit(wake, robust=True)
    return job


def _dispatch(job_id: int, at: dt.datetime) -> None:
    if settings.JOBS_EAGER:
        _run_eagerly(job_id, at)
    else:
        # Imported on use: code that only writes records does not import Celery.
        import_string("portal.core.jobs.worker_wakeup.wake_worker")(job_id)


_eager = threading.local()


def _run_eagerly(job_id: int, at: dt.datetime) -> None:
    """Run the job now, or after the running job if that job enqueued it.

    The queue keeps the call stack flat however many jobs enqueue further jobs.
    """
    waiting = getattr(_eager, "waiting", None)
    if waiting is not None:
        waiting.append((job_id, at))
        return
    _eager.waiting = waiting = deque([(job_id, at)])
    try:
        while waiting:
            next_id, next_at = waiting.popleft()
            run_job(next_id, at=next_at)
    finally:
        del _eager.waiting


def run_job(
    job_id: int, *, at: dt.datetime, clock: Callable[[], dt.datetime] | None = None
) -> bool:
    """Run one due job; return False if it is not due (done, or run by another worker).

    A job function that returns a payload is called again with that payload, until it
    returns None. The payload is stored in the transaction of the call that returned it,
    so a job whose worker died continues from there. ``clock`` returns the time of the
    later calls; without it ``at`` is used for all of them.

    If the job function raises an exception, the message is stored in ``error`` and the
    job is retried after 2, 4, 8 and 16 minutes. After ``MAX_ATTEMPTS`` attempts its
    state is FAILED and it is not retried. If another worker has taken over the job in
    the meantime, this worker leaves the row unchanged.
    """
    due_job = Job.objects.due(at).filter(pk=job_id)
    with transaction.atomic():
        job = due_job.select_for_update().first()
        if job is None:
            return False
        job.state = JobState.RUNNING
        job.attempts += 1
        job.started_at = at
        job.save(update_fields=["state", "attempts", "started_at"])
    clock = clock or (lambda: at)
    try:
        _run_claimed_job(job, clock)
    except _JobTakenOverError:
        logger.warning("job %s was taken over by another worker", job)
    return True


def _run_claimed_job(job: Job, clock: Callable[[], dt.datetime]) -> None:
    try:
        while _run_once(job, clock):
            pass
    except _JobTakenOverError:
        raise
    except Exception as error:
        logger.exception("job %s failed", job)
        _schedule_retry(job, error, clock())
    else:
        _update(job, state=JobState.DONE, finished_at=clock(), error="")


def _run_once(job: Job, clock: Callable[[], dt.datetime]) -> bool:
    """Call the job function once and return whether it has to be called again.

    If so, the payload of the next call is stored in the same transaction.
    """
    with transaction.atomic():
        next_payload = get_job(job.name)(**job.payload)
        if next_payload is None:
            return False
        # Attempts are counted per call, as completed calls are not repeated.
        _update(job, payload=next_payload, started_at=clock(), attempts=1)
    return True


def _schedule_retry(job: Job, error: Exception, at: dt.datetime) -> None:
    is_last = job.attempts >= MAX_ATTEMPTS
    _update(
        job,
        state=JobState.FAILED if is_last else JobState.WAITING,
        error=f"{type(error).__name__}: {error}"[:2000],
        run_after=at + dt.timedelta(minutes=2**job.attempts),
    )


def _update(job: Job, **values) -> None:
    """Store ``values`` in the row of the job that this worker is running.

    Raises _JobTakenOverError if another worker has restarted the job: the row is not
    changed, and the caller's transaction (one call of the job) is rolled back.
    """
    own_row = Job.objects.filter(pk=job.pk, started_at=job.started_at)
    if not own_row.update(**values):
        raise _JobTakenOverError
    for name, value in values.items():
        setattr(job, name, value)


def run_due_jobs(
    *,
    at: dt.datetime,
    limit: int = 100,
    clock: Callable[[], dt.datetime] | None = None,
) -> int:
    """Run up to ``limit`` due jobs that no worker has run; return how many were run.

    Jobs whose worker died in each of ``MAX_ATTEMPTS`` attempts are marked as FAILED.
    ``clock`` returns the time of the later calls of a long job, as in ``run_job``.
    """
    message = "The worker died in every attempt."
    Job.objects.abandoned(at).update(state=JobState.FAILED, error=message)
    due = Job.objects.due(at).order_by("run_after", "pk").values_list("pk", flat=True)
    return sum(run_job(pk, at=at, clock=clock) for pk in list(due[:limit]))


def record_heartbeat(name: str, *, at: dt.datetime) -> None:
    """Store ``at`` as the time of the last heartbeat of the process ``name``."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
