import datetime as dt
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from portal.content.catalogue.filters import (
    FilterError,
    ListFilters,
    MalformedFilter,
    last_page,
    parse_filters,
    read_filters,
)

NAMES = (
    *("country", "topic", "kind", "scope", "direction", "state"),
    *("year", "from", "to", "as_of", "done", "dated"),
)
DAY = "Enter the date as YYYY-MM-DD, for example 2018-12-31."
YEAR = "Year must include 4 numbers."
RANGE = "Enter a year from 1900 to 2100."
NO_DAY = "This date does not exist. Check the month and the day."
BUDDHIST = "The year 2567 is in the Buddhist calendar. Enter 2024."
TAG = "Use only letters, numbers, “-” and “_”."


def parsed(query: str) -> ListFilters:
    return parse_filters(QueryDict(query), NAMES)


def test_empty_query_yields_no_filters():
    assert not parsed("")
    assert not parsed("country=&year=&from=")
    assert parsed("page=2&q=x") == ListFilters()


def test_every_filter_parameter_is_parsed():
    filters = parsed(
        "country=vn&topic=training&kind=treaty&scope=related&direction=inbound"
        "&state=held&year=2018&from=2018-01-01&to=2018-12-31&as_of=2018-06-30"
        "&done=yes&dated=yes"
    )

    assert filters == ListFilters(
        tags={
            "country": ("VN",),
            "topic": ("training",),
            "kind": ("treaty",),
            "scope": ("related",),
            "direction": ("inbound",),
        },
        state=("held",),
        year=2018,
        since=dt.date(2018, 1, 1),
        until=dt.date(2018, 12, 31),
        as_of=dt.date(2018, 6, 30),
        done=True,
        dated=True,
    )
    assert filters


def test_filter_not_supported_by_kind_is_ignored():
    assert parse_filters(QueryDict("state=held&year=2018"), ("year",)) == ListFilters(
        year=2018
    )


@pytest.mark.parametrize(
    ("parameter", "value", "remedy"),
    [
        ("year", "18", YEAR),
        ("year", "20188", YEAR),
        ("year", "-2018", YEAR),
        ("year", "٢٠١٨", YEAR),
        ("year", "2018\n", YEAR),
        ("from", "2018", DAY),
        ("to", "2018-W01-1", DAY),
        ("as_of", "31.12.2018", DAY),
        ("country", "V N", TAG),
        ("topic", "-training", TAG),
        ("kind", "x" * 101, TAG),
        ("scope", "a;b", TAG),
        ("direction", "<b>", TAG),
        ("state", "held'", TAG),
        ("topic", "training\n", TAG),
        ("done", "no", "Choose one of these: yes."),
        ("dated", "maybe", "Choose one of these: yes, no."),
    ],
)
def test_invalid_value_error_names_parameter_and_fix(parameter, value, remedy):
    query = QueryDict(mutable=True)
    query[parameter] = value

    with pytest.raises(MalformedFilter) as info:
        parse_filters(query, NAMES)

    assert (info.value.parameter, info.value.value) == (parameter, value[:100])
    assert str(info.value) == remedy


@pytest.mark.parametrize(
    ("parameter", "value", "remedy"),
    [
        ("year", "0000", RANGE),
        ("year", "1899", RANGE),
        ("year", "2101", RANGE),
        ("year", "2567", BUDDHIST),
        ("from", "1899-12-31", RANGE),
        ("from", "2567-01-01", BUDDHIST),
        ("to", "2018-02-30", NO_DAY),
        ("to", "9999-12-31", RANGE),
        ("as_of", "0000-01-01", RANGE),
        ("as_of", "2018-13-01", NO_DAY),
    ],
)
def test_impossible_value_is_refused_by_name_with_its_remedy(parameter, value, remedy):
    with pytest.raises(FilterError) as info:
        parsed(f"{parameter}={value}")
    result = read_filters(QueryDict(f"{parameter}={value}"), NAMES)

    assert not isinstance(info.value, MalformedFilter)
    assert (info.value.parameter, info.value.value) == (parameter, value)
    assert str(info.value) == remedy
    assert {name: str(error) for name, error in result.errors.items()} == {
        parameter: remedy
    }
    assert (result.filters, result.values, result.used) == (
        ListFilters(),
        {parameter: value},
        {},
    )


@pytest.mark.parametrize("year", ["1900", "2100"])
def test_first_and_last_year_of_events_are_accepted(year):
    assert parsed(f"year={year}").year == int(year)
    assert parsed(f"from={year}-01-01&to={year}-12-31").since.year == int(year)


@pytest.mark.parametrize("parameter", NAMES)
def test_repeated_parameter_is_rejected(parameter):
    with pytest.raises(FilterError, match=r"^Use this filter only once\.$") as info:
        parsed(f"{parameter}=2018-01-01&{parameter}=2018-01-02")

    assert (info.value.parameter, info.value.value) == (parameter, "2018-01-02")


def test_from_after_to_is_refused():
    with pytest.raises(FilterError, match="must be the same as or before") as info:
        parsed("from=2018-02-01&to=2018-01-31")

    assert (info.value.parameter, info.value.value) == ("from", "2018-02-01")


@pytest.mark.parametrize(
    "date", ["year=2018", "from=2018-01-01", "to=2018-01-01", "as_of=2018-01-01"]
)
def test_undated_filter_conflicts_with_date_filters(date):
    with pytest.raises(FilterError, match="cannot filter by date") as info:
        parsed(f"dated=no&{date}")

    assert (info.value.parameter, info.value.value) == ("dated", "no")


@pytest.mark.parametrize("state", ["planned", "postponed", "cancelled"])
def test_done_filter_conflicts_with_other_states(state):
    with pytest.raises(FilterError, match="not both") as info:
        parsed(f"done=yes&state={state}")

    assert (info.value.parameter, info.value.value) == ("done", "yes")
    assert parsed("done=yes&state=held").state == ("held",)


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("from=singlemessage&isappinstalled=0", {}),
        ("from=2018-01-01&from=singlemessage", {"from": "2018-01-01"}),
        ("year=abc&as_of=x&done=maybe&dated=&state=%%%&kind=%3Cb%3E", {}),
        ("year=2018&year=2019", {"year": "2019"}),
        ("year=2018&year=", {"year": "2018"}),
        ("country=VN&country=la", {"country": "la"}),
        ("country=%00&topic=%ff", {}),
    ],
)
def test_readers_query_ignores_malformed_values_and_takes_the_last(query, values):
    result = read_filters(QueryDict(query), NAMES)

    assert (result.values, result.used, result.errors) == (values, values, {})
    assert result.filters == parse_filters(QueryDict(urlencode(values)), NAMES)


def test_readers_query_collects_an_error_for_each_value():
    query = QueryDict("country=VN&from=2019-01-01&to=2018-02-30&year=2567&kind=a b")

    result = read_filters(query, NAMES)

    assert list(result.errors) == ["year", "to"]
    assert result.filters == ListFilters()
    assert result.values == {
        "country": "VN",
        "year": "2567",
        "from": "2019-01-01",
        "to": "2018-02-30",
    }


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("from=2019-01-01&to=2018-01-01", ["from"]),
        ("dated=no&year=2018", ["dated"]),
        ("done=yes&state=planned", ["done"]),
        ("done=yes&state=planned&dated=no&from=2019-01-01", ["dated", "done"]),
    ],
)
def test_readers_query_collects_contradictions(query, parameters):
    assert list(read_filters(QueryDict(query), NAMES).errors) == parameters


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1),
        ("page=3", 3),
        ("page=3&page=4", 4),
        ("page=3&page=x", 3),
        ("page=0&page=-1&page=01&page=1.0&page=%D9%A1&page=", 1),
        ("page=" + "9" * 5000, 1),
    ],
)
def test_last_well_formed_page_counts(query, number):
    assert last_page(QueryDict(query)) == number
