"""For the day on which the ``SECRET_KEY`` is replaced."""

from django.core.management.base import BaseCommand

from portal.accounts import operations


class Command(BaseCommand):
    help = "Encrypt the secrets of all second factors with the SECRET_KEY of today."

    def handle(self, *args, **options):
        sealed = operations.seal_second_factors()
        self.stdout.write(f"{sealed} sealed.")
