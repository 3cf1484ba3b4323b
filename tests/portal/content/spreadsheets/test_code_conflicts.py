"""Rows of record files with the code of a record that a person created."""

import datetime as dt

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from delegations.models import Visit
from delegations.resources import VisitResource
from exchanges.resources import MeetingResource
from portal.conference.models import Document, Edition
from portal.conference.resources import DocumentResource, EditionResource
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.content.publishing import numbering, operations
from portal.content.publishing.models import Publishable
from portal.content.publishing.verification import unexplained_records
from portal.content.spreadsheets.columns import ForeignKeyColumn
from portal.content.spreadsheets.import_plan import UnknownCodesError
from portal.content.spreadsheets.record_planning import plan_record_files
from portal.core.audit.chain import verify_chain
from portal.core.audit.models import Deed
from portal.management.commands.load_record import RESOURCES
from seminars.resources import SeminarResource
from tests.factories.conference import document
from tests.factories.delegations import visit
from tests.factories.directory import any_country
from tests.factories.exchanges import meeting
from tests.factories.publishing import AT, published, staff
from tests.factories.seminars import seminar
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
CODE = "DOC-0037"
TREATY = {
    "title_en": "Extradition treaty",
    "signed_on": "2020-01-02",
    "date_precision": "day",
}


@pytest.fixture(autouse=True)
def countries():
    for iso2 in ("CN", "VN"):
        any_country(iso2)


@pytest.fixture
def clerk():
    return staff("sample.clerk")


def entered(record: Publishable, *, by) -> Publishable:
    """Publish a record that was entered in the form of ``by``."""
    record.created_by = record.updated_by = by
    record.save()
    operations.register_edit(record, by=by, at=AT, before=None)
    return published(record)


@pytest.fixture
def own(clerk) -> Document:
    """A published memorandum of the office, with a code of the next release."""
    return entered(document(CODE, title_en="", title_zh_hans="合作备忘录"), by=clerk)


def files(*, code=CODE, **cells: str) -> tuple:
    """Return a release with the treaty ``code``, an edition and a visit that name
    it."""
    empty = {column.header: "" for column in VisitResource.columns}
    known = {"code": "VIS-0001", "direction": "inbound", "scope": "prosecutors"}
    known |= {"from_country": "VN", "to_country": "CN"}
    return (
        (EditionResource, [row(EditionResource, outcome_document_code=code)]),
        (DocumentResource, [row(DocumentResource, code=code, **TREATY | cells)]),
        (VisitResource, [{**empty, **known, "outcome_document_code": code}]),
    )


def state_of(model: type[models.Model]) -> list[dict]:
    return list(models.QuerySet(model).order_by("pk").values())


def linked_documents() -> set[Document | None]:
    """Return the outcomes of the edition and of the visit."""
    return {
        Edition.objects.get().outcome_document,
        Visit.objects.get().outcome_document,
    }


def find_faults() -> list:
    broken = verify_chain().first_broken_position
    return [*unexplained_records(), *([broken] if broken else [])]


def test_row_is_not_loaded_into_the_record_of_a_person(own):
    before = [state_of(model) for model in (Document, Entry, Change)]
    entries = Deed.objects.filter(record_row=str(own.pk)).count()

    dry_run = planned(files()[1], dry_run=True)
    (plan,) = planned(files()[1])

    assert [state_of(model) for model in (Document, Entry, Change)] == before
    assert Deed.objects.filter(record_row=str(own.pk)).count() == entries
    (refused,) = plan.rows
    assert (refused.action, refused.code_owner, refused.number) == ("kept", own, 2)
    assert str(refused.record) == f"{CODE} Extradition treaty"
    assert [row.code_owner for row in dry_run[0].rows] == [own]
    assert plan.absent == []


def test_references_to_the_code_are_left_out(own):
    edition_plan, _documents, visit_plan = planned(*files())

    assert linked_documents() == {None}
    assert edition_plan.rows[0].left_out == {"outcome_document": CODE}
    assert visit_plan.rows[0].left_out == {"outcome_document": CODE}
    assert loaded(*files()) == [{"unchanged": 1}, {"kept": 1}, {"unchanged": 1}]


def test_left_out_reference_does_not_empty_a_field(own):
    loaded(*files(code="DOC-0001"))

    loaded(*files())

    assert linked_documents() == {Document.objects.get(code="DOC-0001")}


@pytest.mark.parametrize(
    ("resource", "factory"),
    [
        (DocumentResource, document),
        (MeetingResource, meeting),
        (VisitResource, visit),
        (SeminarResource, seminar),
    ],
)
def test_every_series_is_checked(resource, factory, clerk):
    record = factory(f"{resource.model.code_prefix}-0038")
    operations.register_edit(record, by=clerk, at=AT, before=None)
    empty = {column.header: "" for column in resource.columns}

    (plan,) = planned((resource, [{**empty, "code": record.code}]))

    assert [row.code_owner for row in plan.rows] == [record]


def test_series_of_the_test_are_all_of_the_record():
    series = {item for item in RESOURCES if getattr(item.model, "code_prefix", "")}

    assert series == {DocumentResource, MeetingResource, VisitResource, SeminarResource}


def test_only_foreign_keys_refer_to_records_with_a_code():
    """Other columns would still link to the record of the person."""
    labels = {
        resource.model._meta.label
        for resource in RESOURCES
        if getattr(resource.model, "code_prefix", "")
    }

    columns = [
        column
        for resource in RESOURCES
        for column in resource.columns
        if getattr(column, "model", "") in labels
    ]

    assert columns
    assert all(isinstance(column, ForeignKeyColumn) for column in columns)


def test_loaded_record_that_a_person_edited_is_updated(clerk):
    loaded(*files())
    edit_record(Document.objects.get(), by=clerk, title_en="Edited")

    counts = loaded(*files(title_zh="引渡条约"))

    assert counts[1] == {"updated": 1}
    assert Document.objects.get().title_zh_hans == "引渡条约"


def test_record_of_a_person_that_was_loaded_before_is_updated(own):
    """As earlier versions did; its references are in use."""
    edit_record(own, by=loader(), at=AT, title_en=TREATY["title_en"])

    plans = planned(*files(), at=LATER)

    assert [row.action for row in plans[1].rows] == ["updated"]
    assert linked_documents() == {own}


def test_adopted_record_gets_the_row_and_keeps_what_the_person_entered(own):
    loaded(*files(), adopt=[CODE], at=LATER)

    own.refresh_from_db()
    assert (own.title_zh_hans, own.title_en) == ("合作备忘录", "Extradition treaty")
    assert own.document_kind == "joint_statement"
    assert linked_documents() == {own}
    assert Document.objects.count() == 1
    assert find_faults() == []
    assert loaded(*files())[1] == {"kept": 1}


def test_record_stays_adopted_if_the_row_changed_nothing(own):
    cells = {"kind": own.document_kind, "title_zh": own.title_zh_hans, "title_en": ""}
    cells |= {"signed_on": "", "date_precision": ""}

    first = loaded(*files(**cells), adopt=[CODE])
    later = loaded(*files(**cells | {"notes": "New"}))

    own.refresh_from_db()
    assert (first[1], later[1]) == ({"unchanged": 1}, {"updated": 1})
    assert own.remark_en == "New"


def test_renumbered_row_is_another_record(own):
    before = state_of(Document)

    loaded(*files(), renumber=[CODE], at=LATER)

    other = Document.objects.get(code="DOC-5001")
    assert state_of(Document)[0] == before[0]
    assert (other.title_en, other.is_published) == ("Extradition treaty", True)
    assert linked_documents() == {other}
    assert Change.objects.filter(code="DOC-5001").count() == 1
    assert not Change.objects.filter(code=CODE, changed_at=LATER).exists()
    assert find_faults() == []


def test_renumbered_row_is_found_by_later_loads(own, clerk):
    loaded(*files(), renumber=[CODE])
    other = Document.objects.get(code="DOC-5001")
    edit_record(other, by=clerk, document_kind="agreement")

    same = loaded(*files())
    changed = loaded(*files(title_zh="引渡条约"))

    other.refresh_from_db()
    assert same == [{"unchanged": 1}, {"kept": 1}, {"unchanged": 1}]
    assert changed[1] == {"updated": 1}
    assert (other.title_zh_hans, other.document_kind) == ("引渡条约", "agreement")
    assert linked_documents() == {other}
    assert find_faults() == []


def test_renumbered_row_is_found_when_its_code_is_free_again(own):
    loaded(*files(), renumber=[CODE])
    own.delete()

    assert loaded(*files()) == [{"unchanged": 1}] * 3
    assert Document.objects.get().code == "DOC-5001"


def test_dry_run_of_a_new_code_assigns_none(own):
    plans = planned(*files(), renumber=[CODE], dry_run=True)

    assert plans[1].rows[0].record.code == "DOC-5001"
    assert numbering.next_code("DOC") == "DOC-5001"


def test_decision_about_a_code_that_needs_none_is_refused(own):
    before = Deed.objects.count()

    for decision in ("adopt", "renumber"):
        with pytest.raises(UnknownCodesError) as info:
            loaded(*files(), **{decision: [CODE, "VIS-0001", "DOC-0099"]})
        assert info.value.codes == ["DOC-0099", "VIS-0001"]
    assert Deed.objects.count() == before


def test_check_takes_the_same_queries_for_1_3_and_20_rows(clerk):
    loaded((DocumentResource, []))

    def count_queries(number: int) -> int:
        codes = [f"DOC-{index:04}" for index in range(1, number + 1)]
        for code in codes:
            if not Document.objects.filter(code=code).exists():
                operations.register_edit(
                    document(code, created_by=clerk), by=clerk, at=AT, before=None
                )
        rows = [row(DocumentResource, code=code) for code in codes]
        with CaptureQueriesContext(connection) as captured:
            ((plan, _parser),) = plan_record_files(
                [(DocumentResource(), table_of(DocumentResource, rows))],
                by=loader(),
                on_progress=lambda rows: None,
            )
        assert plan.count_rows("kept") == number
        return len(captured)

    assert count_queries(1) == count_queries(3) == count_queries(20)
