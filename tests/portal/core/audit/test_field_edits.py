"""Who edited a field, according to the audit log: records, child rows, deletions."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.conference.models import Edition, EditionDelegation
from portal.content.publishing.operations import register_edit
from portal.content.review.operations import propose
from portal.core.audit.field_edits import (
    FieldEdit,
    load_created_pks,
    load_deletions,
    load_field_edits,
)
from portal.core.audit.operations import append_snapshot_diff
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import Topic
from tests import reviewing
from tests.factories.conference import edition, edition_delegation
from tests.factories.directory import topic
from tests.factories.publishing import AT, actor, published, staff

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
OFFICE = ("head_office", "en")


@pytest.fixture
def program():
    return actor("record")


@pytest.fixture
def clerk():
    return staff("sample.clerk")


def edit_edition(record: Edition, change, *, by, at=LATER) -> None:
    before = take_snapshot(record, record.child_relations)
    change()
    register_edit(record, by=by, at=at, before=before)


def created(record: Edition, *, by) -> Edition:
    register_edit(record, by=by, at=AT, before=None)
    return record


def move(child: EditionDelegation, target: Edition, *, by) -> None:
    """Move a delegation to another edition."""
    child.refresh_from_db()
    editions = (child.edition, target)
    before = [take_snapshot(row, row.child_relations) for row in editions]
    child.edition = target
    child.save()
    for row, snapshot in zip(editions, before, strict=True):
        register_edit(row, by=by, at=LATER, before=snapshot)


def test_child_row_has_edits_of_its_own_fields(program, clerk):
    record = edition(8)
    first, second = (edition_delegation(record) for _ in range(2))
    created(record, by=program)

    def rename() -> None:
        first.head_office_en = "Attorney General"
        first.save()

    edit_edition(record, rename, by=clerk)

    edit = FieldEdit("sample.clerk", LATER)
    assert load_field_edits([first, second], program=program) == {
        first.pk: {OFFICE: edit}
    }
    assert load_field_edits([record], program=program) == {
        record.pk: {("conference.editiondelegation", ""): edit}
    }


def test_child_row_that_a_person_added_is_theirs(program, clerk):
    record = created(edition(8), by=program)
    edit_edition(record, lambda: edition_delegation(record), by=clerk)

    edits = load_field_edits([EditionDelegation.objects.get()], program=program)

    assert {("country", ""), OFFICE} <= edits[EditionDelegation.objects.get().pk].keys()
    assert load_created_pks(EditionDelegation, by=program) == []
    assert load_created_pks(Edition, by=program) == [record.pk]


def test_entries_of_a_child_row_without_its_record_count(program, clerk):
    """Some programs write the entry about the child row itself."""
    child = edition_delegation(created(edition(8), by=program))
    append_snapshot_diff(
        child, before=None, after=take_snapshot(child), by=clerk, at=AT
    )

    edits = load_field_edits([child], program=program)

    assert edits[child.pk][OFFICE] == FieldEdit("sample.clerk", AT)


def test_edit_of_a_child_row_names_the_author_of_the_accepted_proposal_after_a_move(
    program, clerk, settings
):
    settings.TWO_PERSON_APPROVAL = True
    record, other = edition(8), published(edition(9))
    child = edition_delegation(record)
    published(record)
    base, wanted = (take_snapshot(record, record.child_relations) for _ in range(2))
    wanted.parts["delegations"][0].values["head_office_en"] = "Attorney General"
    proposal = propose(
        record, base=base, proposed=wanted, public_note={}, by=clerk, at=AT
    )
    reviewing.accept(proposal, by=staff("sample.reviewer"), at=LATER)
    record.refresh_from_db()
    move(child, other, by=program)

    edits = load_field_edits([child], program=program)

    assert edits == {child.pk: {OFFICE: FieldEdit("sample.clerk", LATER)}}


def test_edits_of_1_3_and_20_moved_rows_take_two_queries(program, clerk):
    other = edition(99)
    for number in range(1, 21):
        record = edition(number)
        child = edition_delegation(record)
        created(record, by=program)
        move(child, other, by=clerk)
    rows = list(EditionDelegation.objects.all())
    for count in (1, 3, 20):
        with CaptureQueriesContext(connection) as captured:
            edits = load_field_edits(rows[:count], program=program)
        assert (len(edits), len(captured)) == (count, 2)


def test_later_write_of_the_program_ends_an_edit(program, clerk):
    record = created(edition(8, theme_en="A"), by=program)
    for theme, user in (("B", clerk), ("C", program)):

        def change(theme=theme) -> None:
            record.theme_en = theme
            record.save()

        edit_edition(record, change, by=user)

    assert load_field_edits([record], program=program) == {}


def test_deletion_is_found_by_the_key_of_the_row(program, clerk):
    record = edition(8)
    child = edition_delegation(record)
    created(record, by=program)
    edit_edition(record, child.delete, by=clerk)
    for key, user in (("by-clerk", clerk), ("by-program", program)):
        row = topic(key)
        append_snapshot_diff(
            row, before=take_snapshot(row), after=None, by=user, at=LATER
        )

    topics = load_deletions(
        Topic,
        ["key"],
        [("by-clerk",), ("by-program",), ("other",)],
        program=program,
    )
    identity = (child.country.iso2, "0")
    children = load_deletions(
        EditionDelegation, ["country", "position"], [identity], program=program
    )

    edit = FieldEdit("sample.clerk", LATER)
    assert topics == {("by-clerk",): edit}
    assert children == {identity: edit}


def test_edits_of_1_3_and_20_rows_take_one_query(program, clerk):
    for number in range(1, 21):
        created(edition(number), by=clerk)
    rows = list(Edition.objects.all())
    for count in (1, 3, 20):
        with CaptureQueriesContext(connection) as captured:
            edits = load_field_edits(rows[:count], program=program)
        assert (len(edits), len(captured)) == (count, 1)
