"""Makes the catalogue what the published records say."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.catalogue import operations


class Command(BaseCommand):
    help = "Rebuild the public catalogue; changes nothing on a healthy database."

    def handle(self, *args, **options):
        changed, removed, unchanged = operations.rebuild(
            at=timezone.now(), clock=timezone.now
        )
        self.stdout.write(
            f"{changed} changed, {removed} removed, {unchanged} unchanged."
        )
