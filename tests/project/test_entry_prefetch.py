"""Building entries of many records takes a constant number of queries."""

from portal.content.catalogue.registry import all_kinds
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.related_records import enrich, fresh


def test_building_entries_after_prefetch_makes_no_queries(
    db, django_assert_num_queries
):
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.isolated_case(kind.code):
                for _ in range(2):
                    states.published(enrich(fresh(kind.model), 2))
                records = list(kind.model.objects.order_by("pk"))
                plain = [
                    kind.build_entry(row) for row in kind.model.objects.order_by("pk")
                ]

                with kind.prefetch(records), django_assert_num_queries(0):
                    entries = [kind.build_entry(record) for record in records]

                assert entries == plain
                assert not any("prefetched_links" in vars(row) for row in records)


def test_prefetch_query_count_is_constant(db, django_assert_max_num_queries):
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.isolated_case(kind.code):
                counts = []
                for _ in range(2):
                    states.published(enrich(fresh(kind.model), 2))
                    records = list(kind.model.objects.all())
                    with (
                        django_assert_max_num_queries(10) as captured,
                        kind.prefetch(records),
                    ):
                        pass
                    counts.append(len(captured))
                assert counts[0] == counts[1]
