"""What the commands that print one-time links have in common."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.accounts import operations
from portal.accounts.link_addresses import enrolment_address, portal_origin
from portal.accounts.models import User
from portal.accounts.operations.invitations import VALID_FOR

_REMEDIES = {
    "cannot_sign_in": (
        "cannot sign in. Set “active” and “staff status” in Admin › Users first."
    ),
    "no_password": (
        "has no password. Set one with `changepassword`, or make a one-time link in "
        "Admin › Users › Access."
    ),
    "has_factor": (
        "has a second factor, and needs no link. If the factor is lost, run "
        "`reset_second_factor` instead."
    ),
}


def add_host(parser: CommandParser) -> None:
    """Add the option ``--host`` to a command."""
    parser.add_argument(
        "--host",
        default="",
        help="host of the printed link, as in portal.example or http://localhost:9000",
    )


def origin_of(host: str) -> str:
    """``portal_origin``, with a CommandError for a host that cannot be used."""
    try:
        return portal_origin(host)
    except ValueError as problem:
        raise CommandError(str(problem)) from None


def person_called(name: str) -> User:
    """The person with the user name ``name``. Raises CommandError if there is none."""
    person = User.objects.filter(username=name).first()
    if person is None:
        message = f"There is no account called {name!r}. User names are case-sensitive."
        raise CommandError(message)
    if person.is_actor:
        message = f"{name!r} is a system account, which cannot be used to sign in."
        raise CommandError(message)
    return person


def create_link(person: User, *, origin: str) -> str:
    """The address of a new link by which ``person`` sets up a second factor.

    Raises CommandError, with the remedy, for an account that cannot use one.
    """
    actor = User.objects.actor("operator")
    try:
        token = operations.create_enrolment_link(person, by=actor, at=timezone.now())
    except ValidationError as refused:
        (error,) = refused.error_list
        message = f"{person.username!r} {_REMEDIES[error.code]}"
        raise CommandError(message) from None
    return enrolment_address(token, origin=origin)


def print_link(command: BaseCommand, person: User, address: str) -> None:
    """Write a link and how to use it."""
    command.stdout.write(
        f"One-time link for {person.username}, valid for {VALID_FOR.days} days:\n"
        f"  {address}\n"
        "Open it, sign in with the password in the same browser, and set up a second "
        "factor within one hour. A new link ends this one."
    )
