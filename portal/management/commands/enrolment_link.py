"""Print a one-time link for setting up a user's first second factor.

For use when no administrator can create the link in the admin.
"""

from django.core.management.base import BaseCommand, CommandError

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
        "Print a one-time link with which a user without a second factor can set one "
        "up; or list these users."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", nargs="?")
        parser.add_argument(
            "--list",
            action="store_true",
            help="print the names of active staff without a second factor",
        )
        add_host_argument(parser)

    def handle(self, *args, **options):
        name = options["username"]
        if bool(name) == options["list"]:
            message = "Give either the name of an account or --list."
            raise CommandError(message)
        if options["list"]:
            people = User.objects.without_second_factor().order_by("username")
            for username in people.values_list("username", flat=True):
                self.stdout.write(username)
            return
        origin, person = get_origin(options["host"]), get_user(name)
        print_link(self, person, create_link(person, origin=origin))
