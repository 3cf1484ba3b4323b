"""API errors are problem details: application/problem+json, RFC 9457."""

from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.core.api.throttles import PublicAPIThrottle
from tests.factories.conference import article, edition
from tests.factories.publishing import published, withdrawn

pytestmark = pytest.mark.django_db


def problem(response) -> dict:
    """Check what all problem responses have in common and return the JSON body."""
    assert response["Content-Type"] == "application/problem+json"
    assert "Set-Cookie" not in response.headers
    body = response.json()
    assert body["type"] == "about:blank"
    assert body["status"] == response.status_code
    assert isinstance(body["detail"], str)
    return body


def test_unknown_record_is_404(client):
    article("draft")

    error = problem(client.get("/api/v1/articles/draft/"))

    assert (error["status"], error["code"]) == (404, "not-found")
    assert error["title"] == "Not Found"
    assert error["detail"] == "Record not found."


@pytest.mark.parametrize("code", ["x", "0", "-1", "1.5", "99999999999999999999999"])
def test_impossible_code_is_404(client, code):
    published(edition(1))

    assert problem(client.get(f"/api/v1/editions/{code}/"))["status"] == 404


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v2/", "/api/nothing"])
def test_unknown_api_path_is_404(client, path):
    assert problem(client.get(path))["status"] == 404


@pytest.mark.parametrize("path", ["/api/docs/", "/api/v1/openapi.json"])
def test_write_method_on_unknown_api_path_is_405(client, path):
    response = client.post(path)

    error = problem(response)
    assert (error["status"], error["code"]) == (405, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/api/v1/editions/", "/api/docs/"])
def test_unknown_host_is_400(client, path):
    error = problem(client.get(path, headers={"host": "evil.example"}))

    assert (error["status"], error["code"]) == (400, "bad-request")


def test_withdrawn_record_is_410_with_kind_and_date_only(client):
    withdrawn(article("gone", title_en="A secret title"))

    error = problem(client.get("/api/v1/articles/gone/"))

    assert error == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "code": "withdrawn",
        "detail": "This record has been withdrawn.",
        "kind": "article",
        "withdrawn_at": "2024-05-06T08:00:00Z",
    }


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/articles/", "/api/v1/articles/opening/"])
def test_write_methods_are_rejected(client, method, path):
    published(article("opening"))

    response = getattr(client, method)(path, {}, content_type="application/json")

    error = problem(response)
    assert (error["status"], error["code"]) == (405, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_write_to_changes_is_405(client):
    error = problem(client.post("/api/v1/changes/"))

    assert error["status"] == 405


def test_unsupported_accept_header_is_406(client):
    response = client.get("/api/v1/articles/", headers={"accept": "text/csv"})

    assert problem(response)["status"] == 406


def test_browser_accept_header_gets_json(client):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    response = client.get("/api/v1/articles/", headers={"accept": accept})

    assert response["Content-Type"] == "application/json"


def test_throttled_request_is_429_with_retry_after(client, monkeypatch):
    monkeypatch.setattr(PublicAPIThrottle, "rate", "2/min", raising=False)

    responses = [client.get("/api/v1/articles/") for _three in range(3)]

    assert [response.status_code for response in responses] == [200, 200, 429]
    assert problem(responses[2])["code"] == "throttled"
    assert 1 <= int(responses[2]["Retry-After"]) <= 61


def test_throttle_counts_by_client_ip(client, monkeypatch):
    monkeypatch.setattr(PublicAPIThrottle, "rate", "1/min", raising=False)

    responses = [
        client.get("/api/v1/articles/", REMOTE_ADDR=address)
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    ]

    assert [response.status_code for response in responses] == [200, 200, 429]


def test_forged_proxy_header_does_not_bypass_throttle(client, monkeypatch):
    monkeypatch.setattr(PublicAPIThrottle, "rate", "1/min", raising=False)

    responses = [
        client.get("/api/v1/articles/", headers={"x-forwarded-for": address})
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3, 192.0.2.4")
    ]

    assert [response.status_code for response in responses] == [200, 429, 429]


def test_throttle_uses_last_address_behind_one_proxy(client, monkeypatch, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    monkeypatch.setattr(PublicAPIThrottle, "rate", "1/min", raising=False)

    responses = [
        client.get("/api/v1/articles/", headers={"x-forwarded-for": addresses})
        for addresses in ("192.0.2.1", "192.0.2.9, 192.0.2.1", "192.0.2.1, 192.0.2.2")
    ]

    assert [response.status_code for response in responses] == [200, 429, 200]


@pytest.mark.parametrize(
    ("query", "parameter", "value"),
    [
        ("lang=xx", "lang", "xx"),
        ("lang=", "lang", ""),
        ("nonsense=1", "nonsense", "1"),
        ("state=held", "state", "held"),
        ("year=18", "year", "18"),
        ("from=2018-13-01", "from", "2018-13-01"),
        ("from=2018-02-01&to=2018-01-01", "from", "2018-02-01"),
        ("country=V%20N", "country", "V N"),
        ("topic=a&topic=b", "topic", "b"),
    ],
)
def test_bad_parameter_is_400_and_named(client, query, parameter, value):
    published(article())

    error = problem(client.get(f"/api/v1/articles/?{query}"))

    assert (error["status"], error["code"]) == (400, "bad-parameter")
    assert (error["parameter"], error["value"]) == (parameter, value)


def test_invalid_lang_error_lists_supported_languages(client):
    error = problem(client.get("/api/v1/articles/?lang=xx"))

    assert error["detail"] == (
        "Choose one of these: zh-hans, zh-hant, en, vi, th, lo, km, my, id, ms, "
        "fil, pt."
    )


def test_unknown_parameter_error_lists_known_parameters(client):
    published(article("opening"))

    of_list = problem(client.get("/api/v1/articles/?q=x"))
    of_detail = problem(client.get("/api/v1/articles/opening/?year=2018"))

    assert of_list["detail"] == (
        "Unknown parameter. You can use: "
        "as_of, country, cursor, dated, from, lang, organ, page_size, to, topic, year."
    )
    assert of_detail["detail"] == "Unknown parameter. You can use: lang."


def cursor_of(position: str) -> str:
    return b64encode(f"p={position}".encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        "",
        cursor_of(""),
        cursor_of("1"),
        cursor_of("today~1"),
        cursor_of("2018-13-01~1"),
        cursor_of("2018-01-01~x"),
        cursor_of("2018-01-01~1~1"),
        cursor_of("2018-01-01~" + "9" * 6000),
        "A" * 5000,
        "\u4e2d",
        "A\x00A",
    ],
)
def test_malformed_cursor_is_400_and_named(client, cursor):
    published(article())

    body = problem(client.get("/api/v1/articles/", {"cursor": cursor}))

    assert (body["status"], body["code"]) == (400, "bad-parameter")
    assert (body["parameter"], body["value"]) == ("cursor", cursor[:100])
    assert body["detail"].startswith("This cursor is not valid.")


def test_cursor_beyond_last_row_returns_empty_page(client):
    published(article())

    response = client.get(
        "/api/v1/articles/", {"cursor": cursor_of(f"0001-01-01~-{2**70}")}
    )

    assert response.json() == {"next": None, "previous": None, "results": []}


def test_cursor_of_another_list_is_400(client):
    for number in range(2):
        published(article(f"n{number}"))
        published(edition(number + 1))
    pages = client.get("/api/v1/articles/", {"page_size": "1"}).json()
    query = parse_qs(urlsplit(pages["next"]).query)

    body = problem(client.get("/api/v1/editions/", {"cursor": query["cursor"]}))

    assert (body["status"], body["parameter"]) == (400, "cursor")


WRONG_METHOD_QUERIES = (
    "",
    "?lang=xx",
    "?lang=",
    "?zzz=1",
    "?cursor=x",
    "?page_size=0",
    "?country=zzz",
    "?after=x",
    "?lang=en&lang=vi",
    "?%00=%00",
    f"?zzz={'x' * 5000}",
)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/articles/",
        "/api/v1/articles/opening/",
        "/api/v1/articles/none/",
        "/api/v1/changes/",
        "/api/v1/search/",
        "/api/v1/figures/counted/",
        "/api/v1/openapi.json",
    ],
)
def test_wrong_method_is_405_whatever_the_query(client, path):
    published(article("opening"))

    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW", "INITIAL"):
        for query in WRONG_METHOD_QUERIES:
            response = client.generic(method, path + query, b"{", "application/json")

            body = problem(response)
            assert body["status"] == 405, (method, query)
            assert body["code"] == "method-not-allowed", (method, query)
            assert response["Allow"] == "GET, HEAD, OPTIONS", (method, query)


def test_wrong_method_is_405_in_the_language_of_the_request(client):
    responses = [
        client.post(f"/api/v1/articles/{query}", headers={"accept-language": "zh-CN"})
        for query in ("", "?lang=xx", "?lang=vi")
    ]

    assert [response["Content-Language"] for response in responses] == [
        "zh-Hans",
        "zh-Hans",
        "vi",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "lang=en&lang=vi",
        "page_size=1&page_size=2",
        "cursor=a&cursor=b",
        "country=VN&country=CN",
    ],
)
def test_repeated_parameter_is_400_and_named(client, query):
    body = problem(client.get(f"/api/v1/articles/?{query}"))

    assert (body["status"], body["parameter"]) == (400, query.partition("=")[0])
    assert body["value"] == query.rpartition("=")[2]


def test_repeated_position_of_the_change_feed_is_400(client):
    body = problem(client.get("/api/v1/changes/?after=1&after=2"))

    assert (body["status"], body["parameter"], body["value"]) == (400, "after", "2")


@pytest.mark.parametrize("size", ["", "0", "-1", "201", "x", "99999999999999999999"])
def test_page_size_out_of_bounds_is_400(client, size):
    error = problem(client.get("/api/v1/articles/", {"page_size": size}))

    assert (error["status"], error["parameter"]) == (400, "page_size")
    assert error["detail"] == "Enter a number from 1 to 200."


def test_error_is_localized(client):
    error = problem(client.get("/api/v1/articles/none/?lang=zh-hans"))

    assert error["status"] == 404
    assert client.get("/api/v1/articles/none/?lang=zh")["Content-Language"] == "zh-Hans"


@pytest.mark.parametrize(
    ("language", "tag"), [("yue-HK", "zh-Hant"), ("cmn-Hans-CN", "zh-Hans")]
)
def test_chinese_varieties_choose_a_script_of_chinese(client, language, tag):
    by_parameter = client.get("/api/v1/articles/", {"lang": language})
    by_header = client.get("/api/v1/articles/", headers={"accept-language": language})

    for response in (by_parameter, by_header):
        assert (response.status_code, response["Content-Language"]) == (200, tag)
