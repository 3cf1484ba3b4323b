"""Reset the second factor of a user and print a link for setting up a new one.

For use when the only administrator has lost authenticator app, passkey and recovery
codes.
"""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.core.accounts import operations
from portal.core.accounts.models import User
from portal.management.enrolment import (
    add_host_argument,
    create_link,
    get_origin,
    get_user,
    print_link,
)


class Command(BaseCommand):
    help = (
        "Reset the second factor of a user and print a one-time link for setting up a "
        "new one. Both actions are written to the audit log."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        add_host_argument(parser)

    def handle(self, *args, **options):
        # Check the host before the reset, so that an invalid host changes nothing.
        origin, person = get_origin(options["host"]), get_user(options["username"])
        actor = User.objects.get_system_user("operator")
        operations.reset_second_factor(person, by=actor, at=timezone.now())
        self.stdout.write(f"The second factor of {person.username} has been reset.")
        try:
            address = create_link(person, origin=origin)
        except CommandError as error:
            self.stdout.write(f"No one-time link was created: {error}")
        else:
            print_link(self, person, address)
