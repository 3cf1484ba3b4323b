"""Loading finds rows whose key a person changed, as was possible in the past."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.conference.models import Document
from portal.conference.resources import DocumentResource
from portal.content.publishing.models import EvidenceOnlyHost
from portal.content.spreadsheets.record_planning import plan_record_files
from portal.content.spreadsheets.resources import EvidenceOnlyHostResource
from portal.core.audit.former_keys import FormerKey, load_former_keys
from portal.core.audit.operations import append_snapshot_diff
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import NamedParty
from portal.reference.directory.resources import CountryResource, NamedPartyResource
from tests.factories.directory import any_country, party
from tests.factories.publishing import AT, evidence_only_host, staff
from tests.portal.content.spreadsheets.load_helpers import (
    edit_record,
    loaded,
    loader,
    planned,
    row,
    table_of,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
KEY = ("name", "country")


@pytest.fixture
def clerk():
    return staff("sample.clerk")


def parties(*names: str, **cells: str) -> tuple:
    empty = {column.header: "" for column in NamedPartyResource.columns}
    return NamedPartyResource, [
        {**empty, "name_en": name, "country_iso2": "VN", **cells} for name in names
    ]


def files(*names: str, **cells: str) -> tuple:
    """Return files in which a treaty has the parties ``names``."""
    countries = [row(CountryResource, iso2=iso2) for iso2 in ("VN", "LA")]
    named = ";".join(f"{name}|VN" for name in names)
    document = row(DocumentResource, parties_named_parties=named)
    return (
        (CountryResource, countries),
        parties(*names, **cells),
        (DocumentResource, [document]),
    )


def names_of(document: Document) -> list[str]:
    return [stored.name for stored in document.named_parties.order_by("name")]


def added(model, *, by, **values):
    """Add a row as the form of ``by`` does."""
    stored = model.objects.create(**values)
    append_snapshot_diff(stored, before=None, after=take_snapshot(stored), by=by, at=AT)
    return stored


def test_renamed_party_keeps_its_name_and_its_documents(clerk):
    loaded(*files("Ministry", "Court"))
    renamed = NamedParty.objects.get(name="Ministry")
    edit_record(renamed, by=clerk, at=LATER, name="Renamed")

    plans = planned(*files("Ministry", "Court", name_zh_hans="部"))
    again = loaded(*files("Ministry", "Court", name_zh_hans="部"))

    renamed.refresh_from_db()
    assert (renamed.name, renamed.display_name_zh_hans) == ("Renamed", "部")
    assert names_of(Document.objects.get()) == ["Court", "Renamed"]
    assert NamedParty.objects.count() == 2
    (kept,) = plans[1].rows[0].kept
    assert (kept.field, kept.stored, kept.in_file) == ("name", "Renamed", "Ministry")
    assert (kept.edit.by, kept.edit.at) == ("sample.clerk", LATER)
    assert plans[1].absent == []
    assert again[1:] == [{"kept": 1, "unchanged": 1}, {"unchanged": 1}]


def test_renamed_party_without_an_entry_of_its_creation_is_found(clerk):
    """Loading the documents creates parties that have no entry in the audit log."""
    loaded(*files("Ministry"))
    NamedParty.objects.all().delete()
    renamed = party("Ministry")
    edit_record(renamed, by=clerk, name="Renamed")

    loaded(*files("Ministry"))

    assert NamedParty.objects.get() == renamed
    assert names_of(Document.objects.get()) == ["Renamed"]


def test_party_in_another_country_is_found_too(clerk):
    loaded(*files("Ministry"))
    edit_record(NamedParty.objects.get(), by=clerk, country=any_country("LA"))

    plan = planned(*files("Ministry"))[1]

    assert NamedParty.objects.get().country.iso2 == "LA"
    assert [kept.field for kept in plan.rows[0].kept] == ["country"]


def test_party_that_has_the_former_name_by_now_is_another_one(clerk):
    """An office sheet may have created it."""
    loaded(*files("Ministry"))
    renamed = NamedParty.objects.get()
    edit_record(renamed, by=clerk, name="Renamed")
    other = party("Ministry")

    counts = loaded(*files("Ministry"))

    assert counts[1:] == [{"kept": 1}, {"unchanged": 1}]
    assert Document.objects.get().named_parties.get() == renamed
    assert not other.documents.exists()


def test_row_with_the_present_name_has_precedence(clerk):
    loaded(*files("Ministry"))
    renamed = NamedParty.objects.get()
    edit_record(renamed, by=clerk, name="Renamed")

    loaded(*files("Ministry", "Renamed"))

    assert NamedParty.objects.count() == 2
    assert renamed.documents.exists()
    assert names_of(Document.objects.get()) == ["Ministry", "Renamed"]


def test_row_that_a_person_created_under_another_name_is_not_taken(clerk):
    any_country("VN")
    own = added(NamedParty, by=clerk, name="Ministry", country=any_country("VN"))
    edit_record(own, by=clerk, name="Renamed")

    loaded(*files("Ministry"))

    assert NamedParty.objects.count() == 2
    assert names_of(Document.objects.get()) == ["Ministry"]


def test_name_that_was_changed_back_is_no_other_name(clerk):
    loaded(*files("Ministry"))
    for name in ("Renamed", "Ministry"):
        edit_record(NamedParty.objects.get(), by=clerk, name=name)

    assert load_former_keys(NamedParty, KEY, program=loader()) == []
    assert loaded(*files("Ministry"))[1:] == [{"unchanged": 1}] * 2


def test_first_and_present_key_are_found(clerk):
    loaded(*files("Ministry"))
    stored = NamedParty.objects.get()
    edit_record(stored, by=clerk, name="Renamed")
    edit_record(stored, by=clerk, name="Again", country=any_country("LA"))

    (key,) = load_former_keys(NamedParty, KEY, program=loader())

    assert key == FormerKey(("Ministry", "VN"), ("Again", "LA"))


def test_host_that_a_person_replaced_is_not_created_again(clerk):
    cells = {"host": "old.example", "reason": "A copy."}
    loaded((EvidenceOnlyHostResource, [cells]))
    edit_record(EvidenceOnlyHost.objects.get(), by=clerk, host="new.example")

    counts = loaded((EvidenceOnlyHostResource, [cells | {"reason": "Changed."}]))

    stored = EvidenceOnlyHost.objects.get()
    assert counts == [{"updated": 1}]
    assert (stored.host, stored.reason) == ("new.example", "Changed.")


def test_host_cannot_be_changed_in_its_form(client, clerk):
    stored = evidence_only_host("old.example")
    client.force_login(staff("sample.admin", is_superuser=True))
    form = f"/admin/publishing/evidenceonlyhost/{stored.pk}/change/"

    client.post(form, {"host": "new.example", "reason": "Changed."})

    stored.refresh_from_db()
    assert (stored.host, stored.reason) == ("old.example", "Changed.")


def test_lookup_takes_the_same_queries_for_1_3_and_20_rows(clerk):
    loaded(*files())

    def count_queries(number: int) -> int:
        names = [f"Ministry {index}" for index in range(number)]
        loaded(parties(*names))
        for stored in NamedParty.objects.exclude(name__startswith="Renamed"):
            edit_record(stored, by=clerk, name=f"Renamed {stored.pk}")
        resource, rows = parties(*names)
        with CaptureQueriesContext(connection) as captured:
            ((plan, _parser),) = plan_record_files(
                [(resource(), table_of(resource, rows))],
                by=loader(),
                on_progress=lambda rows: None,
            )
        assert plan.count_rows("kept") == number
        return len(captured)

    assert count_queries(1) == count_queries(3) == count_queries(20)
