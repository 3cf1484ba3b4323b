"""For the day on which the only administrator has lost app, passkey and codes."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts import operations
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Take the second factor of a person away; the history tells of it."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, **options):
        name = options["username"]
        person = User.objects.filter(username=name, is_actor=False).first()
        if person is None:
            message = f"There is no account called {name!r}."
            raise CommandError(message)
        actor = User.objects.actor("operator")
        operations.reset_second_factor(person, by=actor, at=timezone.now())
        self.stdout.write(f"{name} sets up a new second factor at the next sign-in.")
