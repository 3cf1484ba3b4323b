"""Counting rules of the statistics: which records each indicator counts."""

import datetime as dt

import pytest
from django.core.cache import cache

from portal.content.catalogue.choices import STATES_NOT_HELD
from portal.content.figures.counting import count_figures, headline_totals
from portal.content.figures.query import FigureQuery
from portal.content.figures.registry import (
    Indicator,
    all_indicators,
    register_indicator,
)
from portal.content.publishing.choices import EventState
from tests.factories.conference import document, edition
from tests.factories.delegations import visit
from tests.factories.directory import country
from tests.factories.exchanges import meeting
from tests.factories.publishing import in_review, published, withdrawn
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db

DAY = dt.date(2018, 12, 31)


def total(code: str, as_of=DAY, **filters) -> tuple[int, int, int, int]:
    cache.clear()
    (cell,) = [
        figure.total
        for figure in count_figures(
            FigureQuery(as_of, **filters), countries=["VN", "LA"]
        )
        if figure.indicator.code == code
    ]
    return (cell.value, cell.records, cell.without_number, cell.undated)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "precision", "last"),
    [
        (dt.date(2018, 5, 6), None, "day", dt.date(2018, 5, 6)),
        (dt.date(2018, 5, 6), dt.date(2018, 5, 8), "day", dt.date(2018, 5, 8)),
        (dt.date(2018, 2, 1), None, "month", dt.date(2018, 2, 28)),
        (dt.date(2018, 1, 1), None, "year", dt.date(2018, 12, 31)),
    ],
)
def test_record_is_counted_from_end_of_period(starts_on, ends_on, precision, last):
    published(seminar(starts_on=starts_on, ends_on=ends_on, date_precision=precision))

    assert total("seminars", last - dt.timedelta(days=1)) == (0, 0, 0, 0)
    assert total("seminars", last) == (1, 1, 0, 0)


def test_undated_records_are_counted_separately():
    published(seminar())
    published(seminar(starts_on=DAY, date_precision="day"))

    assert total("seminars") == (1, 1, 0, 1)
    assert total("seminars", year=2018) == (1, 1, 0, 1)
    assert total("seminars", year=2017) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("state", "number"),
    [("", 1), ("held", 1), ("planned", 0), ("postponed", 0), ("cancelled", 0)],
)
def test_only_held_events_are_counted(state, number):
    day = {"starts_on": DAY, "date_precision": "day", "state": state}
    published(edition(1, **day))
    published(seminar(**day, reported_participants=5))
    published(visit(**day))
    published(meeting(**day))
    published(meeting(state=state))

    assert total("editions") == (number, number, 0, 0)
    assert total("seminars") == (number, number, 0, 0)
    assert total("seminar-participants") == (number * 5, number, 0, 0)
    assert total("visits-in") == (number, number, 0, 0)
    assert total("border-meetings") == (number, number, 0, number)


def test_not_held_states_match_event_states():
    assert set(EventState.values) - set(STATES_NOT_HELD) == {EventState.HELD.value}


def test_related_events_are_excluded_from_counts(client):
    day = {"starts_on": DAY, "date_precision": "day", "scope": "related"}
    published(seminar("SEM-0001", **day))
    published(visit("VIS-0001", **day))

    assert total("seminars") == (0, 0, 0, 0)
    assert total("visits-in") == (0, 0, 0, 0)
    assert client.get("/en/seminars/").context["pager"].count == 1
    assert client.get("/en/delegations/").context["pager"].count == 1


def test_unpublished_records_are_not_counted():
    day = {"starts_on": DAY, "date_precision": "day"}
    seminar(**day)
    in_review(seminar(**day))
    withdrawn(seminar(**day))

    assert total("seminars") == (0, 0, 0, 0)


def test_participants_are_summed_and_missing_numbers_counted_separately():
    day = {"starts_on": DAY, "date_precision": "day"}
    for number in (30, 0, None):
        published(seminar(**day, reported_participants=number))
    published(seminar(reported_participants=400))

    assert total("seminar-participants") == (30, 3, 1, 1)
    assert total("seminars") == (3, 3, 0, 1)


def test_visits_count_by_direction_and_for_both_countries():
    vietnam, laos = country("VN"), country("LA")
    day = {"starts_on": DAY, "date_precision": "day"}
    published(visit(**day, from_country=vietnam, direction="inbound"))
    published(visit(**day, to_country=laos, direction="outbound"))

    figures = {
        figure.indicator.code: figure.groups["country"]
        for figure in count_figures(FigureQuery(DAY), countries=["LA", "VN"])
    }

    assert total("visits-in") == total("visits-out") == (1, 1, 0, 0)
    # China is not among the countries passed to the count.
    assert {key: cell.value for key, cell in figures["visits-in"].items()} == {"VN": 1}
    assert {key: cell.value for key, cell in figures["visits-out"].items()} == {
        "LA": 1,
        "VN": 1,
    }


def test_group_by_filtered_dimension_is_omitted():
    published(
        document(
            signed_on=DAY,
            date_precision="day",
            party_countries=[published(country("VN"))],
        )
    )

    def groups(**filters):
        figures = {
            figure.indicator.code: figure
            for figure in count_figures(FigureQuery(DAY, **filters), countries=["VN"])
        }
        return {
            group: list(cells) for group, cells in figures["documents"].groups.items()
        }

    all_groups = {"year": ["2018"], "country": ["VN"], "kind": ["joint_statement"]}
    assert groups() == all_groups
    assert groups(country="VN") == {**all_groups, "country": []}
    assert groups(year=2018) == {**all_groups, "year": []}


@pytest.mark.parametrize("rows", [1, 3])
def test_everything_is_counted_in_one_query(rows, django_assert_num_queries):
    for _ in range(rows):
        published(seminar(starts_on=DAY, date_precision="day"))

    # One query counts; the other checks whether cached counts are still current.
    with django_assert_num_queries(2):
        count_figures(FigureQuery(DAY), countries=["VN"])
    with django_assert_num_queries(2):
        cells = headline_totals(as_of=DAY)

    assert {cell.indicator.code: cell.value for cell in cells}["seminars"] == rows


def test_counts_are_cached_until_public_change(django_assert_num_queries):
    published(seminar(starts_on=DAY, date_precision="day"))
    headline_totals(as_of=DAY)

    with django_assert_num_queries(1):
        cached = {
            cell.indicator.code: cell.value for cell in headline_totals(as_of=DAY)
        }
    published(seminar(starts_on=DAY, date_precision="day"))

    assert cached["seminars"] == 1
    assert {c.indicator.code: c.value for c in headline_totals(as_of=DAY)}[
        "seminars"
    ] == 2


def test_headline_contains_record_counts_only():
    codes = [cell.indicator.code for cell in headline_totals(as_of=DAY)]

    assert codes == [
        "editions",
        "documents",
        "seminars",
        "visits-in",
        "visits-out",
        "border-meetings",
    ]


def test_duplicate_indicator_registration_is_rejected():
    duplicate = Indicator("seminars", "Other", "Other.", "seminar")

    with pytest.raises(ValueError, match="An indicator with the code"):
        register_indicator(duplicate)

    assert len([fact for fact in all_indicators() if fact.code == "seminars"]) == 1


def test_every_indicator_has_definition():
    assert all(fact.label and len(fact.definition) > 80 for fact in all_indicators())
