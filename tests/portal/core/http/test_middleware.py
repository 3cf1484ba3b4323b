"""Middleware for language, access and caching."""

import gzip
import re
from itertools import product

import brotli
import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from portal.core.http.middleware import (
    PublicCacheMiddleware,
    StaffLoginRequiredMiddleware,
)
from tests.factories.conference import article, document, edition
from tests.factories.publishing import published, staff, withdrawn
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
PAGE = "/en/news/"
BODIES = {
    "": lambda body: body,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
}
ETAG = r'^"[0-9a-f]{32}(-br|-gzip)?"$'


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/zh/", "/zh-hans/"),
        ("/zh-CN/news/", "/zh-hans/news/"),
        ("/zh-hk/news/", "/zh-hant/news/"),
        ("/zh-TW/", "/zh-hant/"),
        ("/zh-mo/", "/zh-hant/"),
        ("/ZH-HANS/conference/15/", "/zh-hans/conference/15/"),
        ("/zh_Hant/", "/zh-hant/"),
        ("/EN/news/?year=2019&country=VN", "/en/news/?year=2019&country=VN"),
        ("/En", "/en/"),
        ("/yue-HK/news/", "/zh-hant/news/"),
        ("/cmn-Hans-CN/news/?page=2", "/zh-hans/news/?page=2"),
        ("/zh-yue/", "/zh-hant/"),
        ("/en-001/", "/en/"),
        ("/tl/", "/fil/"),
        ("/in/news/?page=2", "/id/news/?page=2"),
        ("/pt-br/", "/pt/"),
        ("/vi-vn/about/conference/", "/vi/about/conference/"),
        ("/zh/search/?q=%E6%A3%80%26a", "/zh-hans/search/?q=%E6%A3%80%26a"),
        ("/EN/news/%E5%8D%97%E5%AE%81/", "/en/news/%E5%8D%97%E5%AE%81/"),
        ("/EN/a%3Fb%23c/?d", "/en/a%3Fb%23c/?d"),
        ("/EN//evil.example/", "/en//evil.example/"),
        ("/zh/api/v1/", "/zh-hans/api/v1/"),
    ],
)
def test_language_alias_redirects_permanently_with_path_and_query(client, path, target):
    response = client.get(path)

    assert (response.status_code, response["Location"]) == (301, target)
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "path", ["/xx/", "/de/news/", "/ywb", "/zhh/", "/e/", "/ab-cd/"]
)
def test_unknown_language_prefix_returns_404(client, path):
    assert client.get(path).status_code == 404


def test_head_request_to_alias_redirects(client):
    assert client.head("/ZH/")["Location"] == "/zh-hans/"


@pytest.mark.parametrize(
    ("accepted", "target"),
    [
        ("", "/en/"),
        ("de", "/en/"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "/vi/"),
        ("zh-HK", "/zh-hant/"),
        ("yue-HK", "/zh-hant/"),
        ("cmn-Hans-CN", "/zh-hans/"),
        ("en;q=0.1,zh;q=0.2", "/zh-hans/"),
        ("\x00;;q=x,th", "/th/"),
    ],
)
def test_root_redirects_to_reader_language(client, accepted, target):
    response = client.get("/", headers={"accept-language": accepted})

    assert (response.status_code, response["Location"]) == (302, target)
    assert "Accept-Language" in response["Vary"]


def test_url_language_overrides_header_without_vary(client):
    response = client.get("/vi/news/", headers={"accept-language": "th"})

    assert response["Content-Language"] == "vi"
    assert "Accept-Language" not in response["Vary"]


def test_session_cookie_is_ignored_on_public_url(client):
    paths = ("/", "/en/", PAGE, "/api/v1/articles/", "/live", "/en/none/")
    with collect_failures() as failures:
        for path in (*paths, "/robots.txt"):
            client.cookies.clear()
            plain = client.get(path)
            for cookie in ("", "x" * 4000, 'broken"quote', "a1b2c3d4"):
                with failures.case(path, cookie):
                    for name in ("sessionid", "csrftoken", "messages"):
                        client.cookies[name] = cookie
                    _check_same(client.get(path), plain)


def _check_same(response, plain) -> None:
    """Check that ``response`` is ``plain``, the one to a request without cookies."""
    assert response.content == plain.content
    assert response.headers == plain.headers
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "").split(", ")


def test_staff_session_is_ignored_on_public_url(client):
    plain = client.get(PAGE)
    client.force_login(staff())

    response = client.get(PAGE)

    assert response.content == plain.content
    assert response.headers == plain.headers


def test_public_page_is_cacheable_briefly(client):
    response = client.get(PAGE)

    assert response["Cache-Control"] == (
        "public, max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=600"
    )
    assert response["Vary"] == "Accept-Encoding"


def test_error_page_is_cacheable_briefly(client):
    response = client.get("/en/none/")

    assert response["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert "ETag" not in response


ERRORS = {
    "/en/none/": 404,
    "/en/none/?utm_source=x": 404,
    "/en/news/gone/": 410,
    "/en/news/?year=3000": 400,
    "/none": 404,
    "/api/v1/articles/gone/?lang=my": 410,
}


def test_error_is_compressed_and_has_no_etag(client):
    withdrawn(article("gone"))
    published(document("DOC-0001"))
    with collect_failures() as failures:
        for path, status in ERRORS.items():
            cache.clear()
            plain = client.get(path)
            for encoding in BODIES:
                with failures.isolated_case(path, encoding):
                    assert plain.status_code == status
                    _check_error(client, path, plain, encoding)


def _check_error(client, path: str, plain, encoding: str) -> None:
    """Request ``path`` again in an encoding; ``plain`` is the response without one."""
    headers = {"accept-encoding": encoding, "if-none-match": "*"}

    response = client.get(path, headers=headers)
    head = client.head(path, headers=headers)

    is_small = len(plain.content) < 500
    assert response.status_code == plain.status_code
    assert response.get("Content-Encoding", "") == ("" if is_small else encoding)
    decompress = BODIES["" if is_small else encoding]
    assert decompress(response.content) == plain.content
    assert int(response["Content-Length"]) == len(response.content)
    assert head["Content-Length"] == response["Content-Length"]
    assert "ETag" not in response
    assert "Accept-Encoding" in response["Vary"]
    for name in ("Cache-Control", "Content-Language", "Vary"):
        assert response.get(name) == plain.get(name)


def test_refusal_is_compressed_too():
    def refuse(request):
        return HttpResponse("No. " * 200, status=403)

    request = RequestFactory().get("/en/", headers={"accept-encoding": "br"})
    response = PublicCacheMiddleware(refuse)(request)

    assert (response.status_code, response["Content-Encoding"]) == (403, "br")
    assert response["Cache-Control"] == "no-store"


def test_compressed_errors_are_not_kept(client, monkeypatch):
    cached_keys = []
    monkeypatch.setattr(cache, "set", lambda key, *values: cached_keys.append(key))
    headers = {"accept-encoding": "br"}

    client.get("/en/none/", headers=headers)
    assert cached_keys == []
    client.get("/en/contact/", headers=headers)
    assert len(cached_keys) == 1


def test_redirect_does_not_vary_by_encoding(client):
    assert "Vary" not in client.get("/EN/news/").headers


def test_staff_url_is_not_cached(client):
    response = client.get("/accounts/login/")

    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def closed(request):
    return HttpResponse("a view that nobody opened by name")


def test_body_is_the_same_in_every_encoding(client):
    published(edition(1))
    responses = {
        encoding: client.get("/en/", headers={"accept-encoding": encoding})
        for encoding in BODIES
    }

    bodies = {BODIES[name](response.content) for name, response in responses.items()}

    assert len(bodies) == 1
    for name, response in responses.items():
        assert response.get("Content-Encoding", "") == name
        assert int(response["Content-Length"]) == len(response.content)
        assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("encoding", BODIES)
def test_bytes_and_etag_are_reproducible(client, encoding):
    headers = {"accept-encoding": encoding}
    first = client.get("/en/", headers=headers)
    cache.clear()

    second = client.get("/en/", headers=headers)

    assert second.content == first.content
    assert second["ETag"] == first["ETag"]


def test_etag_is_strong_and_differs_per_encoding(client):
    etags = [
        client.get("/en/", headers={"accept-encoding": encoding})["ETag"]
        for encoding in BODIES
    ]

    assert len(set(etags)) == 3
    assert all(re.match(ETAG, etag) for etag in etags)


def test_matching_etag_returns_304_without_body(client):
    published(article())
    with collect_failures() as failures:
        for path, encoding in product(
            (PAGE, "/api/v1/articles/", "/sitemap.xml"), BODIES
        ):
            with failures.isolated_case(path, encoding):
                headers = {"accept-encoding": encoding}
                full = client.get(path, headers=headers)
                known = {**headers, "if-none-match": full["ETag"]}
                second = client.get(path, headers=known)

                assert (second.status_code, second.content) == (304, b"")
                for name in ("ETag", "Cache-Control", "Vary", "Content-Language"):
                    assert second.get(name) == full.get(name)
                assert "Set-Cookie" not in second.headers


@pytest.mark.parametrize("template", ["W/{}", '"x", {}', "*", '"x",W/{}'])
def test_if_none_match_list_is_compared_weakly(client, template):
    etag = client.get(PAGE)["ETag"]

    response = client.get(PAGE, headers={"if-none-match": template.format(etag)})

    assert response.status_code == 304


def test_stale_etag_returns_full_response(client):
    etag = client.get(PAGE)["ETag"]
    published(article(title_en="New since then"))

    response = client.get(PAGE, headers={"if-none-match": etag})

    assert response.status_code == 200
    assert response["ETag"] != etag
    assert "New since then" in response.content.decode()


def test_head_has_the_headers_of_get(client):
    full, head = client.get(PAGE), client.head(PAGE)

    assert head.content == b""
    assert head["ETag"] == full["ETag"]


@pytest.mark.parametrize("path", ["/en/", "/api/v1/editions/", "/live", "/none"])
def test_view_without_login_exemption_is_forbidden_on_public_url(path):
    middleware = StaffLoginRequiredMiddleware(closed)

    with pytest.raises(PermissionDenied):
        middleware.process_view(RequestFactory().get(path), closed, (), {})


def test_view_without_login_exemption_redirects_to_login_on_staff_url():
    request = RequestFactory().get("/admin/desk/?a=b")
    request.user = AnonymousUser()

    response = StaffLoginRequiredMiddleware(closed).process_view(
        request, closed, (), {}
    )

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/admin/desk/%3Fa%3Db"


def test_login_exempt_view_is_accessible():
    @login_not_required
    def view(request):
        return HttpResponse("public")

    middleware = StaffLoginRequiredMiddleware(view)

    assert middleware.process_view(RequestFactory().get("/en/"), view, (), {}) is None


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        ({"is_staff": True}, True),
        ({"is_staff": True, "is_active": False}, False),
        ({"is_staff": False}, False),
    ],
)
def test_staff_url_requires_active_staff(values, opens):
    user = staff()
    for name, value in values.items():
        setattr(user, name, value)
    request = RequestFactory().get("/admin/")
    request.user = user
    middleware = StaffLoginRequiredMiddleware(closed)

    if opens:
        assert middleware.process_view(request, closed, (), {}) is None
    else:
        with pytest.raises(PermissionDenied):
            middleware.process_view(request, closed, (), {})
