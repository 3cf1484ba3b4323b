"""Loading delegations that people entered in the form of an edition, without a code."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.conference.models import Edition, EditionDelegation
from portal.conference.resources import EditionDelegationResource
from portal.content.publishing.operations import register_edit
from portal.content.publishing.verification import unexplained_records
from portal.content.review import operations as review
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.content.spreadsheets.import_plan import ImportPlan
from portal.content.spreadsheets.record_planning import plan_record_files
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import take_snapshot
from tests import reviewing
from tests.admin_forms import errors, filled, rows
from tests.factories.conference import edition, edition_delegation
from tests.factories.directory import any_country, organ
from tests.factories.publishing import AT, published, staff
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.load_helpers import (
    edit_record,
    loader,
    planned,
    refused,
    table_of,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


def delegation(code="DEL-0001", **cells: str) -> dict[str, str]:
    empty = {column.header: "" for column in EditionDelegationResource.columns}
    known = {"edition_number": "8", "country_iso2": "VN", "organ_key": "vn-spp"}
    return {**empty, "code": code, "office_zh": "总检察长", **known, **cells}


def load(*rows: dict[str, str], **options) -> ImportPlan:
    (plan,) = planned((EditionDelegationResource, list(rows)), at=LATER, **options)
    return plan


def entered(record: Edition, *, by, country="VN", key="vn-spp", **values) -> None:
    """Enter a delegation in the form of its edition."""
    values |= {"country": any_country(country)}
    if key:
        values |= {"organ": organs()[key]}
    edit_record(record, lambda row: edition_delegation(row, **values), by=by)


def organs() -> dict:
    country = any_country("VN")
    return {
        stored.key: stored
        for stored in country.organs.all()
        or [organ(key, country=country) for key in ("vn-spp", "vn-hanoi")]
    }


@pytest.fixture
def clerk():
    return staff("sample.clerk")


@pytest.fixture
def record() -> Edition:
    organs()
    return published(edition(8))


def codes() -> list[str]:
    rows = EditionDelegation.objects.order_by("code")
    return list(rows.values_list("code", flat=True))


def test_delegation_without_a_code_gets_that_of_its_row(record, clerk):
    entered(record, by=clerk, head_office_en="By a person")

    plan = load(delegation(office_en="By the file", rank="head"))
    again = load(delegation(office_en="By the file", rank="head"))

    stored = EditionDelegation.objects.get()
    assert (stored.code, stored.rank) == ("DEL-0001", "head")
    assert (stored.head_office_en, stored.head_office_zh_hans) == (
        "By a person",
        "总检察长",
    )
    assert plan.count_rows("updated") == again.count_rows("kept") == 1
    assert [kept.field for kept in plan.rows[0].kept] == ["head_office_en"]
    entry = Deed.objects.get(model="conference.editiondelegation", by=loader())
    assert {
        "field": "code",
        "language": "",
        "old": "",
        "new": "DEL-0001",
    } in entry.changes
    assert list(unexplained_records()) == []


def test_organ_that_only_one_of_the_two_has_is_no_difference(record, clerk):
    cases = [("vn-spp", "", {"organ"}), ("", "vn-spp", set())]
    with collect_failures() as failures:
        for key, organ_in_file, kept in cases:
            with failures.isolated_case(key, organ_in_file):
                entered(record, by=clerk, key=key)

                plan = load(delegation(organ_key=organ_in_file))

                stored = EditionDelegation.objects.get()
                assert (stored.code, stored.organ.key) == ("DEL-0001", "vn-spp")
                assert {field.field for field in plan.rows[0].kept} == {
                    "head_office_en",
                    *kept,
                }


def test_row_is_not_created_while_it_may_be_a_delegation_without_a_code(record, clerk):
    """Which one is meant is not clear, and the plan names them."""
    single = [delegation()]
    both = [delegation(), delegation("DEL-0002")]
    cases = [
        ("two delegations", ["vn-spp", "vn-spp"], single, {"DEL-0001": 2}),
        ("two rows", ["vn-spp"], both, {"DEL-0001": 1, "DEL-0002": 1}),
        ("another organ", ["vn-hanoi"], single, {"DEL-0001": 1}),
        ("two without an organ", ["", ""], single, {"DEL-0001": 2}),
        (
            "no organ and two rows",
            [""],
            [delegation(), delegation("DEL-0002", organ_key="vn-hanoi")],
            {"DEL-0001": 1, "DEL-0002": 1},
        ),
    ]
    with collect_failures() as failures:
        for name, keys, rows, expected in cases:
            with failures.isolated_case(name):
                for key in keys:
                    entered(record, by=clerk, key=key)

                plan = load(*rows)

                assert codes() == [""] * len(keys)
                assert plan.count_rows("kept") == len(rows)
                assert {
                    row.cells["code"]: len(row.similar) for row in plan.rows
                } == expected


def test_other_rows_of_the_edition_and_country_are_created(record, clerk):
    entered(record, by=clerk, key="vn-hanoi")
    entered(record, by=clerk, country="LA", key="")

    load(
        delegation(),
        delegation("DEL-0002", organ_key="vn-hanoi"),
        delegation("DEL-0003", country_iso2="LA", organ_key=""),
    )

    rows = EditionDelegation.objects.order_by("code")
    assert list(rows.values_list("code", "country__iso2", "organ__key")) == [
        ("DEL-0001", "VN", "vn-spp"),
        ("DEL-0002", "VN", "vn-hanoi"),
        ("DEL-0003", "LA", None),
    ]


def test_code_that_a_clerk_enters_decides(record, clerk):
    entered(record, by=clerk, key="vn-hanoi", head_office_en="By a person")
    assert load(delegation()).count_rows("kept") == 1

    def enter(changed: Edition) -> None:
        changed.delegations.update(code="DEL-0001")

    edit_record(record, enter, by=clerk)
    load(delegation(rank="head"))

    stored = EditionDelegation.objects.get()
    assert (stored.rank, stored.organ.key) == ("head", "vn-hanoi")


@pytest.mark.parametrize("needs_approval", [False, True])
def test_stored_code_cannot_be_changed_in_the_form(
    client, record, settings, needs_approval
):
    settings.TWO_PERSON_APPROVAL = needs_approval
    load(delegation())
    client.force_login(staff("sample.editor", is_superuser=True))
    form = f"/admin/conference/edition/{record.pk}/change/"
    values = {"delegations-0-code": "DEL-0099", "delegations-0-rank": "deputy"}

    response = client.post(form, filled(client.get(form)) | values)

    assert response.status_code == 302, errors(response)
    if needs_approval:
        proposal = review.get_open_proposal(record)
        reviewing.accept(proposal, by=staff("sample.reviewer"), at=LATER)
    stored = EditionDelegation.objects.get()
    assert (stored.code, stored.rank) == ("DEL-0001", "deputy")


def test_code_can_be_entered_in_the_form_while_there_is_none(client, record, clerk):
    entered(record, by=clerk)
    client.force_login(staff("sample.editor", is_superuser=True))
    form = f"/admin/conference/edition/{record.pk}/change/"

    client.post(form, filled(client.get(form)) | {"delegations-0-code": "DEL-0099"})

    assert codes() == ["DEL-0099"]


@pytest.mark.parametrize("is_row_stored", [False, True])
def test_code_in_an_open_proposal_can_be_corrected(
    client, record, clerk, settings, is_row_stored
):
    """The form shows the code of the proposal, but none is stored."""
    if is_row_stored:
        entered(record, by=clerk)
    settings.TWO_PERSON_APPROVAL = True
    client.force_login(staff("sample.editor", is_superuser=True))
    form = f"/admin/conference/edition/{record.pk}/change/"
    if is_row_stored:
        entry = {"delegations-0-code": "DEL-0001"}
    else:
        country = any_country("VN").pk
        row = {"code": "DEL-0001", "country": country, "position": 0}
        entry = rows("delegations", row)
    response = client.post(form, filled(client.get(form)) | entry)
    assert response.status_code == 302, errors(response)

    page = client.get(form)
    data = filled(page)
    assert data["delegations-0-code"] == "DEL-0001"
    response = client.post(form, data | {"delegations-0-code": "DEL-0002"})

    assert response.status_code == 302, errors(response)
    proposal = review.get_open_proposal(record)
    reviewing.accept(proposal, by=staff("sample.reviewer"), at=LATER)
    assert codes() == ["DEL-0002"]
    code = delegation_form(client.get(form)).fields["code"]
    assert code.disabled


def delegation_form(page):
    """Return the form of the first delegation on the page of an edition."""
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    [formset] = [formset for formset in formsets if formset.prefix == "delegations"]
    return formset.forms[0]


def test_row_that_a_person_deleted_is_not_reported_as_similar(record, clerk):
    load(delegation())

    def replace(changed: Edition) -> None:
        changed.delegations.all().delete()
        edition_delegation(
            changed, country=any_country("VN"), organ=organs()["vn-hanoi"]
        )

    edit_record(record, replace, by=clerk)
    plan = load(delegation())

    assert (plan.rows[0].deletion.by, plan.rows[0].similar) == ("sample.clerk", [])
    assert codes() == [""]


def test_delegation_that_a_proposal_adds_counts_as_entered(record, clerk, settings):
    settings.TWO_PERSON_APPROVAL = True
    base = take_snapshot(record, record.child_relations)
    with rolled_back_transaction():
        edition_delegation(record, country=any_country("VN"), organ=organs()["vn-spp"])
        wanted = take_snapshot(record, record.child_relations)
    proposal = review.propose(
        record, base=base, proposed=wanted, public_note={}, by=clerk, at=AT
    )

    waiting = load(delegation())
    assert (waiting.count_rows("kept"), codes()) == (1, [])
    assert [row.pk for row in waiting.rows[0].similar] == [None]
    reviewing.accept(proposal, by=staff("sample.reviewer"), at=LATER)
    load(delegation())

    assert codes() == ["DEL-0001"]


def test_invalid_row_is_an_error_although_it_is_not_created(record, clerk):
    entered(record, by=clerk, key="vn-hanoi")

    (error,) = refused((EditionDelegationResource, [delegation(code="DEL-1")]))

    assert error.column == "code"


def test_matching_takes_the_same_queries_for_1_3_and_20_rows(clerk):
    def count_queries(number: int) -> int:
        rows = []
        for index in range(1, number + 1):
            record = edition(index)
            key = f"vn-{index}"
            edition_delegation(record, country=any_country("VN"), organ=organ(key))
            register_edit(record, by=clerk, at=AT, before=None)
            cells = {"edition_number": str(index), "organ_key": key}
            rows.append(delegation(f"DEL-{index:04}", **cells))
        table = table_of(EditionDelegationResource, rows)
        with CaptureQueriesContext(connection) as captured:
            ((plan, _parser),) = plan_record_files(
                [(EditionDelegationResource(), table)],
                by=loader(),
                on_progress=lambda rows: None,
            )
        assert plan.count_rows("updated") == number
        for model in (Edition, Deed):
            model.objects.all().delete()
        any_country("VN").organs.all().delete()
        return len(captured)

    count_queries(1)  # reads content types
    assert count_queries(1) == count_queries(3) == count_queries(20)
