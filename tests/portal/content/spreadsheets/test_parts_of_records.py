"""Loading rows that are a part of a record: delegations at editions."""

import datetime as dt

import pytest

from portal.conference.models import Edition, EditionDelegation
from portal.conference.resources import EditionDelegationResource, EditionResource
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.content.publishing import operations, verification
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import take_snapshot
from tests.factories.conference import edition
from tests.factories.directory import any_country
from tests.factories.publishing import AT, published, staff
from tests.portal.content.spreadsheets.load_helpers import (
    loaded,
    loader,
    planned,
    refused,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
LATEST = AT + dt.timedelta(days=2)


def cells(resource, **values) -> dict[str, str]:
    return {**{column.header: "" for column in resource.columns}, **values}


def delegation(code="DEL-0001", **values) -> dict[str, str]:
    values = {
        "edition_number": "8",
        "country_iso2": "VN",
        "office_en": "Prosecutor General",
        "office_zh": "总检察长",
        "rank": "head",
        "work_note": "",
        **values,
    }
    return cells(EditionDelegationResource, code=code, **values)


def load_delegations(*rows, at=LATER):
    return loaded((EditionDelegationResource, list(rows)), at=at)


@pytest.fixture
def record() -> Edition:
    any_country("VN")
    return published(edition(8))


def test_loading_a_delegation_is_an_edit_of_its_edition(record):
    digest = Entry.objects.get(kind="edition").digest

    counts = load_delegations(delegation(), delegation("DEL-0002", rank="deputy"))

    record.refresh_from_db()
    assert counts == [{"created": 2}]
    assert (record.revision, record.changed_at) == (2, LATER)
    assert record.updated_by == loader()
    assert Entry.objects.get(kind="edition").digest != digest
    changes = Change.objects.filter(kind="edition").order_by("position")
    assert list(changes.values_list("action", "revision"))[-1] == ("updated", 2)
    entries = Deed.objects.filter(model="conference.editiondelegation")
    assert {(entry.record_model, entry.record_row) for entry in entries} == {
        ("conference.edition", str(record.pk))
    }
    assert list(verification.unexplained_records()) == []


def test_second_load_of_delegations_changes_nothing(record):
    load_delegations(delegation())
    before = list(Deed.objects.values()), list(Change.objects.values())

    counts = load_delegations(delegation(), at=LATEST)

    record.refresh_from_db()
    assert counts == [{"unchanged": 1}]
    assert record.revision == 2
    assert (list(Deed.objects.values()), list(Change.objects.values())) == before


def test_changed_work_note_of_a_delegation_is_no_public_change(record):
    load_delegations(delegation())

    counts = load_delegations(delegation(work_note="A doubt"), at=LATEST)

    record.refresh_from_db()
    assert counts == [{"updated": 1}]
    assert record.revision == 2
    assert EditionDelegation.objects.get().work_note == "A doubt"


def test_new_edition_is_published_with_its_delegations():
    any_country("VN")

    loaded(
        (EditionResource, [cells(EditionResource, number="8")]),
        (EditionDelegationResource, [delegation()]),
    )

    record = Edition.objects.get()
    assert (record.revision, record.delegations.count()) == (1, 1)
    assert Change.objects.filter(kind="edition").count() == 1


def test_edition_and_delegation_of_one_load_are_one_edit(record):
    edition_cells = cells(EditionResource, number="8", theme_en="Another theme")
    Edition.objects.update(updated_by=loader())

    loaded(
        (EditionResource, [edition_cells]),
        (EditionDelegationResource, [delegation()]),
        at=LATER,
    )

    record.refresh_from_db()
    assert (record.revision, record.theme_en) == (2, "Another theme")
    assert Change.objects.filter(kind="edition").count() == 2


def test_delegation_that_moves_changes_both_editions(record):
    other = published(edition(9))
    load_delegations(delegation())

    load_delegations(delegation(edition_number="9"), at=LATEST)

    assert Edition.objects.get(pk=record.pk).revision == 3
    assert Edition.objects.get(pk=other.pk).revision == 2
    assert other.delegations.get().code == "DEL-0001"


def edit_office(code: str, office: str, *, by, at=LATEST) -> None:
    """Write the office of the head of a delegation, as the form of its edition does."""
    stored = EditionDelegation.objects.select_related("edition").get(code=code)
    before = take_snapshot(stored.edition, stored.edition.child_relations)
    stored.head_office_en = office
    stored.save()
    operations.register_edit(stored.edition, by=by, at=at, before=before)


def move(code: str, target: Edition, *, by, at=LATEST) -> None:
    """Move a delegation to another edition; both editions are edited."""
    stored = EditionDelegation.objects.select_related("edition").get(code=code)
    editions = [stored.edition, target]
    before = [take_snapshot(row, row.child_relations) for row in editions]
    stored.edition = target
    stored.save()
    for row, snapshot in zip(editions, before, strict=True):
        operations.register_edit(row, by=by, at=at, before=snapshot)


def test_delegation_that_a_person_moved_stays_there_with_its_edits(record):
    other = published(edition(9))
    clerk, mover = staff("sample.clerk"), staff("sample.mover")
    load_delegations(delegation(), delegation("DEL-0002"))
    edit_office("DEL-0001", "By a person", by=clerk)
    move("DEL-0001", other, by=mover)

    (plan,) = planned(
        (
            EditionDelegationResource,
            [delegation(rank="deputy"), delegation("DEL-0002")],
        ),
        at=LATEST,
    )

    stored = EditionDelegation.objects.get(code="DEL-0001")
    assert stored.edition == other
    assert (stored.head_office_en, stored.rank) == ("By a person", "deputy")
    kept = {field.field: field.edit.by for field in plan.rows[0].kept}
    assert kept == {"edition": "sample.mover", "head_office_en": "sample.clerk"}


def test_delegation_that_the_file_moved_keeps_its_edits(record):
    other = published(edition(9))
    load_delegations(delegation())
    edit_office("DEL-0001", "By a person", by=staff("sample.clerk"))
    load_delegations(delegation(edition_number="9"), at=LATEST)
    assert other.delegations.get().head_office_en == "By a person"

    counts = load_delegations(delegation(edition_number="9"), at=LATEST)

    assert counts == [{"kept": 1}]
    assert other.delegations.get().head_office_en == "By a person"


def test_delegation_that_was_moved_back_is_not_edited(record):
    other, clerk = published(edition(9)), staff("sample.clerk")
    load_delegations(delegation())
    move("DEL-0001", other, by=clerk)
    move("DEL-0001", record, by=clerk)

    counts = load_delegations(delegation(edition_number="9"), at=LATEST)

    assert counts == [{"updated": 1}]
    assert other.delegations.get().code == "DEL-0001"


def test_delegation_that_somebody_deleted_stays_deleted(record):
    load_delegations(delegation(), delegation("DEL-0002"))
    before = take_snapshot(record, record.child_relations)
    EditionDelegation.objects.get(code="DEL-0001").delete()
    by = staff(is_superuser=True)
    operations.register_edit(record, by=by, at=LATEST, before=before)

    counts = load_delegations(delegation(), delegation("DEL-0002"), at=LATEST)

    assert counts == [{"kept": 1, "unchanged": 1}]
    assert [row.code for row in EditionDelegation.objects.all()] == ["DEL-0002"]


def test_delegation_needs_its_edition_and_a_valid_address(record):
    errors = refused(
        (
            EditionDelegationResource,
            [
                delegation(edition_number="77"),
                delegation("DEL-0002", source_urls="no address"),
            ],
        )
    )

    assert len(errors) == 2
    assert not EditionDelegation.objects.exists()
