"""Rebuilds the columns by which names are compared and found."""

from django.apps import apps
from django.core.management.base import BaseCommand

from portal.translations.fields import models_with_name_keys, rebuild_name_keys


class Command(BaseCommand):
    help = (
        "Rebuild the columns by which names are compared and found; changes nothing "
        "on a healthy database."
    )

    def handle(self, *args, **options):
        changed, unchanged = rebuild_name_keys(models_with_name_keys(apps))
        self.stdout.write(f"{changed} changed, {unchanged} unchanged.")
