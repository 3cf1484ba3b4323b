"""Building entries of many records takes a constant number of queries."""

from collections.abc import Iterator

import pytest
from django.db.models import QuerySet

from portal.content.catalogue.registry import Kind, all_kinds
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.related_records import enrich, fresh

# Number of records of each kind, and of rows in each of their relations.
ROWS = 3


@pytest.fixture(scope="module")
def keys(rows_of_module) -> Iterator[dict[str, list[int]]]:
    """The keys of published records with rows in each relation, by kind."""
    with rows_of_module(_publish) as keys:
        yield keys


def _publish() -> dict[str, list[int]]:
    records = [
        enrich(fresh(kind.model), ROWS) for kind in all_kinds() for _ in range(ROWS)
    ]
    states.published_together(*records)
    return {
        kind.code: [record.pk for record in records if record.kind == kind.code]
        for kind in all_kinds()
    }


def _stored(kind: Kind, keys: list[int]) -> QuerySet:
    """Return records without anything in their caches."""
    records = kind.model.objects.filter(pk__in=keys).order_by("pk")
    assert len(records) == len(keys) > 0
    return records.all()


def test_building_entries_after_prefetch_makes_no_queries(
    keys, db, django_assert_num_queries
):
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.isolated_case(kind.code):
                records = list(_stored(kind, keys[kind.code]))
                plain = [kind.build_entry(r) for r in _stored(kind, keys[kind.code])]

                with kind.prefetch(records), django_assert_num_queries(0):
                    entries = [kind.build_entry(record) for record in records]

                assert entries == plain
                assert not any("prefetched_links" in vars(row) for row in records)


def test_prefetch_query_count_is_constant(keys, db, django_assert_max_num_queries):
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.isolated_case(kind.code):
                counts = []
                for number in range(1, ROWS + 1):
                    records = list(_stored(kind, keys[kind.code][:number]))
                    with (
                        django_assert_max_num_queries(10) as captured,
                        kind.prefetch(records),
                    ):
                        pass
                    counts.append(len(captured))
                assert counts[0] == counts[1]
