"""Each kind of column of each record with a sheet: proposed, reviewed, then applied."""

import csv
import io
import re

import pytest
from django.db import models

from portal.content.publishing.links import get_linked_pks
from portal.content.publishing.models import Publishable
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.content.spreadsheets.columns import (
    ChildTextsColumn,
    ChoiceColumn,
    CodeListColumn,
    Column,
    DateColumn,
    DecimalColumn,
    ForeignKeyColumn,
    IntegerColumn,
    ManyToManyColumn,
    NullBooleanColumn,
    PartiesColumn,
    SourcesColumn,
    TextListColumn,
)
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from portal.core.audit.snapshots import get_child_model, take_snapshot
from tests import reviewing
from tests.factories import (
    conference,
    delegations,
    directory,
    exchanges,
    files,
    seminars,
)
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    written,
)

pytestmark = pytest.mark.django_db

# Cells before and after the change, by class of the column; the first class fits.
CELLS = (
    (ChildTextsColumn, "One;Two;Three", "Uno;Two"),
    (
        SourcesColumn,
        "https://a.example/;https://b.example/",
        "https://c.example/;https://a.example/",
    ),
    (PartiesColumn, "Old hall|LA;Kept hall|VN", "New hall|LA;Kept hall|VN"),
    (DecimalColumn, "1.5", "12.5"),
    (IntegerColumn, "3", "5"),
    (NullBooleanColumn, "yes", "no"),
    (CodeListColumn, "vi", "lo;vi"),
    (TextListColumn, "One;Two", "Two;Three;One"),
    (Column, "Old text", "New text"),
)
REFERENCES = {
    "directory.Country": ("VN", "LA"),
    "directory.Place": ("place-1", "place-2"),
    "directory.Organ": ("organ-1", "organ-2"),
    "directory.Topic": ("topic-1", "topic-2"),
    "conference.Document": ("DOC-0101", "DOC-0102"),
    "conference.Edition": ("101", "102"),
    "exchanges.Mechanism": ("mechanism-1", "mechanism-2"),
    "exchanges.Meeting": ("MTG-0101", "MTG-0102"),
}
# Cells of columns with rules of their own, by field.
SPECIAL = {
    "starts_on": ("2023-03", "2024-05-02"),
    "ends_on": ("", "2024-05-09"),
    "date_precision": ("month", "day"),
    "precision": ("month", "day"),
    "in_force_precision": ("month", "day"),
    "joined_asean_on": ("1995-07-28", "1999-04-30"),
    "as_of": ("2023-03", "2024-05-02"),
    "website": ("https://old.example/", "https://new.example/"),
    "native_language": ("vi", "lo"),
    "theme_other_language": ("vi", "lo"),
}
# Rows of a record that no column holds, by code of the resource.
CHILDREN = {
    "seminars": (lambda record: seminars.session(record, title_en="Kept"),),
    "delegation_visits": (lambda record: delegations.stop(record),),
    "documents": (lambda record: conference.paragraph(record, text_en="Kept"),),
    "border_meetings": (lambda record: exchanges.agreed_action(record),),
    "conference_editions": (lambda record: conference.edition_delegation(record),),
}
OTHER_DATES = ("2023-03", "2024-05-02")


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def reviewer():
    return states.staff("sample.chief", is_superuser=True)


@pytest.fixture
def references():
    for iso2 in ("VN", "LA"):
        directory.country(iso2)
    for number in (1, 2):
        directory.place(f"place-{number}")
        directory.organ(f"organ-{number}")
        directory.topic(f"topic-{number}")
        conference.document(f"DOC-010{number}")
        conference.edition(100 + number)
        mechanism = exchanges.mechanism(f"mechanism-{number}")
        exchanges.meeting(f"MTG-010{number}", mechanism=mechanism)


def get_record_resources():
    resources = [get_resource(code) for code in get_resource_codes()]
    return [item for item in resources if issubclass(item.model, Publishable)]


def get_cells(column) -> tuple[str, str]:
    """Return the cell of ``column`` before the change and after it."""
    if column.field in SPECIAL:
        return SPECIAL[column.field]
    if isinstance(column, DateColumn):
        return OTHER_DATES
    if isinstance(column, ChoiceColumn):
        codes = column.choices.values
        return codes[0], codes[1]
    if isinstance(column, ForeignKeyColumn):
        return REFERENCES[column.model]
    if isinstance(column, ManyToManyColumn):
        first, second = REFERENCES[column.model]
        return f"{first};{second}", f"{second};{first}"
    return next(cells[1:] for cells in CELLS if isinstance(column, cells[0]))


def sheet_of(*rows: dict) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def get_sheet_rows(resource) -> tuple[dict, dict]:
    """Return the cells of the record by heading, before the change and after it."""
    prefix = getattr(resource.model, "code_prefix", "")
    keys = {"number": "300", "iso2": "KH", "code": f"{prefix}-0300"}
    key = keys.get(resource.key, "sample-key")
    rows = ({}, {})
    for column in resource.columns:
        cells = (key, key) if column.field == resource.key else get_cells(column)
        for row, cell in zip(rows, cells, strict=True):
            row[column.header] = cell
    return rows


def create_record(resource, row: dict):
    """Create a draft with the cells of ``row``, and rows that have no column."""
    written(sheet_of(row), resource.code())
    record = resource.model.objects.get(
        **{resource.key: row[resource.key_column.header]}
    )
    states.attachment(record)
    states.illustration(record, files.picture(alternative_en="A sample."))
    record.sources.all().update(title="Kept title")
    for create in CHILDREN.get(resource.code(), ()):
        create(record)
    return record


def get_content(record) -> dict:
    """Return all stored values; new rows have names instead of primary keys."""
    record = type(record).objects.get(pk=record.pk)
    content = take_snapshot(record, record.child_relations).as_json()
    for name in content["links"]:
        content["links"][name] = [str(row) for row in get_linked(record, name)]
    for name, rows in content["parts"].items():
        model = get_child_model(type(record), name)
        order = [*model._meta.ordering, "pk"]
        if "position" in {field.name for field in model._meta.fields}:
            order = ["position"]
        values = {row["pk"]: row["values"] for row in rows}
        stored = models.QuerySet(model).filter(pk__in=values).order_by(*order)
        content["parts"][name] = [values[row.pk] for row in stored]
    return content


def get_linked(record, name):
    pks = get_linked_pks(record, name)
    model = record._meta.get_field(name).related_model
    rows = models.QuerySet(model).in_bulk(pks)
    return [rows[pk] for pk in pks]


def import_as_draft(record, row: dict, resource) -> dict:
    """Return the content that the import gives a draft; nothing is kept."""
    with rolled_back_transaction():
        written(sheet_of(row), resource.code())
        return get_content(record)


def approve_jointly(client, batch):
    address = f"/admin/publishing/proposal/import/{batch.pk}/"
    page = client.get(address)
    (item,) = page.context["joint_review"].items
    data = {
        f"version_{item.proposal.pk}": item.version,
        "include": item.proposal.pk,
        "_accept": "1",
        "reason": "",
    }
    done = client.post(address, data, follow=True)
    assert reviewing.messages_of(done) == ["1 change has been approved."]
    return item


def test_approved_change_has_exactly_the_values_of_its_row(
    references, client, reviewer
):
    client.force_login(reviewer)
    with collect_failures() as failures:
        for resource in get_record_resources():
            with failures.isolated_case(resource.code()):
                before, after = get_sheet_rows(resource)
                record = create_record(resource, before)
                expected = import_as_draft(record, after, resource)
                states.published(record)

                preview = checked(sheet_of(after), resource.code()).preview
                batch = written(sheet_of(after), resource.code())
                item = approve_jointly(client, batch)

                assert get_content(record) == expected
                columns = [c for c in resource.columns if c.field != resource.key]
                assert preview["change_count"] == len(columns)
                (values,) = resource.get_values(
                    [type(record).objects.get(pk=record.pk)]
                )
                for column in columns:
                    assert (
                        column.format_cell(values[column.field]) == after[column.header]
                    )
                shown = tuple(
                    re.split("[/:]", change.key)[0]
                    for row in item.row_changes
                    for change in row.changes
                )
                for column in columns:
                    assert column.model_field.startswith(shown)
