from celery import shared_task
from django.utils import timezone

from portal.files import operations


@shared_task(name="files.sweep")
def sweep() -> int:
    return operations.sweep(at=timezone.now())
