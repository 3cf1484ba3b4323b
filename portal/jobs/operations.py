"""Writing jobs into the outbox, and running them."""

import datetime as dt
import logging
import threading
from collections import deque
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from portal.jobs.choices import JobState
from portal.jobs.models import Heartbeat, Job
from portal.jobs.querysets import MAX_ATTEMPTS
from portal.jobs.registry import job_named

logger = logging.getLogger(__name__)


class _JobTakenOverError(Exception):
    """Another worker has started the job again, as this one took too long."""


def enqueue(name: str, *, at: dt.datetime, **payload) -> Job:
    """Write a job into the outbox and wake a worker when the transaction commits.

    A wake that fails is logged and forgotten: the sweep finds the row a minute later.
    """
    job = Job.objects.create(name=name, payload=payload, created_at=at, run_after=at)

    def wake():
        _wake(job.pk, at)

    # No partial: Django names a callback that failed, and a partial has no name.
    transaction.on_commit(wake, robust=True)
    return job


def _wake(job_id: int, at: dt.datetime) -> None:
    if settings.JOBS_EAGER:
        _run_eagerly(job_id, at)
    else:
        # By name, so that whoever writes records never imports the broker's client.
        import_string("portal.jobs.waking.wake_worker")(job_id)


_eager = threading.local()


def _run_eagerly(job_id: int, at: dt.datetime) -> None:
    """Run the job now, or after the one that enqueued it: a chain of any length of jobs
    that enqueue others needs no deeper stack."""
    waiting = getattr(_eager, "waiting", None)
    if waiting is not None:
        waiting.append((job_id, at))
        return
    _eager.waiting = waiting = deque([(job_id, at)])
    try:
        while waiting:
            next_id, next_at = waiting.popleft()
            run(next_id, at=next_at)
    finally:
        del _eager.waiting


def run(
    job_id: int, *, at: dt.datetime, clock: Callable[[], dt.datetime] | None = None
) -> bool:
    """Run one due job; False when it was not due (done, or taken by another worker).

    A job that returns a payload is called again with it, until it returns None. The
    payload is stored in the transaction of the part that returned it, so a job whose
    worker died goes on from there. ``clock`` is the clock for the later parts of a long
    job; without it they are taken to happen at ``at``.

    An exception of the job is kept in ``error`` and the row waits, longer each time,
    until it has been tried often enough; then it is failed, for a person to look at.
    Where another worker took the job over meanwhile, its row is left to that one.
    """
    taken = Job.objects.due(at).filter(pk=job_id)
    with transaction.atomic():
        job = taken.select_for_update().first()
        if job is None:
            return False
        job.state = JobState.RUNNING
        job.attempts += 1
        job.started_at = at
        job.save(update_fields=["state", "attempts", "started_at"])
    clock = clock or (lambda: at)
    try:
        _run_taken(job, clock)
    except _JobTakenOverError:
        logger.warning("job %s was taken over by another worker", job)
    return True


def _run_taken(job: Job, clock: Callable[[], dt.datetime]) -> None:
    try:
        while _run_part(job, clock):
            pass
    except _JobTakenOverError:
        raise
    except Exception as error:
        logger.exception("job %s failed", job)
        _put_back(job, error, clock())
    else:
        _update(job, state=JobState.DONE, finished_at=clock(), error="")


def _run_part(job: Job, clock: Callable[[], dt.datetime]) -> bool:
    """Call the job once; whether there is more to do, which then is stored."""
    with transaction.atomic():
        following = job_named(job.name)(**job.payload)
        if following is None:
            return False
        # The tries are those of one part; what was done stays done.
        _update(job, payload=following, started_at=clock(), attempts=1)
    return True


def _put_back(job: Job, error: Exception, at: dt.datetime) -> None:
    is_last = job.attempts >= MAX_ATTEMPTS
    _update(
        job,
        state=JobState.FAILED if is_last else JobState.WAITING,
        error=f"{type(error).__name__}: {error}"[:2000],
        run_after=at + dt.timedelta(minutes=2**job.attempts),
    )


def _update(job: Job, **values) -> None:
    """Store ``values`` in the row of a job that this worker runs.

    Raises _JobTakenOverError if the row was started again since: it is left as it is,
    and a part of the job whose end was to be stored is rolled back.
    """
    own = Job.objects.filter(pk=job.pk, started_at=job.started_at)
    if not own.update(**values):
        raise _JobTakenOverError
    for name, value in values.items():
        setattr(job, name, value)


def sweep(
    *,
    at: dt.datetime,
    limit: int = 100,
    clock: Callable[[], dt.datetime] | None = None,
) -> int:
    """Run what is due and was not woken; the number of jobs run. ``clock`` as in run.

    A job whose workers died each time is failed, for a person to look at.
    """
    told = "Its worker was lost each time it was tried."
    Job.objects.abandoned(at).update(state=JobState.FAILED, error=told)
    due = Job.objects.due(at).order_by("run_after", "pk").values_list("pk", flat=True)
    return sum(run(pk, at=at, clock=clock) for pk in list(due[:limit]))


def record_heartbeat(name: str, *, at: dt.datetime) -> None:
    """Store that the background process ``name`` was running at ``at``."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
