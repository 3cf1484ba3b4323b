"""The contract of the API: the committed file is true, and so is every answer."""

import json
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from portal.api.views import CONTRACT
from portal.catalogue.registry import kinds
from portal.languages import BY_CODE
from tests.house.addresses import PUBLIC

API = {route: row for route, row in PUBLIC.items() if route.startswith("api/v1/")}
RECORDS = {route: row for route, row in API.items() if row.kind}
LISTS = {route: row for route, row in RECORDS.items() if row.is_list}
DETAILS = {route: row for route, row in RECORDS.items() if not row.is_list}


@pytest.fixture(scope="module")
def contract() -> dict:
    return json.loads(CONTRACT.read_text(encoding="utf-8"))


def _operations(contract: dict) -> Iterator[tuple[str, str, dict]]:
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _resolved(contract: dict, schema: dict) -> dict:
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = contract["components"]["schemas"][name]
    return schema


def _answered(contract: dict, path: str) -> dict:
    """The schema of what ``path`` answers with 200."""
    responses = contract["paths"][path]["get"]["responses"]
    return _resolved(
        contract, responses["200"]["content"]["application/json"]["schema"]
    )


def _item(contract: dict, path: str) -> dict:
    found = _answered(contract, path)
    return _resolved(contract, found["properties"]["results"]["items"])


def _path(row) -> str:
    """The contract's path of a row of the table."""
    return row.example.replace(f"{{{row.kind}}}", "{code}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_committed_contract_is_up_to_date(language):
    """Whatever the language of whoever asks: its descriptions are messages."""
    with translation.override(language):
        call_command("openapi", check=True)


def test_contract_is_built_without_a_warning():
    GENERATOR_STATS.reset()

    with GENERATOR_STATS.silence():
        SchemaGenerator().get_schema(request=None, public=True)

    warnings = {**GENERATOR_STATS._warn_cache, **GENERATOR_STATS._error_cache}
    GENERATOR_STATS.reset()
    assert warnings == {}


def test_contract_is_valid_openapi_3_1(contract):
    validate_schema(contract)

    assert contract["openapi"].startswith("3.1.")


def test_contract_is_read_only(contract):
    methods = {method for _path, method, _operation in _operations(contract)}

    assert methods == {"get"}


def test_contract_offers_a_key_and_requires_none(contract):
    security = [o["security"] for _path, _method, o in _operations(contract)]

    assert security == [[{"AgencyKey": []}, {}]] * len(security)
    scheme = contract["components"]["securitySchemes"]["AgencyKey"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == (
        "apiKey",
        "header",
        "Authorization",
    )


def test_contract_has_every_address_of_the_api(contract):
    told = {_path(row).partition("?")[0] for row in API.values()}
    told -= {"/api/v1/openapi.json"}

    assert set(contract["paths"]) == told


def test_every_public_kind_has_a_list_and_a_detail():
    assert {row.kind for row in LISTS.values()} == {kind.code for kind in kinds()}
    assert {row.kind for row in DETAILS.values()} == {kind.code for kind in kinds()}


def test_operations_are_named_once_and_told(contract):
    names = [operation["operationId"] for _p, _m, operation in _operations(contract)]

    assert len(names) == len(set(names))
    assert all(operation.get("tags") for _p, _m, operation in _operations(contract))


def test_every_operation_tells_its_problems(contract):
    for path, _method, operation in _operations(contract):
        expected = {"200", "400", "401", "404", "429"} | (
            {"410"} if "{" in path else set()
        )

        assert set(operation["responses"]) == expected, path
        for status in expected - {"200"}:
            content = operation["responses"][status]["content"]
            assert set(content) == {"application/problem+json"}, (path, status)


def test_every_operation_takes_the_language(contract):
    for path, _method, operation in _operations(contract):
        words = {p["name"]: p for p in operation["parameters"]}

        assert ", ".join(BY_CODE) in words["lang"]["description"], path


@pytest.mark.parametrize("route", LISTS)
def test_list_items_have_exactly_the_told_properties(route, contract, address, client):
    row = LISTS[route]

    answer = client.get(address(row.example)).json()

    told = set(_item(contract, _path(row))["properties"])
    assert set(answer) == set(_answered(contract, _path(row))["properties"])
    assert answer["results"]
    assert [set(item) for item in answer["results"]] == [told] * len(answer["results"])


@pytest.mark.parametrize("route", DETAILS)
def test_detail_has_exactly_the_told_properties(route, contract, address, client):
    row = DETAILS[route]

    answer = client.get(address(row.example)).json()

    assert set(answer) == set(_answered(contract, _path(row))["properties"])


@pytest.mark.parametrize("route", DETAILS)
def test_detail_and_list_tell_the_same(route, address, client):
    row = DETAILS[route]
    listed = client.get(row.example.replace(f"{{{row.kind}}}/", "")).json()["results"]

    assert client.get(address(row.example)).json() in listed


@pytest.mark.parametrize("route", RECORDS)
def test_answers_match_the_schema(route, contract, address, client):
    import jsonschema

    row = RECORDS[route]
    schema = {**_answered(contract, _path(row)), "components": contract["components"]}

    answer = client.get(address(row.example), {"lang": "km"}).json()

    jsonschema.Draft202012Validator(schema).validate(answer)


@pytest.mark.parametrize("route", API)
def test_answers_have_told_statuses(route, contract, address, client):
    row = API[route]
    responses = contract["paths"].get(_path(row), {}).get("get", {}).get("responses")
    asked = ["", "?lang=zh-hans"]
    # The contract itself is a file: it takes no words.
    asked += ["?lang=xx", "?no-such-word=1", "?page_size=1"] if responses else []

    statuses = {q: client.get(address(row.example) + q).status_code for q in asked}

    told = responses or {"200": {}}
    assert {str(status) for status in statuses.values()} <= set(told), statuses
    assert statuses[""] == statuses["?lang=zh-hans"] == 200
    assert {statuses[q] for q in asked if q in ("?lang=xx", "?no-such-word=1")} <= {400}


@pytest.mark.parametrize("route", DETAILS)
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("no-such-code", 404),
        ("0", 404),
        ("999999999999999999999", 404),
        ("%00", 400),
    ],
)
def test_unknown_code_is_a_problem(route, code, status, house, db, client):
    row = DETAILS[route]

    response = client.get(row.example.replace(f"{{{row.kind}}}", code))

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert set(response.json()) == {"type", "title", "status", "code", "detail"}
