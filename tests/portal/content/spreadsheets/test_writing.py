"""Imports write their rows as drafts, all or none."""

import datetime as dt

import pytest

from portal.content.catalogue.models import Entry
from portal.content.publishing import numbering
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Contribution, ImportedFile, Source
from portal.content.spreadsheets import operations
from portal.content.spreadsheets.progress import ImportProgress
from portal.core.audit.chain import verify_chain
from portal.core.audit.models import Deed
from portal.reference.directory.models import NamedParty, Organ
from seminars.models import Seminar
from tests.factories import directory, seminars
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
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


def test_new_rows_become_drafts_with_codes_in_row_order():
    numbering.reserve_code("SEM-5041")

    written(csv_of(("title_zh", "scope"), ("A", "related"), ("B", "related")))

    rows = Seminar.objects.order_by("code")
    assert [(row.code, row.title_zh_hans) for row in rows] == [
        ("SEM-5042", "A"),
        ("SEM-5043", "B"),
    ]
    assert {row.status for row in rows} == {Status.DRAFT}
    assert {row.created_by for row in rows} == {staff_user()}
    assert rows[0].languages == ["zh-hans"]
    assert not Entry.objects.exists()


def test_imported_code_is_not_reassigned():
    written(csv_of(("code", "title_zh", "scope"), ("SEM-5041", "A", "related")))

    assert numbering.next_code("SEM") == "SEM-5042"


def test_links_sources_and_parties_keep_order():
    for iso2 in ("VN", "LA"):
        directory.country(iso2)
    head = (*HEAD, "organiser_named_parties")
    urls = "https://b.example/;https://a.example/"

    written(
        csv_of(head, ("SEM-0001", "A", "related", "VN;LA", urls, "B|VN;A|LA")),
    )
    written(csv_of(head, ("SEM-0002", "B", "related", "LA", "", "A|LA")))

    values = stored_values(Seminar.objects.get(code="SEM-0001"))
    assert values["participating_countries"] == ["VN", "LA"]
    assert values["sources"] == urls.split(";")
    assert values["organiser_parties"] == ["B|VN", "A|LA"]
    assert NamedParty.objects.count() == 2


def test_rows_can_reference_rows_of_same_file():
    directory.country("VN")
    head = ("organ_key", "name_en", "level", "country_iso2", "parent")
    rows = [
        ("vn-ha-noi", "B", "provincial", "VN", "vn-spp"),
        ("vn-spp", "A", "national", "VN", ""),
    ]

    batch = written(csv_of(head, *rows), "organs")

    assert Organ.objects.get(key="vn-ha-noi").parent.key == "vn-spp"
    assert why_not_undone(batch) == ""
    assert not Organ.objects.exists()


def test_database_error_writes_nothing():
    directory.country("VN")
    head = ("organ_key", "name_en", "level", "country_iso2", "parent")
    batch = checked(csv_of(head, ("a", "A", "national", "VN", "a")), "organs")

    operations.write_import(
        batch, by=staff_user(), at=LATER, progress=ImportProgress(batch.pk)
    )

    assert batch.state == "checked"
    assert batch.error_count == 1
    assert (
        "The rows could not be saved. Check the file and import it again:"
    ) in batch.errors[0][3]
    assert not Organ.objects.exists()
    assert not Deed.objects.filter(model="directory.organ").exists()


def test_import_invalid_since_check_writes_nothing():
    on_record("SEM-0001")
    rows = [("SEM-0001", "New", "related"), ("SEM-0002", "New", "related")]
    batch = checked(csv_of(HEAD[:3], *rows))
    states.in_review(Seminar.objects.get())

    operations.write_import(
        batch, by=staff_user(), at=LATER, progress=ImportProgress(batch.pk)
    )

    assert (batch.state, batch.error_count) == ("checked", 1)
    assert Seminar.objects.count() == 1


def test_invalid_import_cannot_be_queued_for_writing():
    batch = checked(csv_of(HEAD[:3], ("SEM-0001", "A", "?")))

    with pytest.raises(
        operations.InvalidImportStateError, match="Some rows have errors"
    ):
        operations.enqueue_write(
            batch, plan_sha256=batch.plan_sha256, by=staff_user(), at=LATER
        )


def test_import_can_be_written_only_once():
    batch = written(csv_of(HEAD[:3], ("SEM-0001", "A", "related")))

    with pytest.raises(operations.InvalidImportStateError):
        operations.write_import(
            batch, by=staff_user(), at=LATER, progress=ImportProgress(batch.pk)
        )


def test_reimport_of_same_file_changes_nothing():
    directory.country("VN")
    url = "https://a.example/"
    rows = csv_of(HEAD, ("SEM-0001", "A", "related", "VN", url), ("", "B", "related"))
    written(rows)
    before = list(Seminar.objects.values()), list(Source.objects.values())

    batch = written(rows, at=LATER)

    assert counts(batch) == (0, 0, 2)
    assert (list(Seminar.objects.values()), list(Source.objects.values())) == before
    assert not batch.rows.exists()


def test_import_file_is_deleted_after_writing():
    batch = checked(csv_of(HEAD[:3], ("SEM-0001", "A", "related")))
    assert ImportedFile.objects.exists()

    operations.write_import(
        batch, by=staff_user(), at=LATER, progress=ImportProgress(batch.pk)
    )

    assert not ImportedFile.objects.exists()


def test_importing_user_becomes_contributor():
    on_record("SEM-0001")

    written(csv_of(HEAD[:3], ("SEM-0001", "A", "related"), ("", "B", "related")))

    contributions = Contribution.objects.values_list("object_id", "user")
    assert set(contributions) == {
        (row.pk, staff_user().pk) for row in Seminar.objects.all()
    }


def test_history_records_each_row_and_the_import():
    on_record("SEM-0001", title_zh_hans="Old", scope="related")

    batch = written(
        csv_of(HEAD[:3], ("SEM-0001", "A", "related"), ("", "B", "related"))
    )

    entries = list(Deed.objects.order_by("position"))
    assert [(entry.verb, entry.name) for entry in entries] == [
        ("changed", "SEM-0001"),
        ("created", "SEM-5001"),
        ("imported", ""),
    ]
    changed = next(entry for entry in entries if entry.verb == "changed")
    assert changed.changes == [
        {"field": "title", "language": "zh-hans", "old": "Old", "new": "A"}
    ]
    assert {entry.by for entry in entries} == {staff_user()}
    assert why_not_undone(batch) == ""
    assert verify_chain().first_broken_position is None
