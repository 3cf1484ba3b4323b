"""For the day on which the ``SECRET_KEY`` is replaced."""

from django.core.management.base import BaseCommand, CommandError

from portal.accounts import operations


class Command(BaseCommand):
    help = "Encrypt the secrets of all second factors with the SECRET_KEY of today."

    def handle(self, *args, **options):
        sealed, lost = operations.seal_second_factors()
        self.stdout.write(f"{sealed} sealed.")
        if lost:
            message = (
                f"{lost} cannot be opened: their key is neither SECRET_KEY nor in "
                "SECRET_KEY_FALLBACKS. Add it and run this again, or have their owners "
                "set up new ones."
            )
            raise CommandError(message)
