"""Responses with status 503 while the database is unavailable."""

import logging

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.test import Client

from portal.conference.site_pages import HomeView
from portal.core.languages import LANGUAGES
from tests.portal.core.test_database import needs_postgresql

pytestmark = pytest.mark.django_db
SECRET = "SELECT 'a secret value'"
MESSAGE = f"server closed the connection unexpectedly\nLINE 1: {SECRET}"


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def unavailable():
    """Make every statement fail as if the connection was lost."""
    with connection.execute_wrapper(_fail_with(OperationalError(MESSAGE))):
        yield


def _fail_with(error):
    def fail(execute, sql, params, many, context):
        raise error

    return fail


def test_page_is_503_in_the_language_of_the_address(client, unavailable):
    for language in LANGUAGES:
        response = client.get(
            f"/{language.code}/news/", headers={"accept-language": "pt"}
        )

        html = response.content.decode()
        assert response.status_code == 503, language
        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert response["Content-Language"] == language.tag
        assert f'<html lang="{language.tag}">' in html
        assert '<p class="error__code" aria-hidden="true">503</p>' in html
        assert '<meta name="robots" content="noindex">' in html
        assert int(response["Retry-After"]) > 0
        assert response["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers


def test_address_without_a_language_is_503_in_the_readers(client, unavailable):
    for path in ("/ywb/old.shtml", "/files/0123/name.pdf"):
        response = client.get(path, headers={"accept-language": "vi"})

        assert response.status_code == 503, path
        assert '<html lang="vi">' in response.content.decode()
        assert "Accept-Language" in response["Vary"]
        assert response["Cache-Control"] == "no-store"


def test_api_is_503_as_a_problem(client, unavailable):
    for path in ("/api/v1/articles/", "/api/v1/changes/", "/api/v1/search/?q=a"):
        response = client.get(path)

        assert response.status_code == 503, path
        assert response["Content-Type"] == "application/problem+json"
        assert (response.json()["status"], response.json()["code"]) == (
            503,
            "unavailable",
        )
        assert int(response["Retry-After"]) > 0
        assert response["Cache-Control"] == "no-store"
        assert response["Access-Control-Allow-Origin"] == "*"


def test_feeds_calendars_and_sitemaps_are_503_as_text(client, unavailable):
    for path in (
        "/en/calendar.ics",
        "/en/feed.atom",
        "/en/feed.json",
        "/en/figures.csv",
        "/sitemap.xml",
        "/en/conference/1/card.png",
    ):
        response = client.get(path)

        assert response.status_code == 503, path
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert b"<" not in response.content
        assert response["Cache-Control"] == "no-store"


def test_staff_address_is_503_in_a_staff_language(client, admin_user, unavailable):
    client.cookies["sessionid"] = "x" * 32
    for path in ("/admin/", "/admin/preview/token/en/", "/accounts/login/"):
        for accepted, tag in (("zh-TW, vi", "zh-Hans"), ("vi", "en"), ("", "en")):
            response = client.get(path, headers={"accept-language": accepted})

            assert response.status_code == 503, path
            assert f'<html lang="{tag}">' in response.content.decode()
            assert "no-store" in response["Cache-Control"]


def test_staff_page_is_503_in_the_persons_language(client, admin_user):
    admin_user.interface_language = "zh-hans"
    admin_user.save()
    client.force_login(admin_user)

    def fail_later(execute, sql, params, many, context):
        if "conference_article" in sql:
            raise OperationalError(MESSAGE)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_later):
        response = client.get(
            "/admin/conference/article/", headers={"accept-language": "en"}
        )

    assert response.status_code == 503
    assert '<html lang="zh-Hans">' in response.content.decode()


def test_session_that_cannot_be_saved_is_503(client, monkeypatch):
    """Without special handling, Django's error for this would lead to status 400."""
    data = {"language": "zh-hans", "next": "/"}
    assert client.post("/accounts/language/", data).status_code == 302

    def save(self, must_create=False):
        with connection.execute_wrapper(_fail_with(OperationalError(MESSAGE))):
            return original(self, must_create)

    original = SessionStore.save
    monkeypatch.setattr(SessionStore, "save", save)

    response = client.post("/accounts/language/", data)

    assert response.status_code == 503


def test_each_request_is_logged_once_without_the_statement(client, unavailable, caplog):
    with caplog.at_level(logging.INFO):
        client.get("/en/news/")
        client.get("/api/v1/articles/")

    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in errors] == [
        f"503 for GET {path!r}, the database is unavailable: "
        "OperationalError: server closed the connection unexpectedly"
        for path in ("/en/news/", "/api/v1/articles/")
    ]
    assert all(record.exc_info is None for record in errors)
    assert "secret" not in caplog.text


def test_other_database_errors_are_500(client, caplog):
    for error in (
        ProgrammingError("relation does not exist"),
        InternalError("transaction is aborted"),
        InterfaceError("cursor already closed"),
    ):
        with connection.execute_wrapper(_fail_with(error)):
            responses = [
                client.get(path) for path in ("/en/news/", "/api/v1/articles/")
            ]

        assert [response.status_code for response in responses] == [500, 500], error
    # Logged with a traceback, because the fault has to be repaired.
    assert any(record.exc_info for record in caplog.records)


@needs_postgresql
def test_statement_that_takes_too_long_is_503(client, monkeypatch, caplog):
    def sleep(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 100")
            cursor.execute("SELECT pg_sleep(20), %s", ["a secret value"])

    monkeypatch.setattr(HomeView, "get_context_data", sleep)

    response = client.get("/en/")

    assert response.status_code == 503
    assert "57014: canceling statement due to statement timeout" in caplog.text
    assert "secret" not in caplog.text
