import datetime as dt

from portal.core.accounts.choices import Factor, SignInOutcome
from portal.core.accounts.models import Agency, AgencyKey, SignIn, User
from portal.reference.directory.models import Organ
from tests.factories import directory, made, numbered


def agency(organ: Organ | None = None, **values) -> Agency:
    return made(Agency, organ=organ or directory.organ(), **values)


def agency_key(agency_: Agency | None = None, **values) -> AgencyKey:
    """Create a key of unknown plain text (see ``operations.create_agency_key``)."""
    defaults = {
        "name": "Sample key",
        "expiry_date": dt.datetime(2199, 1, 1, tzinfo=dt.UTC),
    }
    key = AgencyKey(agency=agency_ or agency(), **{**defaults, **values})
    AgencyKey.objects.assign_key(key)
    key.save()
    return key


def sign_in(user: User | None = None, **values) -> SignIn:
    """Create a failed sign-in with a wrong password, on 6 May 2024."""
    defaults = {
        "at": dt.datetime(2024, 5, 6, 8, 0, tzinfo=dt.UTC),
        "outcome": SignInOutcome.FAILED,
        "factor": Factor.PASSWORD,
    }
    return made(SignIn, user=user, **{**defaults, **values})


def user(**values) -> User:
    """Create a staff user without permissions and without a usable password."""
    username = f"sample.person.{numbered(User)}"
    return made(User, **{"username": username, "is_staff": True, **values})
