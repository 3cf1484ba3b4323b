"""Functions shared by the commands that print one-time links."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.core.accounts import operations
from portal.core.accounts.models import User
from portal.core.accounts.one_time_links import build_enrolment_url, get_portal_origin
from portal.core.accounts.operations.invitations import INVITATION_LIFETIME

_REMEDIES = {
    "cannot_sign_in": (
        "cannot sign in. Set “active” and “staff status” in Admin › Users first."
    ),
    "no_password": (
        "has no password. Set one with `changepassword`, or create a one-time link in "
        "Admin › Users › Access."
    ),
    "has_factor": (
        "has a second factor already. If the factor is lost, run "
        "`reset_second_factor` instead."
    ),
}


def add_host_argument(parser: CommandParser) -> None:
    """Add the option ``--host`` to a command."""
    parser.add_argument(
        "--host",
        default="",
        help="host of the printed link, as in portal.example or http://localhost:9000",
    )


def get_origin(host: str) -> str:
    """Return the portal's origin (scheme, host and port) for ``host``.

    Raises CommandError if the portal cannot be reached at ``host``, or if ``host`` is
    empty and the settings name no host.
    """
    try:
        return get_portal_origin(host)
    except ValueError as error:
        raise CommandError(str(error)) from None


def get_user(name: str) -> User:
    """Return the user with the user name ``name``.

    Raises CommandError if there is none or if the account is a system account.
    """
    person = User.objects.filter(username=name).first()
    if person is None:
        message = f"There is no account called {name!r}. User names are case-sensitive."
        raise CommandError(message)
    if person.is_actor:
        message = f"{name!r} is a system account, which cannot be used to sign in."
        raise CommandError(message)
    return person


def create_link(person: User, *, origin: str) -> str:
    """Create a one-time link for ``person`` to set up a second factor; return its URL.

    Raises CommandError, with the remedy, for an account that cannot use such a link.
    """
    actor = User.objects.get_system_user("operator")
    try:
        token = operations.create_enrolment_link(person, by=actor, at=timezone.now())
    except ValidationError as refused:
        (error,) = refused.error_list
        message = f"{person.username!r} {_REMEDIES[error.code]}"
        raise CommandError(message) from None
    return build_enrolment_url(token, origin=origin)


def print_link(command: BaseCommand, person: User, address: str) -> None:
    """Print a one-time link with instructions for its use."""
    command.stdout.write(
        f"One-time link for {person.username}, "
        f"valid for {INVITATION_LIFETIME.days} days:\n"
        f"  {address}\n"
        "Open it, sign in with the password in the same browser, and set up a second "
        "factor within one hour. A new link ends this one."
    )
