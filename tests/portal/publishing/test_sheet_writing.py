"""Rows are written as drafts, all or none."""

import datetime as dt

import pytest

from portal.catalogue.models import Entry
from portal.directory.models import NamedParty, Organ
from portal.history.chain import verify
from portal.history.models import Deed
from portal.publishing import numbering
from portal.publishing.choices import Status
from portal.publishing.models import Contribution, ImportedFile, Source
from portal.publishing.spreadsheets import operations
from portal.publishing.spreadsheets.progress import Progress
from seminars.models import Seminar
from tests.factories import directory, seminars
from tests.factories import publishing as states
from tests.portal.publishing.office_sheets import (
    checked,
    clerk,
    counts,
    csv_of,
    why_not_undone,
    written,
)

pytestmark = pytest.mark.django_db
LATER = states.AT + dt.timedelta(hours=1)
HEAD = ("code", "title_zh", "scope", "participating_countries", "source_urls")


def on_record(code: str, **values) -> Seminar:
    """A seminar whose code was given out."""
    numbering.reserve_code(code)
    return seminars.seminar(code, **values)


def told(record) -> dict:
    from portal.publishing.spreadsheets.registry import resource_for

    return resource_for(type(record)).tell([type(record).objects.get(pk=record.pk)])[0]


def test_new_rows_are_drafts_with_codes_in_the_order_of_the_rows():
    numbering.reserve_code("SEM-0041")

    written(csv_of(("title_zh", "scope"), ("A", "related"), ("B", "related")))

    rows = Seminar.objects.order_by("code")
    assert [(row.code, row.title_zh_hans) for row in rows] == [
        ("SEM-0042", "A"),
        ("SEM-0043", "B"),
    ]
    assert {row.status for row in rows} == {Status.DRAFT}
    assert {row.created_by for row in rows} == {clerk()}
    assert rows[0].languages == ["zh-hans"]
    assert not Entry.objects.exists()


def test_code_of_the_file_is_not_given_out_again():
    written(csv_of(("code", "title_zh", "scope"), ("SEM-0041", "A", "related")))

    assert numbering.next_code("SEM") == "SEM-0042"


def test_links_sources_and_parties_are_written_in_their_order():
    for iso2 in ("VN", "LA"):
        directory.country(iso2)
    head = (*HEAD, "organiser_named_parties")
    urls = "https://b.example/;https://a.example/"

    written(
        csv_of(head, ("SEM-0001", "A", "related", "VN;LA", urls, "B|VN;A|LA")),
    )
    written(csv_of(head, ("SEM-0002", "B", "related", "LA", "", "A|LA")))

    values = told(Seminar.objects.get(code="SEM-0001"))
    assert values["participating_countries"] == ["VN", "LA"]
    assert values["sources"] == urls.split(";")
    assert values["organiser_parties"] == ["B|VN", "A|LA"]
    assert NamedParty.objects.count() == 2


def test_rows_may_point_to_rows_of_the_same_file():
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


def test_row_that_only_the_database_refuses_writes_nothing():
    directory.country("VN")
    head = ("organ_key", "name_en", "level", "country_iso2", "parent")
    batch = checked(csv_of(head, ("a", "A", "national", "VN", "a")), "organs")

    operations.write(batch, by=clerk(), at=LATER, progress=Progress(batch.pk))

    assert batch.state == "checked"
    assert batch.error_count == 1
    assert "The database refuses the rows." in batch.errors[0][3]
    assert not Organ.objects.exists()
    assert not Deed.objects.filter(model="directory.organ").exists()


def test_what_became_bad_after_the_check_writes_nothing():
    on_record("SEM-0001")
    rows = [("SEM-0001", "New", "related"), ("SEM-0002", "New", "related")]
    batch = checked(csv_of(HEAD[:3], *rows))
    states.published(Seminar.objects.get())

    operations.write(batch, by=clerk(), at=LATER, progress=Progress(batch.pk))

    assert (batch.state, batch.error_count) == ("checked", 1)
    assert Seminar.objects.count() == 1


def test_import_that_is_bad_cannot_be_asked_for():
    batch = checked(csv_of(HEAD[:3], ("SEM-0001", "A", "?")))

    with pytest.raises(operations.WrongStep, match="Some rows are bad"):
        operations.ask_to_write(
            batch, plan_sha256=batch.plan_sha256, by=clerk(), at=LATER
        )


def test_import_is_written_once():
    batch = written(csv_of(HEAD[:3], ("SEM-0001", "A", "related")))

    with pytest.raises(operations.WrongStep):
        operations.write(batch, by=clerk(), at=LATER, progress=Progress(batch.pk))


def test_same_file_twice_changes_nothing():
    directory.country("VN")
    url = "https://a.example/"
    rows = csv_of(HEAD, ("SEM-0001", "A", "related", "VN", url), ("", "B", "related"))
    written(rows)
    before = list(Seminar.objects.values()), list(Source.objects.values())

    batch = written(rows, at=LATER)

    assert counts(batch) == (0, 0, 2)
    assert (list(Seminar.objects.values()), list(Source.objects.values())) == before
    assert not batch.rows.exists()


def test_file_is_kept_no_longer_than_until_it_is_written():
    batch = checked(csv_of(HEAD[:3], ("SEM-0001", "A", "related")))
    assert ImportedFile.objects.exists()

    operations.write(batch, by=clerk(), at=LATER, progress=Progress(batch.pk))

    assert not ImportedFile.objects.exists()


def test_whoever_writes_has_had_a_hand_in_the_records():
    on_record("SEM-0001")

    written(csv_of(HEAD[:3], ("SEM-0001", "A", "related"), ("", "B", "related")))

    hands = Contribution.objects.values_list("object_id", "user")
    assert set(hands) == {(row.pk, clerk().pk) for row in Seminar.objects.all()}


def test_history_tells_each_row_and_the_import():
    on_record("SEM-0001", title_zh_hans="Old", scope="related")

    batch = written(
        csv_of(HEAD[:3], ("SEM-0001", "A", "related"), ("", "B", "related"))
    )

    deeds = list(Deed.objects.order_by("position"))
    assert [(deed.verb, deed.name) for deed in deeds] == [
        ("changed", "SEM-0001"),
        ("created", "SEM-0002"),
        ("imported", ""),
    ]
    changed = next(deed for deed in deeds if deed.verb == "changed")
    assert changed.changes == [
        {"field": "title", "language": "zh-hans", "old": "Old", "new": "A"}
    ]
    assert {deed.by for deed in deeds} == {clerk()}
    assert why_not_undone(batch) == ""
    assert verify().broken_at is None
