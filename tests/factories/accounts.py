import datetime as dt

from portal.accounts.models import Agency, AgencyKey
from portal.directory.models import Organ
from tests.factories import directory, made


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
