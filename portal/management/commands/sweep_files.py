"""Deletes what failed uploads left behind. Beat or cron say it each day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.files import operations


class Command(BaseCommand):
    help = "Delete stored bytes that no file on record has, if older than a day."

    def handle(self, *args, **options):
        self.stdout.write(f"{operations.sweep(at=timezone.now())} deleted.")
