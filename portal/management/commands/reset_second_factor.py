"""For the day on which the only administrator has lost app, passkey and codes."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts import operations
from portal.accounts.models import User
from portal.management.enrolment import (
    add_host,
    create_link,
    origin_of,
    person_called,
    print_link,
)


class Command(BaseCommand):
    help = (
        "Take the second factor of a person away, and print a one-time link by which "
        "they set up a new one. The history records both."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        add_host(parser)

    def handle(self, *args, **options):
        # Before anything is taken away: an unusable host.
        origin, person = origin_of(options["host"]), person_called(options["username"])
        actor = User.objects.actor("operator")
        operations.reset_second_factor(person, by=actor, at=timezone.now())
        self.stdout.write(f"The second factor of {person.username} is taken away.")
        try:
            address = create_link(person, origin=origin)
        except CommandError as problem:
            self.stdout.write(f"No one-time link was made: {problem}")
        else:
            print_link(self, person, address)
