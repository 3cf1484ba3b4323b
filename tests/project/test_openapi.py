"""The committed OpenAPI schema is up to date, and every answer agrees with it."""

import json
from collections.abc import Iterator
from itertools import product

import pytest
from django.core.management import call_command
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from portal.content.catalogue.registry import all_kinds
from portal.core.api.views import OPENAPI_FILE
from portal.core.languages import LANGUAGES_BY_CODE
from tests.failures import collect_failures
from tests.project.url_table import PUBLIC

API = {route: row for route, row in PUBLIC.items() if route.startswith("api/v1/")}
RECORDS = {route: row for route, row in API.items() if row.kind}
LISTS = {route: row for route, row in RECORDS.items() if row.is_list}
DETAILS = {route: row for route, row in RECORDS.items() if not row.is_list}


@pytest.fixture(scope="module")
def contract() -> dict:
    return json.loads(OPENAPI_FILE.read_text(encoding="utf-8"))


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
    """Return the schema of the answer with status 200."""
    responses = contract["paths"][path]["get"]["responses"]
    return _resolved(
        contract, responses["200"]["content"]["application/json"]["schema"]
    )


def _item(contract: dict, path: str) -> dict:
    schema = _answered(contract, path)
    return _resolved(contract, schema["properties"]["results"]["items"])


def _path(row) -> str:
    """Return the path that the contract has for a row of the table of addresses."""
    return row.example.replace(f"{{{row.kind}}}", "{code}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_committed_openapi_schema_is_up_to_date(language):
    """In any active language, although its descriptions are translatable messages."""
    with translation.override(language):
        call_command("openapi", check=True)


def test_openapi_schema_generates_without_warnings():
    GENERATOR_STATS.reset()

    with GENERATOR_STATS.silence():
        SchemaGenerator().get_schema(request=None, public=True)

    warnings = {**GENERATOR_STATS._warn_cache, **GENERATOR_STATS._error_cache}
    GENERATOR_STATS.reset()
    assert warnings == {}


def test_openapi_schema_is_valid_3_1(contract):
    validate_schema(contract)

    assert contract["openapi"].startswith("3.1.")


def test_openapi_schema_is_read_only(contract):
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


def test_openapi_schema_covers_every_api_url(contract):
    paths = {_path(row).partition("?")[0] for row in API.values()}

    assert set(contract["paths"]) == paths - {"/api/v1/openapi.json"}


def test_every_public_kind_has_a_list_and_a_detail():
    assert {row.kind for row in LISTS.values()} == {kind.code for kind in all_kinds()}
    assert {row.kind for row in DETAILS.values()} == {kind.code for kind in all_kinds()}


def test_operation_ids_are_unique_and_described(contract):
    names = [operation["operationId"] for _p, _m, operation in _operations(contract)]

    assert len(names) == len(set(names))
    assert all(operation.get("tags") for _p, _m, operation in _operations(contract))


def test_every_operation_documents_error_responses(contract):
    for path, _method, operation in _operations(contract):
        expected = {"200", "400", "401", "404", "429"} | (
            {"410"} if "{" in path else set()
        )

        assert set(operation["responses"]) == expected, path
        for status in expected - {"200"}:
            content = operation["responses"][status]["content"]
            assert set(content) == {"application/problem+json"}, (path, status)


def test_every_operation_documents_language_parameter(contract):
    for path, _method, operation in _operations(contract):
        parameters = {p["name"]: p for p in operation["parameters"]}

        assert ", ".join(LANGUAGES_BY_CODE) in parameters["lang"]["description"], path


def test_list_items_match_documented_properties(contract, address, client):
    with collect_failures() as failures:
        for route, row in LISTS.items():
            with failures.isolated_case(route):
                answer = client.get(address(row.example)).json()
                page = _answered(contract, _path(row))["properties"]
                item = _item(contract, _path(row))["properties"]
                assert set(answer) == set(page)
                assert answer["results"]
                for result in answer["results"]:
                    assert set(result) == set(item)


def test_detail_matches_documented_properties(contract, address, client):
    with collect_failures() as failures:
        for route, row in DETAILS.items():
            with failures.isolated_case(route):
                answer = client.get(address(row.example)).json()
                assert set(answer) == set(_answered(contract, _path(row))["properties"])


def test_detail_and_list_items_agree(address, client):
    with collect_failures() as failures:
        for route, row in DETAILS.items():
            with failures.isolated_case(route):
                of_list = row.example.replace(f"{{{row.kind}}}/", "")
                detail = client.get(address(row.example)).json()
                assert detail in client.get(of_list).json()["results"]


def test_responses_match_schema(contract, address, client):
    import jsonschema

    with collect_failures() as failures:
        for route, row in RECORDS.items():
            with failures.isolated_case(route):
                schema = _answered(contract, _path(row))
                schema = {**schema, "components": contract["components"]}
                answer = client.get(address(row.example), {"lang": "km"}).json()
                jsonschema.Draft202012Validator(schema).validate(answer)


def test_responses_use_documented_statuses(contract, address, client):
    with collect_failures() as failures:
        for route, row in API.items():
            with failures.isolated_case(route):
                operation = contract["paths"].get(_path(row), {}).get("get", {})
                _check_statuses(
                    client, address(row.example), operation.get("responses")
                )


def _check_statuses(client, path: str, responses: dict | None) -> None:
    # The contract itself is a file without parameters.
    invalid = ["?lang=xx", "?no-such-word=1"] if responses else []
    queries = ["", "?lang=zh-hans", *invalid, *(["?page_size=1"] if responses else [])]

    statuses = {query: client.get(path + query).status_code for query in queries}

    documented = set(responses or {"200": {}})
    assert {str(status) for status in statuses.values()} <= documented, statuses
    assert statuses[""] == statuses["?lang=zh-hans"] == 200
    assert {statuses[query] for query in invalid} <= {400}


def test_unknown_code_returns_problem_details(url_values, db, client):
    codes = {"no-such-code": 404, "0": 404, "999999999999999999999": 404, "%00": 400}

    with collect_failures() as failures:
        for (route, row), (code, status) in product(DETAILS.items(), codes.items()):
            with failures.isolated_case(route, code):
                response = client.get(row.example.replace(f"{{{row.kind}}}", code))
                assert response.status_code == status
                assert response["Content-Type"] == "application/problem+json"
                properties = {"type", "title", "status", "code", "detail"}
                assert set(response.json()) == properties
