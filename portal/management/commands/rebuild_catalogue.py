"""Rebuild the public catalogue from the published records."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.content.catalogue import operations


class Command(BaseCommand):
    help = "Rebuild the public catalogue; changes nothing on a healthy database."

    def handle(self, *args, **options):
        changed, removed, unchanged = operations.rebuild(
            at=timezone.now(), clock=timezone.now
        )
        self.stdout.write(
            f"{changed} changed, {removed} removed, {unchanged} unchanged."
        )
