"""For people without a second factor when no administrator can make them a link."""

from django.core.management.base import BaseCommand, CommandError

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
        "Print a one-time link by which a person without a second factor sets up the "
        "first one; or list these people."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", nargs="?")
        parser.add_argument(
            "--list",
            action="store_true",
            help="print the names of active staff without a second factor",
        )
        add_host(parser)

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
        origin, person = origin_of(options["host"]), person_called(name)
        print_link(self, person, create_link(person, origin=origin))
