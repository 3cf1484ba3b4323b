"""Undo of an import: as a whole, and only if its rows were not changed since."""

import datetime as dt

import pytest

from exchanges.models import Meeting
from portal.content.publishing import numbering
from portal.content.publishing import operations as publishing
from portal.content.publishing.models import ImportedRow
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import Organ
from seminars.models import Seminar
from tests.factories import directory, exchanges, seminars
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import (
    counts,
    csv_of,
    staff_user,
    why_not_undone,
    written,
)

pytestmark = pytest.mark.django_db
LATER = states.AT + dt.timedelta(hours=1)
HEAD = ("code", "title_zh", "scope", "participating_countries", "source_urls")


def on_record(code: str, **values) -> Seminar:
    """Create a seminar and reserve its code."""
    numbering.reserve_code(code)
    return seminars.seminar(code, **values)


def stored_values(record) -> dict:
    from portal.content.spreadsheets.registry import get_resource_for_model

    return get_resource_for_model(type(record)).get_values(
        [type(record).objects.get(pk=record.pk)]
    )[0]


def test_undo_deletes_what_was_created_and_restores_what_was_changed():
    for iso2 in ("VN", "LA"):
        directory.country(iso2)
    seminar = on_record(
        "SEM-0001", title_zh_hans="Old", starts_on="2018-09-01", date_precision="month"
    )
    seminar.participating_countries.set([directory.any_country("VN")])
    states.source(seminar, "https://old.example/")
    before = stored_values(seminar)
    new = ("SEM-0001", "New", "related", "LA;VN", "https://new.example/")
    batch = written(csv_of((*HEAD, "首日"), (*new, "2019年"), ("", "B", "related")))
    assert stored_values(seminar) != before

    assert why_not_undone(batch, at=LATER) == ""

    assert stored_values(seminar) == before
    assert Seminar.objects.count() == 1
    assert (batch.state, batch.undone_by, batch.undone_at) == (
        "undone",
        staff_user(),
        LATER,
    )
    assert Deed.objects.filter(verb="undone").count() == 3


def test_undone_import_can_be_imported_again():
    rows = csv_of(HEAD[:3], ("", "A", "related"))
    batch = written(rows)
    assert why_not_undone(batch) == ""

    repeated = written(rows, at=LATER)

    assert counts(repeated) == (1, 0, 0)
    assert "This file has already been imported." not in repeated.notes
    assert Seminar.objects.get().code == "SEM-5002"


def test_import_can_be_undone_only_once():
    batch = written(csv_of(HEAD[:3], ("", "A", "related")))
    assert why_not_undone(batch) == ""

    assert why_not_undone(batch) == (
        "You cannot do this because the status of the import is “undone”."
    )


def test_undo_is_rejected_and_names_row_changed_since():
    batch = written(csv_of(HEAD[:3], ("", "A", "related"), ("", "B", "related")))
    changed = Seminar.objects.get(title_zh_hans="B")
    publishing.register_edit(
        changed, by=staff_user(), at=LATER, before=take_snapshot(changed)
    )

    assert why_not_undone(batch) == (
        "This import cannot be undone: “SEM-5002 B” in row 3 was "
        "changed after the import."
    )
    assert Seminar.objects.count() == 2


def test_undo_names_row_published_or_deleted_since():
    batch = written(csv_of(HEAD[:3], ("", "A", "related")))
    second_batch = written(csv_of(HEAD[:3], ("", "B", "related")))
    states.published(
        Seminar.objects.get(title_zh_hans="A"), at=states.AT, by=staff_user()
    )
    Seminar.objects.get(title_zh_hans="B").delete()

    assert "was changed after the import" in why_not_undone(batch)
    assert "no longer exists" in why_not_undone(second_batch)


def test_undo_names_row_changed_by_later_import():
    first = written(csv_of(HEAD[:3], ("SEM-0001", "A", "related")))
    second = written(csv_of(HEAD[:3], ("SEM-0001", "B", "related")), at=LATER)

    assert "was changed after the import" in why_not_undone(first)
    assert why_not_undone(second) == ""


def test_undo_names_record_referenced_since():
    country = directory.country("VN")
    head = ("organ_key", "name_en", "level", "country_iso2")
    organs = written(csv_of(head, ("a", "A", "national", "VN")), "organs")
    batch = written(csv_of(HEAD[:3], ("SEM-0001", "B", "related")))
    seminar = Seminar.objects.get()
    seminar.host_organs.add(Organ.objects.get())
    seminars.participant(seminar)

    assert why_not_undone(organs) == (
        "This import cannot be undone: “A” in row 2 is now used by another item "
        "(seminar)."
    )
    assert "is now used by another item (participant)" in why_not_undone(batch)
    assert country.organs.count() == 1
    assert seminar.participants.count() == 1


def test_undo_deletes_imported_agenda_items():
    mechanism = exchanges.mechanism()
    head = ("code", "mechanism_key", "title_en", "agenda")
    rows = csv_of(head, ("MTG-0001", mechanism.key, "A", "One;Two"))
    batch = written(rows, "border_meetings")
    assert Meeting.objects.get().agenda_items.count() == 2

    assert why_not_undone(batch) == ""
    assert not Meeting.objects.exists()


def test_previous_values_are_deleted_after_undo():
    on_record("SEM-0001", title_zh_hans="Old")
    batch = written(csv_of(HEAD[:3], ("SEM-0001", "A", "related")))
    assert ImportedRow.objects.get().before["title_zh_hans"] == "Old"

    assert why_not_undone(batch) == ""

    assert ImportedRow.objects.get().before == {}
