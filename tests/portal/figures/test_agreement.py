"""A number, the list behind it, the spreadsheet and the API never differ."""

import csv
import datetime as dt

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.figures.registry import facts
from tests.portal.figures import worlds

pytestmark = pytest.mark.django_db

DAYS = st.dates(dt.date(2014, 12, 31), dt.date(2020, 12, 31))
ASKED = st.fixed_dictionaries(
    {"as_of": DAYS},
    optional={
        "country": st.sampled_from(worlds.COUNTRIES),
        "year": st.integers(2015, 2019),
    },
)


@pytest.fixture(params=[1, 2])
def world(request) -> list[worlds.Drawn]:
    return worlds.build(request.param)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=ASKED, data=st.data())
def test_number_is_list_is_sheet_is_api(world, client, asked, data):
    cache.clear()  # the limit of requests in a minute is not in question here
    page = client.get("/en/figures/", asked).context
    api = client.get("/api/v1/figures/counted/", {**asked, "lang": "en"}).json()
    sheet = _sheet(client.get("/en/figures.csv", asked))

    # The page, the spreadsheet and the API tell the same numbers, all of them …
    of_page = {_key(cell): _numbers(cell) for cell in _cells(page)}
    assert of_page == {key: numbers for key, (numbers, _url, _api) in sheet.items()}
    assert of_page == {key: numbers for key, (numbers, _cell) in _of_api(api).items()}
    # … which are those that were drawn …
    for code, group, key in of_page:
        expected = _expected(world, code, group, key, asked)
        assert of_page[code, group, key] == expected, (code, group, key)
    # … and those of the lists that they lead to.
    told = _of_api(api)
    places = st.lists(st.sampled_from(sorted(told)), min_size=1, max_size=4)
    for place in data.draw(places):
        numbers, cell = told[place]
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
    """Every number that the page shows: totals, and the cells of its tables."""
    yield from page["totals"]
    for table in (page["years"], page["by_country"], *page["kinds"]):
        for row in table.rows:
            yield from (cell for cell in row.cells if cell.records or cell.undated)


def _key(cell) -> tuple[str, str, str]:
    return (cell.fact.code, cell.group, cell.key)


def _numbers(cell) -> tuple[int, int, int, int]:
    return (cell.value, cell.records, cell.unnumbered, cell.undated)


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


def _of_api(answer: dict) -> dict:
    found = {}
    for figure in answer["figures"]:
        groups = {"overall": [figure["total"]], "year": figure["by_year"]}
        groups |= {"country": figure["by_country"], "kind": figure["by_kind"]}
        for group, cells in groups.items():
            for cell in cells:
                names = ("value", "records", "without_number", "undated")
                numbers = tuple(cell[name] for name in names)
                found[figure["code"], group, cell["key"]] = (numbers, cell)
    return found


def _expected(world, code: str, group: str, key: str, asked: dict) -> tuple:
    country = key if group == "country" else asked.get("country", "")
    year = int(key) if group == "year" else asked.get("year")
    of_kind = [d for d in world if group != "kind" or d.kind == key]
    *numbers, undated = worlds.told(of_kind, code, asked["as_of"], country, year)
    return (*numbers, 0 if group == "year" else undated)


def _listed(client, url: str) -> int:
    return client.get(url).context["page"].count


def _answered(client, url: str) -> int:
    return len(client.get(f"{url}&page_size=200").json()["results"])


def test_worlds_have_what_must_not_count(world):
    """The agreement above would be worth little in a world where everything counts."""
    assert {drawn.is_public for drawn in world} == {True, False}
    assert {drawn.precision for drawn in world} == {"day", "month", "year", ""}
    assert {drawn.state for drawn in world} == {
        *("", "held", "planned", "postponed", "cancelled")
    }
    codes = {fact.code for fact in facts()} - {"seminar-participants"}
    assert {drawn.fact for drawn in world} == {"", *codes}
