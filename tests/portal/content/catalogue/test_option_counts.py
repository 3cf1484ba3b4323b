"""Number of records behind each option of a list filter."""

import datetime as dt

import pytest

from delegations.choices import Direction
from portal.content.catalogue import option_counts
from portal.content.catalogue.filters import ListFilters
from portal.content.catalogue.models import Entry
from portal.content.catalogue.option_counts import count_options
from portal.content.publishing.choices import EventState
from tests.factories.delegations import visit
from tests.factories.directory import country, topic
from tests.factories.publishing import published, published_together

pytestmark = pytest.mark.django_db

PARAMETERS = ("country", "topic", "direction", "state", "year", "done", "dated", "from")


@pytest.fixture
def visits():
    """Publish three visits; one draft must never be counted."""
    china, vietnam, laos = country("CN"), country("VN"), country("LA")
    published_together(china, vietnam, laos)
    drugs, cyber = topic("drugs"), topic("cyber")
    sides = {"from_country": vietnam, "to_country": china}
    published_together(
        visit("VIS-0001", topics=[drugs], **sides, **_on(2019)),
        visit("VIS-0002", topics=[drugs, cyber], **sides, **_on(2025)),
        visit(
            "VIS-0003",
            from_country=china,
            to_country=laos,
            direction=Direction.OUTBOUND,
            state=EventState.PLANNED,
        ),
    )
    visit("VIS-0004", topics=[cyber], **sides, **_on(2030))


def _on(year: int) -> dict:
    day = dt.date(year, 3, 1)
    return {"starts_on": day, "ends_on": day, "date_precision": "day"}


def _count(filters: ListFilters, parameters=PARAMETERS) -> dict:
    return count_options(
        lambda some: Entry.objects.of_kind("visit").matching(some, kind="visit"),
        filters,
        parameters,
    )


def test_options_of_published_records_are_counted(visits):
    assert _count(ListFilters()) == {
        "country": {"CN": 3, "VN": 2, "LA": 1},
        "topic": {"drugs": 2, "cyber": 1},
        "direction": {"inbound": 2, "outbound": 1},
        "state": {"planned": 1},
        "year": {"2019": 1, "2025": 1},
        "done": {"yes": 2},
        "dated": {"yes": 2, "no": 1},
    }


def test_each_count_is_the_length_of_the_list(visits):
    for parameter, options in _count(ListFilters()).items():
        for value, number in options.items():
            some = _filters(parameter, value)
            entries = Entry.objects.of_kind("visit").matching(some, kind="visit")
            assert entries.count() == number, (parameter, value)


def _filters(parameter: str, value: str) -> ListFilters:
    if parameter in ("country", "topic", "direction"):
        return ListFilters(tags={parameter: (value,)})
    parsed = {
        "state": (value,),
        "year": int(value) if value.isdigit() else None,
        "done": value == "yes",
        "dated": value == "yes",
    }
    return ListFilters(**{parameter: parsed[parameter]})


def test_filter_that_is_set_is_counted_without_its_own_value(visits):
    counts = _count(ListFilters(tags={"country": ("VN",)}, year=2019))

    assert counts["country"] == {"CN": 1, "VN": 1}
    assert counts["year"] == {"2019": 1, "2025": 1}
    assert counts["topic"] == {"drugs": 1}
    assert counts["direction"] == {"inbound": 1}


def test_nothing_is_counted_above_the_limit(visits, monkeypatch):
    monkeypatch.setattr(option_counts, "COUNT_LIMIT", 2)

    assert _count(ListFilters()) == {}
    # Two records match, so the other filters are counted; three match without it.
    counts = _count(ListFilters(tags={"country": ("VN",)}))
    assert counts["topic"] == {"drugs": 2, "cyber": 1}
    assert "country" not in counts


def test_query_count_does_not_grow(visits, django_assert_num_queries):
    with django_assert_num_queries(2):
        _count(ListFilters())
    published(visit("VIS-0005", **_on(2026)))
    with django_assert_num_queries(2):
        _count(ListFilters())
    with django_assert_num_queries(5):
        _count(ListFilters(tags={"country": ("VN",)}, year=2019))
