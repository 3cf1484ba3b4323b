"""Any cache may store public pages, because they depend on no session or cookie."""

import datetime as dt
import gzip
import re
from dataclasses import dataclass
from itertools import cycle

import brotli
import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
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
BEST = "gzip, deflate, br"
SIGNED_IN = "signed in"
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
        SIGNED_IN: signed_in.cookies[settings.SESSION_COOKIE_NAME].value,
    }


def _with_session(key: str | None) -> Client:
    client = Client()
    if key is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        client.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
    return client


@dataclass
class Answers:
    """Answers of one address of the table.

    ``plain``, ``zipped`` and ``better`` differ in the encoding that was asked for.
    """

    plain: HttpResponse
    zipped: HttpResponse | None = None
    better: HttpResponse | None = None


@pytest.fixture(scope="module")
def opened_at() -> dt.datetime:
    return timezone.now()


@pytest.fixture(scope="module")
def answers(url_values, django_db_blocker, opened_at) -> dict[str, Answers]:
    """The answers of every public address, by route; of pages in each encoding."""
    client = Client(raise_request_exception=False)
    responses = {}
    with django_db_blocker.unblock(), time_machine.travel(opened_at, tick=False):
        for route, row in PUBLIC.items():
            cache.clear()
            path = row.example.format(**url_values)
            responses[route] = Answers(opened(client, path))
            if route in PAGES:
                responses[route].zipped = _in_encoding(client, path, "gzip")
                responses[route].better = _in_encoding(client, path, BEST)
    return responses


def _in_encoding(client, path: str, encoding: str, **headers: str) -> HttpResponse:
    return client.get(path, headers={"accept-encoding": encoding, **headers})


def test_session_cookie_does_not_affect_public_response(
    address, answers, opened_at, sessions
):
    """Each address is requested with the session of a user and, in turn, another one.

    The middleware that leaves the cookies aside does not know the address's view.
    """
    others = cycle(name for name in sessions if name != SIGNED_IN)

    # Forms have the signed time at which they were opened.
    with time_machine.travel(opened_at, tick=False), collect_failures() as failures:
        for (route, row), other in zip(PUBLIC.items(), others, strict=False):
            for name in (SIGNED_IN, other):
                with failures.case(route, name):
                    cache.clear()
                    path, expected = address(row.example), answers[route].plain
                    _check_same_without_session(path, sessions[name], expected)


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
        for route, of_route in answers.items():
            with failures.case(route):
                response = of_route.plain
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
                directives = answers[route].plain["Cache-Control"].split(",")
                directives = {directive.strip() for directive in directives}
                assert "public" in directives
                assert not {"private", "no-store", "no-cache"} & directives


def test_uncacheable_response_is_marked_no_store(answers, db):
    with collect_failures() as failures:
        for route in set(PUBLIC) - set(CACHED):
            with failures.case(route):
                assert answers[route].plain["Cache-Control"] == "no-store"


def test_page_has_strong_etag_per_encoding(answers, db):
    with collect_failures() as failures:
        for route in PAGES:
            with failures.case(route):
                _check_encodings(answers[route])


def _check_encodings(page: Answers) -> None:
    plain, zipped, better = all_encodings = (page.plain, page.zipped, page.better)
    encodings = [r.get("Content-Encoding", "") for r in all_encodings]

    assert all("Accept-Encoding" in r["Vary"] for r in all_encodings)
    assert all(STRONG.fullmatch(r["ETag"]) for r in all_encodings)
    is_uncompressed = (
        len(plain.content) < 500 or plain["Content-Type"] in ALREADY_COMPRESSED_TYPES
    )
    assert encodings == (["", "", ""] if is_uncompressed else ["", "gzip", "br"])
    if not is_uncompressed:
        assert len({r["ETag"] for r in all_encodings}) == 3
        assert gzip.decompress(zipped.content) == plain.content
        assert brotli.decompress(better.content) == plain.content
    for response in all_encodings:
        assert response["Content-Length"] == str(len(response.content))


def test_matching_etag_returns_304(address, answers, client):
    """The encodings take turns: that each has an ETag of its own is tested above."""
    turns = cycle(
        [("", "plain", "{}"), ("gzip", "zipped", "{}"), (BEST, "better", '"other", {}')]
    )
    with collect_failures() as failures:
        for route, (encoding, name, header) in zip(PAGES, turns, strict=False):
            with failures.isolated_case(route, encoding):
                first = getattr(answers[route], name)
                path, known = address(PUBLIC[route].example), first["ETag"]

                second = _in_encoding(
                    client, path, encoding, **{"if-none-match": header.format(known)}
                )

                assert (second.status_code, second.content) == (304, b"")
                for header_name in ("ETag", "Cache-Control", "Vary"):
                    assert second.get(header_name) == first.get(header_name)


def test_page_of_another_etag_is_sent_with_the_same_bytes(
    address, answers, opened_at, client
):
    """Without the portal's own cache too: on another server, a minute later."""
    later = opened_at + dt.timedelta(minutes=1)
    with time_machine.travel(later, tick=False), collect_failures() as failures:
        for route in PAGES:
            with failures.isolated_case(route):
                path, first = address(PUBLIC[route].example), answers[route].zipped

                second = _in_encoding(
                    client, path, "gzip", **{"if-none-match": '"other"'}
                )

                assert second.status_code == 200
                assert second.content
                assert first.content == second.content
                assert first["ETag"] == second["ETag"]


def test_head_has_same_headers_as_get_without_body(address, answers, client):
    with collect_failures() as failures:
        for route in PAGES:
            with failures.isolated_case(route):
                head = client.head(address(PUBLIC[route].example))
                assert head.content == b""
                assert dict(head.headers) == dict(answers[route].plain.headers)


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
