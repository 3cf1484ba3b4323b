from celery import shared_task
from django.utils import timezone

from portal.core.files import operations


@shared_task(name="files.sweep")
def delete_orphaned_files() -> int:
    """Delete stored files without a database row and return how many there were."""
    return operations.delete_orphaned_files(at=timezone.now())
