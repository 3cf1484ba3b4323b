"""Names that become public with a record or a change, and whether records use one."""

import datetime as dt

import pytest

from portal.catalogue.registry import kinds
from portal.directory.models import NamedParty, Place, Topic
from portal.history.snapshots import snapshot
from portal.publishing.links import relations_of
from portal.publishing.public_uses import (
    is_used_in_public,
    lookups_of_records,
    not_used_in_public,
)
from portal.publishing.review.new_names import (
    lock_names,
    names_made_public,
    names_made_public_by_changes,
)
from tests.factories.conference import article, document, edition
from tests.factories.delegations import stop, visit
from tests.factories.directory import any_country, organ, party, place, topic
from tests.factories.figures import reported_figure
from tests.factories.publishing import AT, in_review, published, scheduled, withdrawn
from tests.factories.seminars import seminar, session

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
USES = [
    (topic, lambda row: article(topics=[row])),
    (topic, lambda row: visit(topics=[row])),
    (place, lambda row: edition(places=[row])),
    (place, lambda row: organ(place=row)),
    (place, lambda row: document(place=row)),
    (place, lambda row: reported_figure(places=[row])),
    (place, lambda row: session(seminar(), place=row).seminar),
    (place, lambda row: stop(visit(), place=row).visit),
    (party, lambda row: document(named_parties=[row])),
    (party, lambda row: edition(host_parties=[row])),
]


def rows_of(names) -> list:
    return [name.row for name in names]


@pytest.mark.parametrize(("factory", "use"), USES)
def test_row_is_used_in_public_while_its_record_is_published(factory, use):
    row = factory()
    record = use(row)

    before = is_used_in_public(row, at=LATER)
    published(record)

    assert not before
    assert is_used_in_public(row, at=LATER)
    assert not not_used_in_public(type(row), [row.pk], at=LATER).exists()
    assert not is_used_in_public(row, at=AT - dt.timedelta(days=1))


def test_row_of_records_that_are_not_public_is_not_used():
    row = topic()
    article("draft", topics=[row])
    in_review(article("reviewed", topics=[row]))
    scheduled(article("waits", topics=[row]), AT + dt.timedelta(days=9))
    withdrawn(article("gone", topics=[row]))

    assert not is_used_in_public(row, at=LATER)
    assert list(not_used_in_public(Topic, [row.pk], at=LATER)) == [row]


def test_every_relation_to_a_name_is_a_use():
    names = {
        (user._meta.label, lookup)
        for model in (Topic, Place, NamedParty)
        for user, lookup in lookups_of_records(model)
    }

    assert ("seminars.Seminar", "sessions__place") in names
    assert ("delegations.Visit", "stops__place") in names
    for kind in kinds():
        for relation in relations_of(kind.model):
            if relation.related_model in (Topic, Place, NamedParty):
                assert (kind.model._meta.label, relation.name) in names


@pytest.mark.parametrize(("factory", "use"), USES)
def test_record_makes_its_unused_names_public(factory, use):
    row = factory()
    record = use(row)

    new = names_made_public([record], at=LATER)[record.pk]
    published(record)

    assert row in rows_of(new)
    assert row not in rows_of(names_made_public([record], at=LATER)[record.pk])


def test_new_name_lists_all_languages_and_facts():
    hanoi = place(
        "ha-noi",
        name_en="Hanoi",
        name_zh_hans="河内",
        name_local="Hà Nội",
        country=any_country("VN"),
        time_zone="Asia/Bangkok",
    )
    record = edition(places=[hanoi])

    (name,) = names_made_public([record], at=LATER)[record.pk]

    assert (name.kind, name.row) == ("place", hanoi)
    texts = {(text.label, text.text, text.language) for text in name.texts}
    assert {
        ("Name (English)", "Hanoi", "en"),
        ("Name (简体中文)", "河内", "zh-Hans"),
        ("Local name", "Hà Nội", ""),
        ("Time zone", "Asia/Bangkok", ""),
    } <= texts
    assert any(label == "Country" and "VN" in text for label, text, _ in texts)


def test_name_that_another_record_made_public_is_not_new():
    known, new = topic("known"), topic("new")
    published(article("public", topics=[known]))
    records = [article("one", topics=[known, new]), article("two", topics=[new])]

    names = names_made_public(records, at=LATER)

    assert {pk: rows_of(some) for pk, some in names.items()} == {
        records[0].pk: [new],
        records[1].pk: [new],
    }


@pytest.mark.parametrize("number", [1, 3, 20])
def test_names_of_many_records_cost_the_same(number, django_assert_num_queries):
    records = []
    for _ in range(number):
        record = visit(topics=[topic()], places=[place()])
        stop(record, place=place())
        record.from_parties.add(party(f"Ministry {record.pk}"))
        records.append(record)

    with django_assert_num_queries(4):
        names = names_made_public(records, at=LATER)

    assert {len(new) for new in names.values()} == {4}


def test_change_makes_names_public_that_it_adds():
    known, new, hanoi = topic("known"), topic("new"), place("ha-noi")
    record = published(seminar(topics=[known]))
    session(record, place=None)
    wanted = snapshot(record, record.parts)
    wanted.links["topics"] = [known.pk, new.pk]
    wanted.parts["sessions"][0].values["place_id"] = hanoi.pk

    names = names_made_public_by_changes({5: (type(record), wanted)}, at=LATER)

    assert rows_of(names[5]) == [hanoi, new]


def test_names_of_no_record_are_none():
    assert names_made_public([], at=LATER) == {}


def test_names_of_a_record_are_locked_in_one_query_per_model(
    django_assert_num_queries,
):
    record = visit(topics=[topic(), topic()], places=[place()])

    with django_assert_num_queries(3):
        lock_names(record)
