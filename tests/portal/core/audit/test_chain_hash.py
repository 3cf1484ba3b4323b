"""The hash of an audit entry covers all its values and the hash of the entry before."""

import datetime as dt

import pytest

from portal.core.audit import chain, operations
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from tests.factories.conference import article
from tests.factories.publishing import AT, staff

pytestmark = pytest.mark.django_db
# The hash itself, and the relation whose column is by_id.
NOT_HASHED = {"hash", "by"}
CHANGED_VALUES = {
    "position": 77,
    "at": AT + dt.timedelta(microseconds=1),
    "by_id": None,
    "changes": [{"field": "slug", "language": "", "old": "", "new": "other"}],
}


def hashed_attributes() -> list[str]:
    attributes = {field.attname for field in Deed._meta.concrete_fields}
    return sorted(attributes - NOT_HASHED)


@pytest.mark.parametrize("attribute", hashed_attributes())
def test_hash_differs_after_a_change_of_any_value(attribute):
    entry = operations.append_entry(
        article(), action=AuditAction.SUBMITTED, by=staff(), at=AT
    )
    assert chain.compute_entry_hash(entry) == entry.hash

    setattr(entry, attribute, CHANGED_VALUES.get(attribute, "another value"))

    assert chain.compute_entry_hash(entry) != entry.hash
