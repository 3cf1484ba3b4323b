"""A job has at most MAX_ATTEMPTS attempts, also if its worker died in the last one."""

import datetime as dt

import pytest

from portal.core.jobs import operations
from portal.core.jobs.choices import JobState
from portal.core.jobs.models import Job
from portal.core.jobs.querysets import MAX_ATTEMPTS, WORKER_TIMEOUT
from tests.factories.publishing import AT

pytestmark = pytest.mark.django_db
DUE_AT = AT + WORKER_TIMEOUT


def running_job(*, attempts: int) -> Job:
    """Create a job that a worker started at ``AT`` and never finished."""
    job = operations.enqueue(
        "catalogue.refresh_using", at=AT, axis="country", value="VN"
    )
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=attempts, started_at=AT
    )
    return job


@pytest.mark.parametrize(
    ("attempts", "is_due"), [(MAX_ATTEMPTS - 1, True), (MAX_ATTEMPTS, False)]
)
def test_due_jobs_of_dead_workers_have_attempts_left(attempts, is_due):
    job = running_job(attempts=attempts)

    assert Job.objects.due(DUE_AT).filter(pk=job.pk).exists() is is_due


def test_run_after_the_last_attempt_leaves_the_job_unchanged():
    job = running_job(attempts=MAX_ATTEMPTS)

    was_run = operations.run_job(job.pk, at=DUE_AT + dt.timedelta(minutes=1))

    job.refresh_from_db()
    assert was_run is False
    assert (job.state, job.attempts) == (JobState.RUNNING, MAX_ATTEMPTS)
