"""HTTP cache headers: who may store which response (docs/architecture.md, "Caches")."""

import hashlib

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection
from django.test import Client

from portal.core.api.throttles import PublicAPIThrottle
from portal.core.http.middleware import PUBLIC_CACHE_CONTROL
from tests.factories.conference import article, edition
from tests.factories.publishing import (
    published,
    published_together,
    redirect,
    withdrawn,
)
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
SHORT_CACHE_CONTROL = "public, max-age=0, s-maxage=10"
CONFIRMED = "public, max-age=0, s-maxage=0, must-revalidate"


def test_throttled_response_is_not_cached(client, monkeypatch):
    monkeypatch.setattr(PublicAPIThrottle, "rate", "1/min", raising=False)
    client.get("/api/v1/articles/")

    response = client.get("/api/v1/articles/")

    assert (response.status_code, response["Cache-Control"]) == (429, "no-store")


@pytest.mark.parametrize("path", ["/en/news/?year=1899", "/api/v1/articles/?year=18"])
def test_invalid_parameter_response_is_not_cached(client, path):
    response = client.get(path)

    assert (response.status_code, response["Cache-Control"]) == (400, "no-store")


@pytest.mark.parametrize("path", ["/en/contact/", "/api/docs/"])
def test_forbidden_response_is_not_cached(client, path, monkeypatch):
    def refuse(*args):
        raise PermissionDenied

    monkeypatch.setattr(
        "portal.website.base_views.PublicView.get", refuse, raising=False
    )
    monkeypatch.setattr(
        "portal.core.api.views.SwaggerUIView.get", refuse, raising=False
    )

    response = client.get(path)

    assert (response.status_code, response["Cache-Control"]) == (403, "no-store")


@pytest.mark.parametrize("path", ["/en/news/opening/", "/api/v1/articles/"])
def test_server_error_is_not_cached(path):
    client = Client(raise_request_exception=False)

    def fail(execute, sql, params, many, context):
        raise ProgrammingError

    with connection.execute_wrapper(fail):
        response = client.get(path)

    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")


BRIEFLY = {
    "/en/none/": 404,
    "/api/nothing/": 404,
    "/en/news/gone/": 410,
    "/EN/news/": 301,
    "/ywb/old.shtml": 301,
    "/": 302,
}


def test_shared_error_and_redirect_responses_are_cached_briefly(client):
    withdrawn(article("gone"))
    redirect("/ywb/old.shtml")
    with collect_failures() as failures:
        for path, status in BRIEFLY.items():
            with failures.isolated_case(path):
                response = client.get(path)

                assert response.status_code == status
                assert response["Cache-Control"] == SHORT_CACHE_CONTROL


OF_API = {
    "/api/v1/articles/": 200,
    "/api/v1/articles/?page_size=1": 200,
    "/api/v1/articles/opening/": 200,
    "/api/v1/search/?q=opening": 200,
    "/api/v1/changes/": 200,
    "/api/v1/changes/?after=1": 200,
    "/api/v1/figures/counted/": 200,
    "/api/v1/articles/gone/": 410,
    "/api/v1/articles/none/": 404,
    "/api/v1/nothing/": 404,
}


def test_answer_of_the_api_is_confirmed_before_each_use(client):
    published(article("opening"))
    withdrawn(article("gone"))
    with collect_failures() as failures:
        for path, status in OF_API.items():
            with failures.isolated_case(path):
                response = client.get(path)

                assert response.status_code == status
                assert response["Cache-Control"] == CONFIRMED
                if status == 200:
                    etag = response["ETag"]
                    known = client.get(path, headers={"if-none-match": etag})
                    assert (known.status_code, known.content) == (304, b"")
                    assert (known["ETag"], known["Cache-Control"]) == (etag, CONFIRMED)


def test_saved_record_is_not_confirmed_by_its_former_etag(client):
    record = published(article("opening", title_en="Opening"))
    etags = {
        path: client.get(path)["ETag"]
        for path in ("/api/v1/articles/opening/", "/api/v1/articles/")
    }
    record.title_en = "Grand opening"
    record.save()

    for path, etag in etags.items():
        response = client.get(path, headers={"if-none-match": etag})
        assert response.status_code == 200
        assert b"Grand opening" in response.content


def test_pages_feeds_and_calendars_are_kept_as_before(client):
    published(article("opening"))

    for path in ("/en/news/opening/", "/en/feed.atom", "/en/feed.json"):
        assert client.get(path)["Cache-Control"] == PUBLIC_CACHE_CONTROL
    for path in ("/en/calendar.ics", "/api/v1/openapi.json", "/api/docs/"):
        assert client.get(path)["Cache-Control"] == PUBLIC_CACHE_CONTROL


def compressed_key(client, path: str) -> str:
    """Return the cache key of the compressed response body at ``path``."""
    body = client.get(path).content
    return f"compressed:br:{hashlib.sha256(body).hexdigest()[:32]}"


IS_CACHED = {
    "/en/": True,
    "/en/news/": True,
    "/api/v1/editions/1/": True,
    "/en/?a=1": False,
    "/en/news/?page=1": False,
    "/api/v1/editions/?lang=vi": False,
}


def test_response_with_query_string_is_not_in_compression_cache(client):
    published_together(
        edition(1, summary_en="A long summary. " * 50), article("opening")
    )
    with collect_failures() as failures:
        for path, is_cached in IS_CACHED.items():
            with failures.isolated_case(path):
                key = compressed_key(client, path)

                response = client.get(path, headers={"accept-encoding": "br"})

                assert response["Content-Encoding"] == "br"
                assert (cache.get(key) is not None) == is_cached


def test_openapi_schema_does_not_vary_by_language(client):
    responses = [
        client.get("/api/v1/openapi.json", headers={"accept-language": language})
        for language in ("en", "vi")
    ]

    for response in responses:
        assert response.status_code == 200
        assert "Content-Language" not in response.headers
        assert "Accept-Language" not in response.get("Vary", "")
    assert responses[0].content == responses[1].content


@pytest.mark.parametrize("path", ["/api/docs/", "/api/v1/nothing/", "/", "/none"])
def test_response_negotiated_by_accept_language_sets_vary(client, path):
    response = client.get(path, headers={"accept-language": "vi"})

    assert response["Content-Language"] == "vi"
    assert "Accept-Language" in response["Vary"]


def test_api_response_varies_by_language_unless_lang_is_given(client):
    published(article("opening"))

    of_browser = client.get("/api/v1/articles/opening/")
    with_language = client.get("/api/v1/articles/opening/?lang=vi")

    assert "Accept-Language" in of_browser["Vary"]
    assert "Accept-Language" not in with_language["Vary"]
