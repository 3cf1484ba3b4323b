"""Cross-origin requests: which responses scripts of other websites may read."""

import pytest
from django.db import ProgrammingError, connection
from django.test import Client

from portal.core.api.throttles import PublicAPIThrottle
from tests.factories.conference import article
from tests.factories.publishing import published, withdrawn

pytestmark = pytest.mark.django_db
ORIGIN = {"origin": "https://other.example"}
OPEN = {
    "/api/v1/articles/": 200,
    "/api/v1/articles/opening/": 200,
    "/api/v1/articles/none/": 404,
    "/api/v1/articles/gone/": 410,
    "/api/v1/articles/?lang=xx": 400,
    "/api/v1/articles/%00/": 400,
    "/api/v1/search/?q=opening": 200,
    "/api/v1/changes/": 200,
    "/api/v1/figures/counted/": 200,
    "/api/v1/openapi.json": 200,
    "/api/v1/nothing/": 404,
    "/en/feed.atom": 200,
    "/en/feed.json": 200,
    "/en/calendar.ics": 200,
    "/en/calendar.ics?year=1899": 400,
    "/zh-CN/feed.json": 301,
}
CLOSED = (
    "/",
    "/en/",
    "/en/news/opening/",
    "/en/calendar/",
    "/en/search/",
    "/en/report/",
    "/api/docs/",
    "/admin/login/",
    "/accounts/login/",
    "/admin/feed.json",
    "/accounts/calendar.ics",
    "/en/news/feed.json",
    "/en/feed.json/",
    "/live",
    "/robots.txt",
)


@pytest.fixture
def records():
    published(article("opening"))
    withdrawn(article("gone"))


def test_public_data_may_be_read_by_any_origin(client, records):
    for path, status in OPEN.items():
        for method in (client.get, client.head):
            response = method(path, headers=ORIGIN)

            assert response.status_code == status, path
            assert response["Access-Control-Allow-Origin"] == "*", path
            exposed = response["Access-Control-Expose-Headers"]
            assert {"ETag", "Retry-After", "Content-Language"} <= set(
                exposed.split(", ")
            )
            assert "Origin" not in response.get("Vary", ""), path
            assert "Access-Control-Allow-Credentials" not in response, path


def test_header_is_the_same_without_an_origin(client, records):
    assert client.get("/api/v1/articles/")["Access-Control-Allow-Origin"] == "*"


def test_not_modified_answer_may_be_read_by_any_origin(client, records):
    for path in ("/api/v1/articles/", "/en/feed.json", "/en/calendar.ics"):
        etag = client.get(path)["ETag"]

        response = client.get(path, headers={**ORIGIN, "if-none-match": etag})

        assert response.status_code == 304
        assert response["Access-Control-Allow-Origin"] == "*"


def test_refused_and_failed_requests_may_be_read_by_any_origin(monkeypatch):
    client = Client(raise_request_exception=False)

    def fail(execute, sql, params, many, context):
        raise ProgrammingError

    with connection.execute_wrapper(fail):
        failed = client.get("/api/v1/articles/", headers=ORIGIN)
    monkeypatch.setattr(PublicAPIThrottle, "rate", "1/min", raising=False)
    responses = [client.get("/api/v1/articles/", headers=ORIGIN) for _ in range(2)]
    unknown_host = client.get("/api/v1/articles/", headers={"host": "evil.example"})

    assert (failed.status_code, responses[-1].status_code) == (500, 429)
    for response in (failed, responses[-1], unknown_host):
        assert response["Access-Control-Allow-Origin"] == "*"


def test_pages_and_staff_addresses_are_closed_to_other_origins(client, records):
    for path in CLOSED:
        response = client.get(path, headers=ORIGIN)

        assert response.status_code < 500, path
        assert "Access-Control-Allow-Origin" not in response, path


def test_preflight_and_writing_are_not_allowed_to_other_origins(client, records):
    for path in ("/api/v1/articles/", "/en/feed.json"):
        preflight = client.options(
            path, headers={**ORIGIN, "access-control-request-method": "DELETE"}
        )

        for response in (preflight, client.post(path, headers=ORIGIN)):
            assert "Access-Control-Allow-Origin" not in response, path
            assert "Access-Control-Allow-Methods" not in response, path
