"""Operations of the audit log: appending entries, and erasing personal values."""

import datetime as dt

import pytest
from django.db import transaction

from portal.core.audit import operations
from portal.core.audit.chain import verify_chain
from portal.core.audit.choices import AuditAction
from portal.core.audit.diff import FieldChange
from portal.core.audit.entries import build_pending_entry
from portal.core.audit.models import Deed, Head, PersonalValue
from portal.core.audit.snapshots import take_snapshot
from tests.factories.directory import country, place
from tests.factories.people import person
from tests.factories.publishing import AT, actor, source, staff
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db


def test_entry_records_actor_time_and_object():
    user, record = staff(), seminar()

    entry = operations.append_entry(
        record, action=AuditAction.WITHDRAWN, by=user, at=AT, reason="A sample reason."
    )

    entry.refresh_from_db()
    assert (entry.by, entry.at, entry.verb) == (user, AT, "withdrawn")
    assert (entry.model, entry.row) == ("seminars.seminar", str(record.pk))
    assert (entry.name, entry.note) == (record.code, "A sample reason.")


def test_entries_are_numbered_and_chained():
    record, by = seminar(), actor()
    first = operations.append_entry(record, action=AuditAction.SUBMITTED, by=by, at=AT)

    second = operations.append_entry(record, action=AuditAction.APPROVED, by=by, at=AT)

    assert second.position == first.position + 1
    assert second.previous_hash == first.hash
    head = Head.objects.get()
    assert (head.position, head.hash) == (second.position, second.hash)


def test_rolled_back_entry_leaves_chain_valid():
    record, by = seminar(), actor()
    operations.append_entry(record, action=AuditAction.SUBMITTED, by=by, at=AT)
    with transaction.atomic():
        operations.append_entry(record, action=AuditAction.APPROVED, by=by, at=AT)
        transaction.set_rollback(True)

    operations.append_entry(record, action=AuditAction.RETURNED, by=by, at=AT)

    actions = list(Deed.objects.for_record(record).values_list("verb", flat=True))
    assert actions == ["returned", "submitted"]
    assert verify_chain().first_broken_position is None


def test_change_records_field_and_language():
    record, by = seminar(title_en="Old", title_th=""), actor()
    before = take_snapshot(record, record.child_relations)
    record.title_en, record.title_th = "New", "ใหม่"
    record.save()

    (entry,) = operations.append_snapshot_diff(
        record,
        before=before,
        after=take_snapshot(record, record.child_relations),
        by=by,
        at=AT,
    )

    assert sorted(entry.changes, key=lambda change: change["language"]) == [
        {"field": "title", "language": "en", "old": "Old", "new": "New"},
        {"field": "title", "language": "th", "old": "", "new": "ใหม่"},
    ]


def test_relation_change_records_keys():
    nanning, laos = place("nanning"), country("LA")
    record, by = seminar(), actor()
    before = take_snapshot(record, record.child_relations)
    record.places.add(nanning)
    record.participating_countries.add(laos)

    (entry,) = operations.append_snapshot_diff(
        record,
        before=before,
        after=take_snapshot(record, record.child_relations),
        by=by,
        at=AT,
    )

    assert {change["field"]: change["new"] for change in entry.changes} == {
        "places": "nanning",
        "participating_countries": "LA",
    }


def test_child_row_changes_are_recorded_under_parent():
    record, by = seminar(), actor()
    changed, deleted = (
        session(record, title_en="Kept"),
        session(record, title_en="Gone"),
    )
    before = take_snapshot(record, record.child_relations)
    deleted_pk = deleted.pk
    deleted.delete()
    changed.title_en = "Changed"
    changed.save()
    source(record)

    operations.append_snapshot_diff(
        record,
        before=before,
        after=take_snapshot(record, record.child_relations),
        by=by,
        at=AT,
    )

    entries = Deed.objects.for_record(record).values_list(
        "verb", "model", "row", "name"
    )
    assert set(entries) == {
        ("changed", "seminars.session", str(changed.pk), record.code),
        ("deleted", "seminars.session", str(deleted_pk), record.code),
        ("created", "publishing.source", str(record.sources.get().pk), record.code),
    }


def test_no_entry_without_change():
    record = seminar()
    session(record)
    snapshots = [take_snapshot(record, record.child_relations) for _ in range(2)]

    entries = operations.append_snapshot_diff(
        record, before=snapshots[0], after=snapshots[1], by=actor(), at=AT
    )

    assert entries == []


def test_personal_value_is_not_hashed_in_clear():
    subject = person(name_latin="Sample Invented", name_own="")

    operations.append_snapshot_diff(
        subject, before=None, after=take_snapshot(subject), by=actor(), at=AT
    )

    stored = str(list(Deed.objects.values()))
    assert "Sample Invented" not in stored
    value = PersonalValue.objects.get(field="name_latin")
    assert (value.new, value.subject) == (
        "Sample Invented",
        f"people.person:{subject.pk}",
    )


def test_chain_verifies_after_a_person_is_erased():
    first, second = person(name_latin="Sample A"), person(name_latin="Sample B")
    for row in (first, second):
        operations.append_snapshot_diff(
            row, before=None, after=take_snapshot(row), by=actor(), at=AT
        )

    erased = operations.erase_personal_values(
        f"people.person:{first.pk}", by=actor(), at=AT
    )

    assert erased > 0
    values = PersonalValue.objects.values_list("subject", flat=True)
    assert set(values) == {f"people.person:{second.pk}"}
    assert verify_chain().first_broken_position is None


def test_bulk_append_query_count_is_constant(django_assert_num_queries):
    record, by = seminar(), actor()
    operations.append_entry(record, action=AuditAction.CREATED, by=by, at=AT)
    change = FieldChange("title", "en", "", "Sample")
    entries = [build_pending_entry(record, AuditAction.CHANGED, changes=[change])] * 30

    with django_assert_num_queries(5):  # savepoint, lock, insert, update, release
        operations.append_entries(entries, by=by, at=AT)

    assert verify_chain().entry_count == 31


def test_entry_hash_is_time_zone_independent():
    record, by = seminar(), actor()
    in_nanning = AT.astimezone(dt.timezone(dt.timedelta(hours=8)))

    operations.append_entry(record, action=AuditAction.CREATED, by=by, at=in_nanning)

    assert verify_chain().first_broken_position is None
