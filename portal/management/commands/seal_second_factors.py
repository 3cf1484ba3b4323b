"""Re-encrypt the second-factor secrets after ``SECRET_KEY`` was replaced."""

from django.core.management.base import BaseCommand, CommandError

from portal.core.accounts import operations


class Command(BaseCommand):
    help = "Re-encrypt the secrets of all second factors with the current SECRET_KEY."

    def handle(self, *args, **options):
        encrypted, unreadable = operations.reencrypt_second_factor_secrets()
        self.stdout.write(f"{encrypted} re-encrypted.")
        if unreadable:
            message = (
                f"{unreadable} cannot be decrypted: their key is neither SECRET_KEY "
                "nor in SECRET_KEY_FALLBACKS. Add the key and run the command again, "
                "or let the users set up new second factors."
            )
            raise CommandError(message)
