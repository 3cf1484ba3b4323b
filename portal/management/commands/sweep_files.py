"""Delete stored files without a database row, which failed uploads leave behind.

Celery beat or cron start this command every day.
"""

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.core.files import operations


class Command(BaseCommand):
    help = "Delete stored files without a database row that are older than a day."

    def handle(self, *args, **options):
        self.stdout.write(
            f"{operations.delete_orphaned_files(at=timezone.now())} deleted."
        )
