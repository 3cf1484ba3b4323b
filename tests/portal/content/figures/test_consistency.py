"""Counts agree between statistics page, record lists, spreadsheet and API."""

import csv
import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.content.figures.registry import all_indicators
from tests.portal.content.figures import random_dataset

pytestmark = pytest.mark.django_db

DAYS = st.dates(dt.date(2014, 12, 31), dt.date(2020, 12, 31))
FILTERS = st.fixed_dictionaries(
    {"as_of": DAYS},
    optional={
        "country": st.sampled_from(random_dataset.COUNTRIES),
        "year": st.integers(2015, 2019),
    },
)


@pytest.fixture(scope="module", params=[1, 2])
def world(request, rows_of_module) -> Iterator[list[random_dataset.RandomRecord]]:
    with rows_of_module(lambda: random_dataset.build(request.param)) as records:
        yield records


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(filters=FILTERS, data=st.data())
def test_page_csv_api_and_list_counts_agree(world, client, filters, data):
    cache.clear()  # the limit of requests per minute is not tested here
    page = client.get("/en/figures/", filters).context
    api = client.get("/api/v1/figures/counted/", {**filters, "lang": "en"}).json()
    sheet = _sheet(client.get("/en/figures.csv", filters))

    # Page, spreadsheet and API show the same counts.
    of_page = {_key(cell): _numbers(cell) for cell in _cells(page)}
    assert of_page == {key: numbers for key, (numbers, _url, _api) in sheet.items()}
    assert of_page == {key: numbers for key, (numbers, _cell) in _of_api(api).items()}
    # The counts are those expected for the random dataset.
    for code, group, key in of_page:
        expected = _expected(world, code, group, key, filters)
        assert of_page[code, group, key] == expected, (code, group, key)
    # Each count is the length of the record list and of the API list that it links to.
    api_cells = _of_api(api)
    places = st.lists(st.sampled_from(sorted(api_cells)), min_size=1, max_size=4)
    for place in data.draw(places):
        numbers, cell = api_cells[place]
        _value, records, _unnumbered, undated = numbers
        assert sheet[place][1:] == (cell["url"], cell["api_url"])
        assert _listed(client, cell["url"]) == records
        assert _answered(client, cell["api_url"]) == records
        if place[1] == "year":
            assert (cell["undated_url"], cell["undated_api_url"]) == (None, None)
        else:
            assert _listed(client, cell["undated_url"]) == undated
            assert _answered(client, cell["undated_api_url"]) == undated


def _cells(page):
    """Yield the totals of the page and every non-empty cell of its tables."""
    yield from page["totals"]
    for table in (page["by_year"], page["by_country"], *page["by_kind"]):
        for row in table.rows:
            yield from (cell for cell in row.cells if cell.records or cell.undated)


def _key(cell) -> tuple[str, str, str]:
    return (cell.indicator.code, cell.group, cell.key)


def _numbers(cell) -> tuple[int, int, int, int]:
    return (cell.value, cell.records, cell.without_number, cell.undated)


def _sheet(response) -> dict:
    rows = csv.DictReader(response.content.decode("utf-8-sig").splitlines())
    host = "http://testserver"
    return {
        (row["code"], row["group"], row["key"]): (
            (
                int(row["value"]),
                int(row["records"]),
                int(row["without_number"]),
                int(row["undated"] or 0),
            ),
            row["list"].removeprefix(host),
            row["api"].removeprefix(host),
        )
        for row in rows
    }


def _of_api(body: dict) -> dict:
    result = {}
    for figure in body["figures"]:
        groups = {"overall": [figure["total"]], "year": figure["by_year"]}
        groups |= {"country": figure["by_country"], "kind": figure["by_kind"]}
        for group, cells in groups.items():
            for cell in cells:
                names = ("value", "records", "without_number", "undated")
                numbers = tuple(cell[name] for name in names)
                result[figure["code"], group, cell["key"]] = (numbers, cell)
    return result


def _expected(world, code: str, group: str, key: str, filters: dict) -> tuple:
    country = key if group == "country" else filters.get("country", "")
    year = int(key) if group == "year" else filters.get("year")
    of_kind = [d for d in world if group != "kind" or d.kind == key]
    *numbers, undated = random_dataset.expected_numbers(
        of_kind, code, filters["as_of"], country, year
    )
    return (*numbers, 0 if group == "year" else undated)


def _listed(client, url: str) -> int:
    return client.get(url).context["pager"].count


def _answered(client, url: str) -> int:
    return len(client.get(f"{url}&page_size=200").json()["results"])


def test_random_dataset_contains_excluded_records(world):
    """Without such records the comparison above would not test the exclusion rules."""
    assert {record.is_public for record in world} == {True, False}
    assert {record.precision for record in world} == {"day", "month", "year", ""}
    assert {record.state for record in world} == {
        *("", "held", "planned", "postponed", "cancelled")
    }
    codes = {fact.code for fact in all_indicators()} - {"seminar-participants"}
    assert {record.fact for record in world} == {"", *codes}
