"""Any cache may store public pages, because they depend on no session or cookie."""

import datetime as dt
import gzip
import re

import brotli
import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.http.middleware import ALREADY_COMPRESSED_TYPES
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.url_table import ADMIN, PUBLIC, opened

CACHED = [route for route, row in PUBLIC.items() if row.is_kept]
# Pages that the portal renders: no redirect, no error, no stored file.
PAGES = [
    route
    for route in CACHED
    if PUBLIC[route].status == 200 and not route.startswith("files/")
]
STRONG = re.compile(r'"[0-9a-f]{32}(-br|-gzip)?"')
PERSONAL = re.compile(r"django_session|accounts_user|auth_|django_admin_log")


@pytest.fixture
def sessions(db) -> dict[str, str]:
    """Session keys that a browser may send, valid and invalid."""
    clerk = states.staff()
    signed_in = Client()
    signed_in.force_login(clerk)
    expired = SessionStore()
    expired["_auth_user_id"] = str(clerk.pk)
    expired.set_expiry(timezone.now() - dt.timedelta(days=1))
    expired.save()
    return {
        "malformed": 'x"; \\" ,;=%00é',
        "unknown": "a" * 32,
        "expired": expired.session_key,
        "signed in": signed_in.cookies[settings.SESSION_COOKIE_NAME].value,
    }


def _with_session(key: str | None) -> Client:
    client = Client()
    if key is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        client.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
    return client


@pytest.fixture(scope="module")
def answers(url_values, django_db_blocker) -> dict:
    """The answer of every public address, by route."""
    with django_db_blocker.unblock():
        client = Client()
        responses = {}
        for route, row in PUBLIC.items():
            cache.clear()
            responses[route] = opened(client, row.example.format(**url_values))
        return responses


def test_session_cookie_does_not_affect_public_response(
    address, sessions, time_machine
):
    # Forms have the signed time at which they were opened.
    time_machine.move_to(timezone.now(), tick=False)

    with collect_failures() as failures:
        for route, row in PUBLIC.items():
            cache.clear()
            path = address(row.example)
            expected = opened(_with_session(None), path)
            for name, key in sessions.items():
                with failures.case(route, name):
                    _check_same_without_session(path, key, expected)


def _check_same_without_session(path: str, key: str, expected) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = opened(_with_session(key), path)

    assert response.body == expected.body
    assert dict(response.headers) == dict(expected.headers)
    assert not response.cookies
    assert not hasattr(response.wsgi_request, "session")
    assert [q["sql"] for q in queries if PERSONAL.search(q["sql"])] == []


def test_public_response_sets_no_cookie_and_never_varies_by_cookie(answers, db):
    with collect_failures() as failures:
        for route, response in answers.items():
            with failures.case(route):
                varies = {
                    word.strip().lower() for word in response.get("Vary", "").split(",")
                }
                assert "Set-Cookie" not in response.headers
                assert not response.cookies
                assert varies - {""} <= {"accept-encoding", "accept-language"}


def test_cacheable_response_is_marked_public(answers, db):
    with collect_failures() as failures:
        for route in CACHED:
            with failures.case(route):
                directives = answers[route]["Cache-Control"].split(",")
                directives = {directive.strip() for directive in directives}
                assert "public" in directives
                assert not {"private", "no-store", "no-cache"} & directives


def test_uncacheable_response_is_marked_no_store(answers, db):
    with collect_failures() as failures:
        for route in set(PUBLIC) - set(CACHED):
            with failures.case(route):
                assert answers[route]["Cache-Control"] == "no-store"


def test_page_has_strong_etag_per_encoding(address, client):
    with collect_failures() as failures:
        for route in PAGES:
            with failures.isolated_case(route):
                _check_encodings(client, address(PUBLIC[route].example))


def _check_encodings(client, path: str) -> None:
    plain = client.get(path)
    zipped = client.get(path, headers={"accept-encoding": "gzip"})
    better = client.get(path, headers={"accept-encoding": "gzip, deflate, br"})
    encodings = [r.get("Content-Encoding", "") for r in (plain, zipped, better)]

    assert all("Accept-Encoding" in r["Vary"] for r in (plain, zipped, better))
    assert all(STRONG.fullmatch(r["ETag"]) for r in (plain, zipped, better))
    is_uncompressed = (
        len(plain.content) < 500 or plain["Content-Type"] in ALREADY_COMPRESSED_TYPES
    )
    assert encodings == (["", "", ""] if is_uncompressed else ["", "gzip", "br"])
    if not is_uncompressed:
        assert len({r["ETag"] for r in (plain, zipped, better)}) == 3
        assert gzip.decompress(zipped.content) == plain.content
        assert brotli.decompress(better.content) == plain.content
    for response in (plain, zipped, better):
        assert response["Content-Length"] == str(len(response.content))


def test_matching_etag_returns_304(address, client):
    with collect_failures() as failures:
        for route in PAGES:
            cache.clear()
            for encoding in ("", "gzip", "br"):
                with failures.case(route, encoding):
                    path = address(PUBLIC[route].example)
                    _check_not_sent_again(client, path, encoding)


def _check_not_sent_again(client, path: str, encoding: str) -> None:
    first = client.get(path, headers={"accept-encoding": encoding})
    # Both forms of the header are tested, one with each encoding.
    known = first["ETag"] if encoding == "gzip" else f'"other", {first["ETag"]}'

    second = client.get(
        path, headers={"accept-encoding": encoding, "if-none-match": known}
    )

    assert (second.status_code, second.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert second.get(name) == first.get(name)


def test_page_of_another_etag_is_sent(address, client):
    with collect_failures() as failures:
        for route in PAGES:
            with failures.isolated_case(route):
                path = address(PUBLIC[route].example)
                response = client.get(path, headers={"if-none-match": '"other"'})
                assert response.status_code == 200
                assert response.content


def test_page_bytes_are_reproducible(address, client):
    """Without the portal's own cache too: on another server, a day later."""
    accepted = {"accept-encoding": "gzip"}

    with collect_failures() as failures:
        for route in PAGES:
            with failures.isolated_case(route):
                path = address(PUBLIC[route].example)
                first = client.get(path, headers=accepted)
                cache.clear()
                second = client.get(path, headers=accepted)
                assert first.content == second.content
                assert first["ETag"] == second["ETag"]


def test_head_has_same_headers_as_get_without_body(address, client):
    with collect_failures() as failures:
        for route in PAGES:
            with failures.isolated_case(route):
                path = address(PUBLIC[route].example)
                got, head = client.get(path), client.head(path)
                assert head.content == b""
                assert dict(head.headers) == dict(got.headers)


def test_admin_response_is_never_cached(db, client):
    client.force_login(states.staff(is_superuser=True))

    with collect_failures() as failures:
        for route in ADMIN:
            if route == "admin/(?P<url>.*)$":
                continue
            with failures.isolated_case(route):
                path = "/" + re.sub(r"<(path|int|str|slug):\w+>", "0", route)
                response = client.get(path)
                assert "no-store" in response["Cache-Control"]
                assert "private" in response["Cache-Control"]
                assert "ETag" not in response


def test_sign_in_response_is_never_cached(db, client):
    with collect_failures() as failures:
        for path in ("/accounts/login/", "/admin/", "/admin/login/"):
            with failures.isolated_case(path):
                assert "no-store" in client.get(path)["Cache-Control"]


ERRORS = (
    "/en/no-such-page/",
    "/api/v1/editions/9999/",
    "/en/news/?year=never",
    "/nothing",
)


def test_error_response_sets_no_cookie(db, sessions):
    with collect_failures() as failures:
        for path in ERRORS:
            expected = _with_session(None).get(path)
            for name, key in sessions.items():
                with failures.isolated_case(path, name):
                    response = _with_session(key).get(path)
                    assert response.content == expected.content
                    assert not response.cookies
                    assert "Cookie" not in response.get("Vary", "")
                    assert "private" not in response["Cache-Control"]


def test_personal_table_pattern_matches_user_table():
    assert PERSONAL.search(User._meta.db_table)
