"""Rebuild the columns of normalised names, which serve to compare and search names."""

from django.apps import apps
from django.core.management.base import BaseCommand

from portal.core.translations.fields import models_with_name_keys, rebuild_name_keys


class Command(BaseCommand):
    help = (
        "Rebuild the columns of normalised names used for comparison and search; "
        "changes nothing on a healthy database."
    )

    def handle(self, *args, **options):
        changed, unchanged = rebuild_name_keys(models_with_name_keys(apps))
        self.stdout.write(f"{changed} changed, {unchanged} unchanged.")
