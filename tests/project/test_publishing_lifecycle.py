"""The entry of a record of every kind from draft to withdrawal."""

import pytest

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from portal.content.changes.models import Change
from tests import reviewing
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.kind_factories import sample


@pytest.mark.django_db
def test_catalogue_entry_follows_record_lifecycle():
    """Draft: none. Published: one entry. Saved again: the same. Withdrawn: none."""
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.isolated_case(kind.code):
                _check_life(kind)


def _check_life(kind) -> None:
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
    actions = [change.action for change in changes.order_by("position")]
    assert actions == ["published", "updated", "withdrawn"]
