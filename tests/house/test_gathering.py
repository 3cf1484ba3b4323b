"""What drawing a record reads is read at once for many of them."""

import pytest

from portal.catalogue.registry import kinds
from tests.factories import publishing as states
from tests.house.relations import enrich, fresh


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_drawing_what_is_gathered_makes_no_query(kind, db, django_assert_num_queries):
    for _ in range(2):
        states.published(enrich(fresh(kind.model), 2))
    records = list(kind.model.objects.order_by("pk"))
    plain = [kind.draw(record) for record in kind.model.objects.order_by("pk")]

    with kind.gather(records), django_assert_num_queries(0):
        gathered = [kind.draw(record) for record in records]

    assert gathered == plain
    assert all("links_at_hand" not in vars(record) for record in records)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_gathering_takes_as_many_queries_for_many(
    kind, db, django_assert_max_num_queries
):
    counts = []
    for _ in range(2):
        states.published(enrich(fresh(kind.model), 2))
        records = list(kind.model.objects.all())
        with django_assert_max_num_queries(10) as captured, kind.gather(records):
            pass
        counts.append(len(captured))

    assert counts[0] == counts[1]
