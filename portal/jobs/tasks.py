from celery import shared_task
from django.utils import timezone

from portal.jobs import operations


@shared_task(name="jobs.run")
def run(*, job_id: int) -> bool:
    return operations.run(job_id, at=timezone.now(), clock=timezone.now)


@shared_task(name="jobs.sweep")
def sweep() -> int:
    return operations.sweep(at=timezone.now(), clock=timezone.now)
