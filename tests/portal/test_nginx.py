"""The portal behind a real nginx with deploy/nginx/cache.conf; `make test-services`."""

import datetime as dt
import gzip
import json
import socket
import time
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from portal.content.publishing import operations
from portal.core.accounts import operations as accounts_operations
from portal.core.accounts.models import AgencyKey
from portal.core.http import middleware
from tests.factories import accounts
from tests.factories.conference import article
from tests.factories.directory import country
from tests.factories.files import stored_file
from tests.factories.publishing import (
    AT,
    actor,
    attachment,
    published,
    republished,
)

pytestmark = [pytest.mark.nginx, pytest.mark.django_db(transaction=True)]
RECORD = "/api/v1/articles/opening/"
LIST = "/api/v1/articles/"
SEARCH = "/api/v1/search/?q=opening"
FEED = "/api/v1/changes/"
PAGE = "/en/news/opening/"
CONTRACT = "/api/v1/openapi.json"


def bodies(nginx, path: str) -> list:
    """Return the JSON of ``path`` from both caches of nginx.

    The first cache uses the rules of deploy/nginx/cache.conf, the second one only the
    headers of the portal's responses.
    """
    responses = [nginx.get(path, by_headers=by_headers) for by_headers in (False, True)]
    assert [response.status for response in responses] == [200, 200], path
    return [json.loads(response.body) for response in responses]


def statuses(nginx, path: str) -> list[int]:
    return [
        nginx.get(path, by_headers=by_headers).status for by_headers in (False, True)
    ]


def last_changes(nginx, name: str) -> list:
    return [feed["results"][-1][name] for feed in bodies(nginx, FEED)]


def authorization() -> dict[str, str]:
    expires = timezone.now() + dt.timedelta(days=1)
    key = AgencyKey(agency=accounts.agency(), name="Sample key", expiry_date=expires)
    plain = accounts_operations.create_agency_key(key, by=accounts.user(), at=AT)
    return {"authorization": f"Api-Key {plain}"}


def test_api_and_change_feed_agree_at_once(nginx):
    assert statuses(nginx, RECORD) == [404, 404]
    record = published(article("opening", title_en="Opening 1"))
    assert last_changes(nginx, "action") == ["published"] * 2
    for path in (RECORD, LIST, SEARCH, FEED, f"{RECORD}?lang=vi"):
        assert [statuses(nginx, path) for _ in range(2)] == [[200, 200]] * 2, path

    for revision in (2, 3):
        record.title_en = f"Opening {revision}"
        record.save()
        republished(record)

        assert last_changes(nginx, "revision") == [revision] * 2
        for path in (RECORD, f"{RECORD}?lang=vi"):
            for body in bodies(nginx, path):
                assert body["revision"] == revision
                assert body["title"] == record.title_en
        for body in bodies(nginx, LIST):
            assert body["results"][0]["revision"] == revision
        for body in bodies(nginx, SEARCH):
            assert body["results"][0]["title"] == record.title_en

    operations.withdraw(record, by=actor(), at=AT, version=None)

    assert last_changes(nginx, "action") == ["withdrawn"] * 2
    assert statuses(nginx, RECORD) == [410, 410]
    assert [body["results"] for body in bodies(nginx, LIST)] == [[], []]
    assert nginx.kept() == []


def test_pages_are_kept_and_api_answers_are_confirmed(nginx):
    published(article("opening", title_en="Opening", title_zh_hans="开幕"))

    for path in (RECORD, LIST, SEARCH, FEED, CONTRACT):
        first = nginx.get(path)
        second = nginx.get(path, if_none_match=first.headers["ETag"])
        assert (second.status, second.body) == (304, b""), path
        assert second.headers["ETag"] == first.headers["ETag"]
        for response in (first, second):
            assert response.headers["Access-Control-Allow-Origin"] == "*", path
        zipped = nginx.get(path, accept_encoding="gzip")
        is_zipped = zipped.headers["Content-Encoding"] == "gzip"
        text = gzip.decompress(zipped.body) if is_zipped else zipped.body
        assert text == first.body, path
    for language, title in (("zh-CN", "开幕"), ("en", "Opening"), ("zh-CN", "开幕")):
        response = nginx.get(RECORD, accept_language=language)
        assert json.loads(response.body)["title"] == title
    for path, status in (
        ("/api/v1/articles/none/", 404),
        ("/api/v1/articles/?lang=xx", 400),
        ("/api/v1/nothing/", 404),
        ("/accounts/login/", 200),
        ("/admin/", 302),
    ):
        assert [nginx.get(path).status for _attempt in range(2)] == [status] * 2, path
    assert nginx.kept() == []

    assert [nginx.get(PAGE).cache for _ in range(3)] == ["MISS", "HIT", "HIT"]
    assert len(nginx.kept()) == 1


def test_keys_are_checked_each_time_and_their_answers_are_not_kept(nginx):
    published(country("VN"))
    published(article("opening", title_en="Opening"))
    paths = (CONTRACT, RECORD, LIST, SEARCH, FEED, f"{LIST}?country=VN")
    for path in paths:
        assert [nginx.get(path).status for _ in range(2)] == [200, 200], path

    for path in paths:
        for value in ("Api-Key xxxxxxxx.y", "Api-Key", "api-key  "):
            response = nginx.get(path, authorization=value)

            assert response.status == 401, path
            assert response.headers["WWW-Authenticate"] == 'Api-Key realm="api"'
            assert response.headers["Cache-Control"] == "private, no-store"
        assert nginx.get(path).status == 200, path

    key = authorization()
    for path in paths:
        anonymous, response = nginx.get(path), nginx.get(path, **key)
        second = nginx.get(path, **key, if_none_match=response.headers["ETag"])
        for _ in range(2):
            other_key_response = nginx.get(path, by_headers=True, **key)
            assert (other_key_response.status, other_key_response.cache) == (
                200,
                "MISS",
            ), path

        assert (response.status, response.body) == (200, anonymous.body), path
        assert second.status == 304, path
        for keyed in (response, second):
            assert keyed.headers["Cache-Control"] == "private, no-store", path
        assert nginx.get(path).headers["Cache-Control"].startswith("public"), path
    assert nginx.kept() == []
    used = AgencyKey.objects.get()
    assert used.last_used_at is not None

    accounts_operations.revoke_agency_key(used, by=accounts.user(), at=AT)

    for path in paths:
        assert nginx.get(path, **key).status == 401, path
        assert nginx.get(path).status == 200, path

    # An API key does not bypass the cache of pages, which ignore keys.
    nginx.get(PAGE)
    response = nginx.get(PAGE, authorization="Api-Key xxxxxxxx.y")
    assert (response.status, response.cache) == (200, "HIT")


@pytest.fixture
def database_outage(monkeypatch):
    """Return a context manager that makes the database unreachable."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed_port = server.getsockname()[1]

    @contextmanager
    def outage():
        with monkeypatch.context() as patch:
            # The threads of the live server share these settings.
            patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
            patch.setitem(connection.settings_dict, "PORT", closed_port)
            yield

    return outage


def test_kept_pages_are_served_while_the_database_is_unavailable(
    nginx, database_outage, monkeypatch
):
    # With one second instead of 10 and 60, pages exceed stale-while-revalidate after
    # three seconds instead of seventy.
    shortened = middleware.PUBLIC_CACHE_CONTROL.replace("s-maxage=10", "s-maxage=1")
    shortened = shortened.replace("revalidate=60", "revalidate=1")
    monkeypatch.setattr(middleware, "PUBLIC_CACHE_CONTROL", shortened)
    record = article("opening", title_en="Opening")
    file = stored_file()
    attachment(record, file)
    published(record)
    cached = ["/en/", PAGE, "/zh-hans/news/", "/en/figures/", "/en/feed.atom"]
    cached += ["/en/calendar.ics", "/en/calendar/?month=2024-05", "/sitemap.xml"]
    uncached = [RECORD, LIST, FEED, file.get_absolute_url()]
    before = {path: nginx.get(path) for path in cached + uncached}
    assert {response.status for response in before.values()} == {200}
    time.sleep(3)

    with database_outage():
        for path in cached * 2:
            response = nginx.get(path)
            assert (response.status, response.cache) == (200, "STALE"), path
            assert response.body == before[path].body, path
        for path in uncached:
            response = nginx.get(path)
            assert (response.status, response.cache) == (503, ""), path
            assert response.headers["Cache-Control"] == "no-store"
        response = nginx.get("/vi/news/")
        assert response.status == 503
        assert b'<html lang="vi">' in response.body
        assert int(response.headers["Retry-After"]) > 0

    # A withdrawn page is gone with the first request after the outage.
    operations.withdraw(record, by=actor(), at=AT, version=None)
    assert [nginx.get(path).status for path in (PAGE, RECORD)] == [410, 410]
    assert nginx.get(file.get_absolute_url()).status == 404
    assert not [body for body in nginx.kept() if b"/files/" in body[:1000]]
