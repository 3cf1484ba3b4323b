"""Number of queries of each address: the same with one related row and with three.

The records have a row in each of their relations. No address is listed here: each list,
page, endpoint and changelist is measured with both datasets. The limits may rise if the
CPU time of the page does not (docs/decisions/0064-unions-only-where-measured.md).
"""

from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.content.catalogue.registry import all_kinds, get_kind
from portal.core.languages import LANGUAGES_BY_CODE
from portal.reference.directory.models import Topic
from tests.factories import publishing as states
from tests.factories.directory import name_change
from tests.failures import collect_failures
from tests.project.kind_factories import days_of, public_topic
from tests.project.related_records import enrich, fresh, owner_of
from tests.project.url_table import ADMIN_MODELS, PUBLIC, Public, opened

# Numbers of records of each kind and relation: a query for each row makes a difference.
FEW, MANY = 1, 3
# The most queries for names in titles that are formed where none is written.
MOST_FOR_TITLES = 2
# The most queries that the design allows.
MOST = {"home": 10, "detail": 8, "list": 9, "api": 7, "changelist": 8}
LANGUAGES = ("zh-hans", "zh-hant", "km")
# A value for each filter of a list.
VALUES = {
    "country": "{country}",
    "organ": "sample-organ-1",
    "topic": "sample-topic-1",
    "kind": "treaty",
    "scope": "prosecutors",
    "direction": "inbound",
    "state": "held",
    "year": "2024",
    "from": "2024-01-01",
    "to": "2024-12-31",
    "as_of": "2024-12-31",
    "done": "yes",
    "dated": "yes",
}


@dataclass
class Counts:
    """Numbers of queries, by route (and language) or by ``app/model``."""

    public: dict[str, int] = field(default_factory=dict)
    languages: dict[tuple[str, str], int] = field(default_factory=dict)
    filtered: dict[str, int] = field(default_factory=dict)
    changelists: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def counts(rows_of_module) -> dict[int, Counts]:
    """The counts with few and with many records of each kind and relation."""
    measured = {}
    for rows in (FEW, MANY):
        with rows_of_module(lambda rows=rows: _measure(rows)) as result:
            measured[rows] = result
    return measured


def _measure(rows: int) -> Counts:
    ContentType.objects.get_for_models(*apps.get_models())
    values = _stock(rows)
    counts = Counts()
    client = Client()
    for route, row in PUBLIC.items():
        path = row.example.format(**values)
        counts.public[route] = _count(client, path, row.status)
        _measure_languages(counts, client, route, path)
        if rows == MANY and row.is_list:
            query = _filter_query(row, values)
            counts.filtered[route] = _count(client, f"{path}?{query}")
    client.force_login(states.staff(is_superuser=True))
    for model in ADMIN_MODELS:
        counts.changelists[model] = _count(client, f"/admin/{model}/")
    return counts


def _measure_languages(counts: Counts, client: Client, route: str, path: str) -> None:
    """Count the queries of an address in other languages."""
    if route.startswith("<lang>/"):
        for language in LANGUAGES:
            localized = path.replace("/en/", f"/{language}/", 1)
            number = _count(client, localized, PUBLIC[route].status)
            counts.languages[route, language] = number


def _count(client: Client, path: str, status: int = 200) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = opened(client, path)
    assert response.status_code == status, path
    return len(queries)


def _filter_query(row: Public, url_values: dict[str, str]) -> str:
    kind = get_kind(row.kind)
    values = {
        parameter: _valid_value(kind, parameter).format(**url_values)
        for parameter in kind.filters
    }
    return "&".join(f"{parameter}={value}" for parameter, value in values.items())


def _valid_value(kind, parameter: str) -> str:
    """Return a value that the API accepts for the filter ``word`` of ``kind``."""
    if (
        parameter in kind.choices
        and VALUES[parameter] not in kind.choices[parameter].values
    ):
        return kind.choices[parameter].values[0]
    return VALUES[parameter]


def _stock(rows: int) -> dict[str, str]:
    """Publish ``rows`` records of each kind; return values for the addresses."""
    values = {kind.code: _publish(kind, rows) for kind in all_kinds()}
    for record in get_kind("document").model.objects.published(states.AT):
        states.proposal(record)
    for topic in Topic.objects.all():
        name_change(topic)
    _fill_other_models(rows)
    return values | {
        "file": _public_file(),
        "country": values["country"].lower(),
        "topic": public_topic(),
    }


def _publish(kind, rows: int) -> str:
    records = [enrich(fresh(kind.model, **days_of(kind)), rows) for _ in range(rows)]
    return states.published_together(*records)[0].public_code


def _fill_other_models(rows: int) -> None:
    """Create rows of models in the admin that belong to no public record."""
    states.evidence_only_host()
    states.redirect()
    for name in ADMIN_MODELS:
        model = apps.get_model(*name.split("/"))
        if (
            model._meta.app_label in ("accounts", "exchanges")
            and not model.objects.exists()
        ):
            for _ in range(rows):
                enrich(fresh(model), rows)


def _public_file() -> str:
    document = get_kind("document").model.objects.published(states.AT).first()
    return states.attachment(document).file.get_absolute_url()


def test_public_url_query_count_does_not_grow(counts):
    with collect_failures() as failures:
        for route, number in counts[FEW].public.items():
            with failures.case(route):
                assert counts[MANY].public[route] == number


def test_other_languages_add_only_queries_for_names_in_titles(counts):
    """The records are written in English: other languages show formed titles."""
    assert set(LANGUAGES) < set(LANGUAGES_BY_CODE)
    with collect_failures() as failures:
        for (route, language), number in counts[MANY].languages.items():
            with failures.case(route, language):
                assert number <= counts[FEW].languages[route, language]
                assert number <= counts[MANY].public[route] + MOST_FOR_TITLES


def test_filters_add_few_queries(counts):
    """A list counts the options of a filter that is set with queries of their own."""
    with collect_failures() as failures:
        for route, number in counts[MANY].filtered.items():
            with failures.case(route):
                filters = get_kind(PUBLIC[route].kind).filters
                # The API reads the countries to refuse any other value.
                more = int(route.startswith("api/") and "country" in filters)
                if PUBLIC[route].is_list and not route.startswith("api/"):
                    more += 2 * len(filters)
                assert number <= counts[MANY].public[route] + more


def test_changelist_query_count_does_not_grow(counts):
    with collect_failures() as failures:
        for model, number in counts[FEW].changelists.items():
            with failures.case(model):
                assert counts[MANY].changelists[model] == number


def test_query_counts_stay_within_design_limits(counts):
    with collect_failures() as failures:
        for route, number in counts[FEW].public.items():
            with failures.case(route):
                assert number <= MOST[_limit_of(route)]
        for model, number in counts[FEW].changelists.items():
            with failures.case(model):
                assert number <= MOST["changelist"]


def _limit_of(route: str) -> str:
    if route.startswith("api/"):
        return "api"
    if route == "<lang>/":
        return "home"
    return "list" if PUBLIC[route].is_list else "detail"


def test_budget_fixtures_include_every_child_model():
    """The dataset has rows of every inline, or the numbers would prove nothing."""
    parts = {"session", "material", "stop", "member", "agendaitem", "paragraph"}
    models_with_owner = {m._meta.model_name for m in apps.get_models() if owner_of(m)}

    assert parts <= models_with_owner
