"""Celery tasks that run jobs from the outbox; all jobs run through these two tasks."""

from celery import shared_task
from django.utils import timezone

from portal.core.jobs import operations


@shared_task(name="jobs.run")
def run_job(*, job_id: int) -> bool:
    return operations.run_job(job_id, at=timezone.now(), clock=timezone.now)


@shared_task(name="jobs.sweep")
def run_due_jobs() -> int:
    return operations.run_due_jobs(at=timezone.now(), clock=timezone.now)
