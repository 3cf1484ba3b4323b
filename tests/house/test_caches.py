"""DESIGN §5: public pages can be kept by any cache, whoever asks for them."""

import datetime as dt
import gzip
import re

import brotli
import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import User
from portal.middleware import SMALL_AS_THEY_ARE
from tests.factories import publishing as states
from tests.house.addresses import ADMIN, PUBLIC, opened

KEPT = [route for route, row in PUBLIC.items() if row.is_kept]
# Pages with a body of our own making: no redirect, no error, no file as it is.
PAGES = [
    route
    for route in KEPT
    if PUBLIC[route].status == 200 and not route.startswith("files/")
]
STRONG = re.compile(r'"[0-9a-f]{32}(-br|-gzip)?"')
PERSONAL = re.compile(r"django_session|accounts_user|auth_|django_admin_log")


@pytest.fixture
def sessions(db) -> dict[str, str]:
    """What a browser may send as its session, good and bad."""
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


@pytest.mark.parametrize("route", PUBLIC)
def test_session_makes_no_difference(route, address, sessions, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # forms tell when they were opened
    asked = address(PUBLIC[route].example)
    without = opened(_with_session(None), asked)

    for name, key in sessions.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = opened(_with_session(key), asked)

        assert response.body == without.body, name
        assert dict(response.headers) == dict(without.headers), name
        assert not response.cookies, name
        assert not hasattr(response.wsgi_request, "session"), name
        personal = [q["sql"] for q in queries if PERSONAL.search(q["sql"])]
        assert personal == [], name


@pytest.mark.parametrize("route", PUBLIC)
def test_answer_is_nobodys_own(route, address, client):
    response = opened(client, address(PUBLIC[route].example))
    varies = {word.strip().lower() for word in response.get("Vary", "").split(",")}

    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert "cookie" not in varies
    assert varies - {""} <= {"accept-encoding", "accept-language"}


@pytest.mark.parametrize("route", KEPT)
def test_any_cache_may_keep_it(route, address, client):
    response = opened(client, address(PUBLIC[route].example))
    words = {word.strip() for word in response["Cache-Control"].split(",")}

    assert "public" in words
    assert not {"private", "no-store", "no-cache"} & words


@pytest.mark.parametrize("route", sorted(set(PUBLIC) - set(KEPT)))
def test_no_cache_may_keep_it(route, address, client):
    response = client.get(address(PUBLIC[route].example))

    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("route", PAGES)
def test_page_has_a_strong_etag_for_each_encoding(route, address, client):
    asked = address(PUBLIC[route].example)
    plain = client.get(asked)
    zipped = client.get(asked, headers={"accept-encoding": "gzip"})
    better = client.get(asked, headers={"accept-encoding": "gzip, deflate, br"})
    encodings = [r.get("Content-Encoding", "") for r in (plain, zipped, better)]

    assert all("Accept-Encoding" in r["Vary"] for r in (plain, zipped, better))
    assert all(STRONG.fullmatch(r["ETag"]) for r in (plain, zipped, better))
    is_left = len(plain.content) < 500 or plain["Content-Type"] in SMALL_AS_THEY_ARE
    assert encodings == (["", "", ""] if is_left else ["", "gzip", "br"])
    if not is_left:
        assert len({r["ETag"] for r in (plain, zipped, better)}) == 3
        assert gzip.decompress(zipped.content) == plain.content
        assert brotli.decompress(better.content) == plain.content
    for response in (plain, zipped, better):
        assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize("route", PAGES)
@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_known_page_is_not_sent_again(route, encoding, address, client):
    asked, accepted = address(PUBLIC[route].example), {"accept-encoding": encoding}
    etag = client.get(asked, headers=accepted)["ETag"]

    known = client.get(asked, headers={**accepted, "if-none-match": etag})
    listed = client.get(
        asked, headers={**accepted, "if-none-match": f'"other", {etag}'}
    )
    other = client.get(asked, headers={**accepted, "if-none-match": '"other"'})

    assert (known.status_code, known.content) == (304, b"")
    assert (listed.status_code, listed.content) == (304, b"")
    assert other.status_code == 200
    assert known["ETag"] == etag
    kept = {"Cache-Control", "Vary"}
    assert {n: known.get(n) for n in kept} == {n: other.get(n) for n in kept}


@pytest.mark.parametrize("route", PAGES)
def test_same_page_is_the_same_bytes(route, address, client):
    """Also when nothing is kept in our own cache: on another node, a day later."""
    from django.core.cache import cache

    asked, accepted = address(PUBLIC[route].example), {"accept-encoding": "gzip"}
    first = client.get(asked, headers=accepted)
    cache.clear()
    second = client.get(asked, headers=accepted)

    assert first.content == second.content
    assert first["ETag"] == second["ETag"]


@pytest.mark.parametrize("route", PAGES)
def test_head_tells_the_same_without_a_body(route, address, client):
    asked = address(PUBLIC[route].example)
    got, head = client.get(asked), client.head(asked)

    assert head.content == b""
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize("route", [r for r in ADMIN if r != "admin/(?P<url>.*)$"])
def test_staff_address_is_kept_by_no_cache(route, db, client):
    client.force_login(states.staff(is_superuser=True))
    example = "/" + re.sub(r"<(path|int|str|slug):\w+>", "0", route)

    response = client.get(example)

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert "ETag" not in response


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/", "/admin/login/"])
def test_sign_in_is_kept_by_no_cache(path, db, client):
    assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    ["/en/no-such-page/", "/api/v1/editions/9999/", "/en/news/?year=never", "/nothing"],
)
def test_error_is_nobodys_own(path, db, sessions):
    without = _with_session(None).get(path)

    for key in sessions.values():
        response = _with_session(key).get(path)

        assert response.content == without.content
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert "private" not in response["Cache-Control"]


def test_user_table_is_the_one_watched_here():
    assert PERSONAL.search(User._meta.db_table)
