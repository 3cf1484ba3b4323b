import datetime as dt

from portal.accounts.choices import Factor, Outcome
from portal.accounts.models import Agency, AgencyKey, SignIn, User
from portal.directory.models import Organ
from tests.factories import directory, made, numbered


def agency(organ: Organ | None = None, **values) -> Agency:
    return made(Agency, organ=organ or directory.organ(), **values)


def agency_key(agency_: Agency | None = None, **values) -> AgencyKey:
    """A key whose plain text nobody knows; ``operations.make_key`` gives one."""
    defaults = {
        "name": "Sample key",
        "expiry_date": dt.datetime(2199, 1, 1, tzinfo=dt.UTC),
    }
    key = AgencyKey(agency=agency_ or agency(), **{**defaults, **values})
    AgencyKey.objects.assign_key(key)
    key.save()
    return key


def sign_in(user: User | None = None, **values) -> SignIn:
    """An attempt with a wrong password, long ago."""
    defaults = {
        "at": dt.datetime(2024, 5, 6, 8, 0, tzinfo=dt.UTC),
        "outcome": Outcome.FAILED,
        "factor": Factor.PASSWORD,
    }
    return made(SignIn, user=user, **{**defaults, **values})


def user(**values) -> User:
    """A member of staff without permissions, who cannot sign in."""
    username = f"sample.person.{numbered(User)}"
    return made(User, **{"username": username, "is_staff": True, **values})
