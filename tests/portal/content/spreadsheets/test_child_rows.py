"""Files of child rows: what people edited in the form of the record is kept."""

import datetime as dt

import pytest

from portal.conference.models import Edition, EditionDelegation
from portal.conference.resources import EditionDelegationResource, EditionResource
from portal.content.publishing.verification import unexplained_records
from portal.content.review import operations as review
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.resources import CountryResource
from tests import reviewing
from tests.factories.publishing import AT, staff
from tests.portal.content.spreadsheets.load_helpers import (
    edit_record,
    loaded,
    planned,
    row,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def clerk():
    return staff("sample.clerk")


def delegation(code: str, **cells: str) -> dict[str, str]:
    empty = {column.header: "" for column in EditionDelegationResource.columns}
    known = {"code": code, "edition_number": "3", "country_iso2": "VN"}
    return {**empty, **known, "office_en": "Attorney General", **cells}


def files(*rows: dict[str, str], **edition_cells: str) -> tuple:
    return (
        (CountryResource, [row(CountryResource)]),
        (EditionResource, [row(EditionResource, **edition_cells)]),
        (EditionDelegationResource, list(rows)),
    )


def rename(record: Edition) -> None:
    record.delegations.filter(code="DEL-0001").update(head_office_en="By a person")


def delete(record: Edition) -> None:
    record.delegations.filter(code="DEL-0001").delete()


def test_edited_field_of_a_child_row_is_kept_and_the_others_are_updated(clerk):
    loaded(*files(delegation("DEL-0001"), delegation("DEL-0002")))
    edit_record(Edition.objects.get(), rename, by=clerk, at=LATER)

    plan = planned(
        *files(
            delegation("DEL-0001", office_en="By the file", office_zh="总检察长"),
            delegation("DEL-0002", office_en="By the file"),
            theme_en="New",
        )
    )[2]

    first, second = EditionDelegation.objects.order_by("code")
    assert (first.head_office_en, first.head_office_zh_hans) == (
        "By a person",
        "总检察长",
    )
    assert second.head_office_en == "By the file"
    assert Edition.objects.get().theme_en == "New"
    (kept,) = plan.rows[0].kept
    assert (kept.field, kept.edit.by, kept.edit.at) == (
        *("head_office_en", "sample.clerk"),
        LATER,
    )
    assert list(unexplained_records()) == []


def test_deleted_and_removed_child_rows_are_in_the_plan(clerk):
    rows = [delegation(f"DEL-000{number}") for number in (1, 2, 3)]
    loaded(*files(*rows))
    edit_record(Edition.objects.get(), delete, by=clerk, at=LATER)

    plan = planned(*files(*rows[:2]))[2]

    assert [child.code for child in EditionDelegation.objects.order_by("code")] == [
        "DEL-0002",
        "DEL-0003",
    ]
    assert [row.deletion and row.deletion.by for row in plan.rows] == [
        "sample.clerk",
        None,
    ]
    assert [absent.record.code for absent in plan.absent] == ["DEL-0003"]


def test_open_proposal_of_the_record_stays_valid(clerk, settings):
    settings.TWO_PERSON_APPROVAL = True
    loaded(*files(delegation("DEL-0001"), delegation("DEL-0002")))
    record = Edition.objects.get()
    base = take_snapshot(record, record.child_relations)
    with rolled_back_transaction():
        rename(record)
        wanted = take_snapshot(record, record.child_relations)
    proposal = review.propose(
        record, base=base, proposed=wanted, public_note={}, by=clerk, at=LATER
    )

    loaded(
        *files(
            delegation("DEL-0001", office_en="By the file", office_zh="总检察长"),
            delegation("DEL-0002", office_en="By the file"),
            delegation("DEL-0003"),
        )
    )
    proposal.refresh_from_db()
    reviewing.accept(proposal, by=staff("sample.reviewer"), at=LATER)

    offices = EditionDelegation.objects.order_by("code")
    assert list(offices.values_list("head_office_en", "head_office_zh_hans")) == [
        ("By a person", "总检察长"),
        ("By the file", ""),
        ("Attorney General", ""),
    ]
