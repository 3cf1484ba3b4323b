"""Number of queries of each address: the same with one related row and with three.

The records have a row in each of their relations. Lower a number when a page becomes
cheaper; raising one is a design decision.
"""

from itertools import product

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.catalogue.registry import all_kinds, get_kind
from portal.reference.directory.models import Topic
from tests.factories import publishing as states
from tests.factories.directory import name_change
from tests.failures import collect_failures
from tests.project.kind_factories import days_of
from tests.project.related_records import enrich, fresh, owner_of
from tests.project.url_table import ADMIN_MODELS, PUBLIC, opened

# The most that the design allows. The API: a seminar has sessions and materials.
MOST = {"home": 8, "detail": 6, "list": 4, "api": 5, "changelist": 8}

QUERIES: dict[str, int] = {
    "": 0,
    "live": 0,
    # Queries the database in a thread with a connection of its own.
    "ready": 0,
    "robots.txt": 0,
    "favicon.ico": 0,
    "apple-touch-icon.png": 0,
    "apple-touch-icon-precomposed.png": 0,
    ".well-known/security.txt": 0,
    "sitemap.xml": 2,
    "sitemap-pages.xml": 0,
    "sitemap-<int:number>.xml": 1,
    "files/<str:sha256>/<str:name>": 2,
    "^(?P<path>ywb/.+)$": 1,
    # A missing address is looked up again without its trailing characters.
    r"^(?P<path>[0-9]{4}-[0-9]{2}/[0-9]{2}/c_[0-9]+\.htm)$": 2,
    "<lang>/": 7,
    "<lang>/conference/": 3,
    "<lang>/conference/<int:number>/": 5,
    "<lang>/documents/": 3,
    "<lang>/documents/<str:code>/": 4,
    "<lang>/news/": 3,
    "<lang>/news/<slug:slug>/": 3,
    "<lang>/about/": 3,
    "<lang>/about/<slug:slug>/": 2,
    "<lang>/countries/": 1,
    "<lang>/countries/<str:iso2>/": 4,
    "<lang>/organs/<slug:key>/": 4,
    "<lang>/seminars/": 3,
    "<lang>/seminars/<str:code>/": 5,
    "<lang>/delegations/": 3,
    "<lang>/delegations/<str:code>/": 4,
    "<lang>/exchanges/": 4,
    "<lang>/exchanges/meetings/": 0,
    "<lang>/exchanges/meetings/<str:code>/": 5,
    "<lang>/exchanges/<slug:key>/": 5,
    "<lang>/calendar/": 3,
    "<lang>/calendar.ics": 3,
    "<lang>/feed.atom": 4,
    "<lang>/feed.json": 4,
    "<lang>/figures/": 5,
    "<lang>/figures.csv": 3,
    "<lang>/search/": 4,
    "<lang>/contact/": 0,
    "<lang>/accessibility/": 0,
    "<lang>/privacy/": 0,
    "<lang>/site-map/": 1,
    "<lang>/card.png": 0,
    "<lang>/<path:page>/print/": 4,
    "<lang>/<path:page>/card.png": 3,
    "<lang>/report/": 0,
    "api/v1/openapi.json": 0,
    "api/docs/": 0,
    "api/v1/changes/": 1,
    "api/v1/^editions/$": 4,
    "api/v1/^editions/(?P<code>[^/]+)/$": 4,
    "api/v1/^documents/$": 4,
    "api/v1/^documents/(?P<code>[^/]+)/$": 4,
    "api/v1/^articles/$": 3,
    "api/v1/^articles/(?P<code>[^/]+)/$": 3,
    "api/v1/^pages/$": 2,
    "api/v1/^pages/(?P<code>[^/]+)/$": 2,
    "api/v1/^countries/$": 2,
    "api/v1/^countries/(?P<code>[^/]+)/$": 2,
    "api/v1/^organs/$": 2,
    "api/v1/^organs/(?P<code>[^/]+)/$": 2,
    "api/v1/search/": 4,
    "api/v1/figures/counted/": 3,
    "api/v1/^figures/$": 3,
    "api/v1/^figures/(?P<code>[^/]+)/$": 3,
    "api/v1/^seminars/$": 5,
    "api/v1/^seminars/(?P<code>[^/]+)/$": 5,
    "api/v1/^visits/$": 4,
    "api/v1/^visits/(?P<code>[^/]+)/$": 4,
    "api/v1/^mechanisms/$": 3,
    "api/v1/^mechanisms/(?P<code>[^/]+)/$": 3,
    "api/v1/^meetings/$": 4,
    "api/v1/^meetings/(?P<code>[^/]+)/$": 4,
}
CHANGELISTS: dict[str, int] = {
    "accounts/agency": 4,
    "accounts/agencykey": 4,
    "accounts/signin": 4,
    "accounts/user": 5,
    "changes/change": 4,
    "conference/article": 5,
    "conference/document": 5,
    "conference/edition": 5,
    "conference/page": 4,
    "delegations/member": 6,
    "delegations/visit": 6,
    "directory/country": 4,
    "directory/namechange": 5,
    "directory/namedparty": 5,
    "directory/organ": 5,
    "directory/place": 5,
    "directory/topic": 4,
    "exchanges/coordinationrequest": 7,
    "exchanges/mechanism": 5,
    "exchanges/meeting": 6,
    "figures/reportedfigure": 5,
    "files/picture": 4,
    "files/storedfile": 5,
    "history/deed": 4,
    "jobs/job": 5,
    "people/person": 5,
    "publishing/errorreport": 5,
    "publishing/evidenceonlyhost": 4,
    "publishing/importbatch": 4,
    "publishing/proposal": 6,
    "publishing/redirect": 4,
    "seminars/certificate": 7,
    "seminars/participant": 6,
    "seminars/seminar": 5,
    "seminars/trainingrecord": 5,
}
# A value for each filter of a list.
ASKED = {
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


@pytest.fixture(scope="module", params=[1, 3])
def stocked(request, rows_of_module, django_db_blocker) -> dict[str, str]:
    """One or three records of each kind with all relations; values for addresses."""
    with rows_of_module():
        with django_db_blocker.unblock():
            words = {kind.code: _publish(kind, request.param) for kind in all_kinds()}
            for record in get_kind("document").model.objects.published(states.AT):
                states.proposal(record)
            for topic in Topic.objects.all():
                name_change(topic)
            _fill_the_rest(request.param)
            words["file"] = _public_file()
        yield words | {"country": words["country"].lower()}


def _publish(kind, rows: int) -> str:
    records = [enrich(fresh(kind.model, **days_of(kind)), rows) for _ in range(rows)]
    for record in records:
        states.published(record)
    return records[0].public_code


def _fill_the_rest(rows: int) -> None:
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


@pytest.fixture
def counted(stocked, db, client):
    """A function that requests an address and returns its number of queries."""

    def count(example: str, status: int = 200) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            response = opened(client, example.format(**stocked))
        assert response.status_code == status
        return len(queries)

    return count


def test_every_url_has_a_query_budget():
    assert set(QUERIES) == set(PUBLIC)
    assert set(CHANGELISTS) == set(ADMIN_MODELS)


def _valid_value(kind, word: str) -> str:
    """Return a value that the API accepts for the filter ``word`` of ``kind``."""
    if word in kind.choices and ASKED[word] not in kind.choices[word].values:
        return kind.choices[word].values[0]
    return ASKED[word]


def test_public_url_matches_query_budget(counted):
    with collect_failures() as failures:
        for route, row in PUBLIC.items():
            with failures.isolated_case(route):
                assert counted(row.example, row.status) == QUERIES[route]


def test_query_count_is_the_same_in_every_language(counted):
    pages = [route for route in PUBLIC if route.startswith("<lang>/")]

    with collect_failures() as failures:
        for route, language in product(pages, ("zh-hans", "zh-hant", "km")):
            with failures.isolated_case(route, language):
                row = PUBLIC[route]
                path = row.example.replace("/en/", f"/{language}/", 1)
                assert counted(path, row.status) == QUERIES[route]


def test_filters_add_no_queries(counted):
    with collect_failures() as failures:
        for route, row in PUBLIC.items():
            if not row.is_list:
                continue
            with failures.isolated_case(route):
                kind = get_kind(row.kind)
                words = {word: _valid_value(kind, word) for word in kind.filters}
                query = "&".join(f"{word}={value}" for word, value in words.items())
                # The API reads the countries to refuse any other value.
                more = int(route.startswith("api/") and "country" in words)
                assert counted(f"{row.example}?{query}") <= QUERIES[route] + more


def test_changelist_matches_query_budget(counted, client):
    client.force_login(states.staff(is_superuser=True))

    with collect_failures() as failures:
        for model, expected in CHANGELISTS.items():
            with failures.isolated_case(model):
                assert counted(f"/admin/{model}/") == expected


def test_query_budgets_stay_within_design_limits():
    for route, row in PUBLIC.items():
        if route.startswith("api/"):
            most = MOST["api"]
        elif route == "<lang>/":
            most = MOST["home"]
        else:
            most = MOST["list" if row.is_list else "detail"]
        if not route.startswith("files/"):
            assert QUERIES[route] <= most, route
    assert max(CHANGELISTS.values()) <= MOST["changelist"]


def test_budget_fixtures_include_every_child_model():
    """The dataset has rows of every inline, or the numbers would prove nothing."""
    parts = {"session", "material", "stop", "member", "agendaitem", "paragraph"}
    found = {m._meta.model_name for m in apps.get_models() if owner_of(m)}

    assert parts <= found
