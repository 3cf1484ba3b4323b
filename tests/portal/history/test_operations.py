"""Writing deeds, and what the chain holds of personal values."""

import datetime as dt

import pytest
from django.db import transaction

from portal.history import operations
from portal.history.chain import verify
from portal.history.choices import Verb
from portal.history.comparing import FieldChange
from portal.history.deeds import tell
from portal.history.models import Deed, Head, PersonalValue
from portal.history.snapshots import snapshot
from tests.factories.directory import country, place
from tests.factories.people import person
from tests.factories.publishing import AT, actor, source, staff
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db


def test_deed_names_who_when_and_what():
    clerk, record = staff(), seminar()

    deed = operations.append(
        record, verb=Verb.WITHDRAWN, by=clerk, at=AT, note="A sample reason."
    )

    deed.refresh_from_db()
    assert (deed.by, deed.at, deed.verb) == (clerk, AT, "withdrawn")
    assert (deed.model, deed.row) == ("seminars.seminar", str(record.pk))
    assert (deed.name, deed.note) == (record.code, "A sample reason.")


def test_deeds_are_numbered_and_linked_in_order():
    record, by = seminar(), actor()
    first = operations.append(record, verb=Verb.SUBMITTED, by=by, at=AT)

    second = operations.append(record, verb=Verb.APPROVED, by=by, at=AT)

    assert second.position == first.position + 1
    assert second.previous_hash == first.hash
    head = Head.objects.get()
    assert (head.position, head.hash) == (second.position, second.hash)


def test_deed_that_is_rolled_back_leaves_the_chain_whole():
    record, by = seminar(), actor()
    operations.append(record, verb=Verb.SUBMITTED, by=by, at=AT)
    with transaction.atomic():
        operations.append(record, verb=Verb.APPROVED, by=by, at=AT)
        transaction.set_rollback(True)

    operations.append(record, verb=Verb.RETURNED, by=by, at=AT)

    verbs = list(Deed.objects.about(record).values_list("verb", flat=True))
    assert verbs == ["returned", "submitted"]
    assert verify().broken_at is None


def test_change_tells_field_and_language():
    record, by = seminar(title_en="Old", title_th=""), actor()
    before = snapshot(record, record.parts)
    record.title_en, record.title_th = "New", "ใหม่"
    record.save()

    (deed,) = operations.append_changes(
        record, before=before, after=snapshot(record, record.parts), by=by, at=AT
    )

    assert sorted(deed.changes, key=lambda one: one["language"]) == [
        {"field": "title", "language": "en", "old": "Old", "new": "New"},
        {"field": "title", "language": "th", "old": "", "new": "ใหม่"},
    ]


def test_change_of_a_relation_tells_keys():
    nanning, laos = place("nanning"), country("LA")
    record, by = seminar(), actor()
    before = snapshot(record, record.parts)
    record.places.add(nanning)
    record.participating_countries.add(laos)

    (deed,) = operations.append_changes(
        record, before=before, after=snapshot(record, record.parts), by=by, at=AT
    )

    assert {one["field"]: one["new"] for one in deed.changes} == {
        "places": "nanning",
        "participating_countries": "LA",
    }


def test_change_of_parts_is_told_under_their_record():
    record, by = seminar(), actor()
    kept, gone = session(record, title_en="Kept"), session(record, title_en="Gone")
    before = snapshot(record, record.parts)
    gone_pk = gone.pk
    gone.delete()
    kept.title_en = "Changed"
    kept.save()
    source(record)

    operations.append_changes(
        record, before=before, after=snapshot(record, record.parts), by=by, at=AT
    )

    told = Deed.objects.about(record).values_list("verb", "model", "row", "name")
    assert set(told) == {
        ("changed", "seminars.session", str(kept.pk), record.code),
        ("deleted", "seminars.session", str(gone_pk), record.code),
        ("created", "publishing.source", str(record.sources.get().pk), record.code),
    }


def test_nothing_is_told_where_nothing_changed():
    record = seminar()
    session(record)
    same = [snapshot(record, record.parts) for _ in range(2)]

    deeds = operations.append_changes(
        record, before=same[0], after=same[1], by=actor(), at=AT
    )

    assert deeds == []


def test_personal_value_is_no_part_of_the_chain():
    one = person(name_latin="Sample Invented", name_own="")

    operations.append_changes(one, before=None, after=snapshot(one), by=actor(), at=AT)

    told = str(list(Deed.objects.values()))
    assert "Sample Invented" not in told
    value = PersonalValue.objects.get(field="name_latin")
    assert (value.new, value.subject) == (
        "Sample Invented",
        f"people.person:{one.pk}",
    )


def test_chain_verifies_after_a_person_is_erased():
    one, other = person(name_latin="Sample A"), person(name_latin="Sample B")
    for row in (one, other):
        operations.append_changes(
            row, before=None, after=snapshot(row), by=actor(), at=AT
        )

    erased = operations.erase(f"people.person:{one.pk}", by=actor(), at=AT)

    assert erased > 0
    left = PersonalValue.objects.values_list("subject", flat=True)
    assert set(left) == {f"people.person:{other.pk}"}
    assert verify().broken_at is None


def test_many_deeds_take_as_many_queries_as_one(django_assert_num_queries):
    record, by = seminar(), actor()
    operations.append(record, verb=Verb.CREATED, by=by, at=AT)
    change = FieldChange("title", "en", "", "Sample")
    told = [tell(record, Verb.CHANGED, changes=[change])] * 30

    with django_assert_num_queries(5):  # two savepoints, the end, deeds, the end
        operations.append_many(told, by=by, at=AT)

    assert verify().deeds == 31


def test_time_is_told_alike_in_every_zone():
    record, by = seminar(), actor()
    in_nanning = AT.astimezone(dt.timezone(dt.timedelta(hours=8)))

    operations.append(record, verb=Verb.CREATED, by=by, at=in_nanning)

    assert verify().broken_at is None
