"""The life of a record of every kind, from draft to withdrawal."""

import pytest

from portal.catalogue.models import Entry
from portal.catalogue.registry import kinds
from portal.changes.models import Change
from tests import reviewing
from tests.factories import publishing as states
from tests.house.samples import sample


@pytest.mark.django_db
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_life_of_a_record_in_the_catalogue(kind):
    """Draft: none. Published: one entry. Saved again: the same one. Withdrawn: none."""
    record = sample(kind)
    of_record = Entry.objects.filter(kind=kind.code, code=record.public_code)

    assert not of_record.exists()
    states.published(record)
    first = of_record.get()
    states.republished(record)
    assert of_record.get().pk == first.pk
    assert of_record.get().revision == 2
    reviewing.withdraw(record, by=states.actor(), at=states.AT)
    assert not of_record.exists()
    changes = Change.objects.filter(kind=kind.code, code=record.public_code)
    assert [change.action for change in changes.order_by("position")] == [
        "published",
        "updated",
        "withdrawn",
    ]
