"""Every address answers 503 when the database fails at any of its queries."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.failures import collect_failures
from tests.project.url_table import PUBLIC, opened

# Answered without a query.
WITHOUT_DATABASE = {
    "",
    "live",
    "ready",
    "robots.txt",
    "favicon.ico",
    "apple-touch-icon.png",
    "apple-touch-icon-precomposed.png",
    ".well-known/security.txt",
    "api/v1/openapi.json",
    "api/docs/",
    "sitemap-pages.xml",
    "<lang>/accessibility/",
    "<lang>/card.png",
    "<lang>/contact/",
    "<lang>/exchanges/meetings/",
    "<lang>/privacy/",
    "<lang>/report/",
    "<lang>/search/opensearch.xml",
}


class FailingDatabase:
    """Lets a number of queries pass and fails from then on."""

    def __init__(self, passing: int):
        self.remaining = passing
        self.has_failed = False

    def __call__(self, execute, sql, params, many, context):
        if self.remaining <= 0:
            self.has_failed = True
            message = f"server closed the connection\nLINE 1: {sql}"
            raise OperationalError(message)
        self.remaining -= 1
        return execute(sql, params, many, context)


def assert_unavailable_at_queries(path: str, client: Client):
    """Fail the first, second, third, fifth, ninth … query of ``path``."""
    for passing in (0, 1, 2, 4, 8, 16, 32, 64):
        database = FailingDatabase(passing)
        with connection.execute_wrapper(database):
            answer = opened(client, path)
        if not database.has_failed:
            assert passing > 0, "the address needs no database"
            return
        assert answer.status_code == 503, (path, passing)
        assert "no-store" in answer["Cache-Control"]
        assert int(answer["Retry-After"]) > 0
        assert "server closed" not in answer.body.decode()


def test_public_address_is_503_when_the_database_fails(address):
    client = Client(raise_request_exception=False)

    with collect_failures() as failures:
        for route in sorted(set(PUBLIC) - WITHOUT_DATABASE):
            with failures.isolated_case(route):
                path = address(PUBLIC[route].example)
                assert_unavailable_at_queries(path, client)


@pytest.mark.django_db
def test_staff_address_is_503_when_the_database_fails(admin_user):
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)

    with collect_failures() as failures:
        for path in ("/admin/", "/admin/conference/article/", "/accounts/"):
            with failures.isolated_case(path):
                assert_unavailable_at_queries(path, client)
