"""Every address answers 503 when the database fails, at the first query or later."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.house.addresses import PUBLIC, opened

# Answered without the database.
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


@pytest.mark.parametrize("route", sorted(set(PUBLIC) - WITHOUT_DATABASE))
def test_public_address_is_503_when_the_database_fails(route, address):
    client = Client(raise_request_exception=False)

    assert_unavailable_at_queries(address(PUBLIC[route].example), client)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/conference/article/", "/accounts/"]
)
def test_staff_address_is_503_when_the_database_fails(path, admin_user):
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)

    assert_unavailable_at_queries(path, client)
