"""Home page, health checks, old addresses, robots.txt and standing pages."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.cache import cache
from PIL import Image

from portal.content.publishing import operations
from tests.factories.conference import article, document, edition, page
from tests.factories.directory import country, place
from tests.factories.figures import reported_figure
from tests.factories.publishing import (
    AT,
    actor,
    published,
    published_together,
    redirect,
    withdrawn,
)
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db


def codes(cards) -> list[str]:
    return [card.code for card in cards]


def test_home_shows_editions_latest_institutions_and_countries(client):
    published_together(
        *(edition(number) for number in (9, 10, 2)),
        *(
            article(f"n{day}", reported_on=dt.date(2019, 3, day), date_precision="day")
            for day in range(1, 9)
        ),
        document("DOC-0001"),
        page("office", display_order=2),
        page("base", display_order=1),
        country("VN"),
        reported_figure(),
    )
    article("draft")
    withdrawn(article("gone", reported_on=dt.date(2020, 1, 1), date_precision="day"))

    context = client.get("/en/").context

    assert context["hero"].code == "10"
    assert codes(context["editions"]) == ["2", "9", "10"]
    assert codes(context["latest"]) == ["n8", "n7", "n6", "n5", "n4", "n3"]
    assert codes(context["institutions"]) == ["base", "office"]
    assert [tile.iso2 for tile in context["countries"]] == ["VN"]


def test_home_works_with_empty_database(client):
    response = client.get("/en/")

    assert response.status_code == 200
    assert response.context["hero"] is None


def test_home_query_count_is_constant(client, django_assert_num_queries):
    with collect_failures() as failures:
        for number, iso2 in enumerate(("VN", "LA", "TH"), 1):
            host = country(iso2)
            places = [place(country=host)]
            published_together(host, edition(number, places=places), article(), page())
            if number == 2:
                continue
            for language in ("en", "zh-hans", "zh-hant", "vi"):
                cache.clear()
                with failures.case(number, language), django_assert_num_queries(8):
                    client.get(f"/{language}/")


@pytest.mark.parametrize(
    "name", ["about", "contact", "accessibility", "privacy", "site-map", "countries"]
)
@pytest.mark.parametrize("language", ["en", "zh-hans", "km"])
def test_static_page_opens_in_reader_language(client, name, language):
    response = client.get(f"/{language}/{name}/")

    tag = {"zh-hans": "zh-Hans"}.get(language, language)
    assert response.status_code == 200
    assert response["Content-Language"] == tag
    assert f'<html lang="{tag}">' in response.content.decode()


def test_about_page_leads_to_the_institutions_and_the_rules_of_the_site(client):
    published(page("office", display_order=2, title_en="The office"))
    published(page("base", display_order=1))
    page("draft", title_en="A draft")

    response = client.get("/en/about/")

    main = response.content.decode().split("<main")[1].split("</main>")[0]
    assert codes(response.context["institutions"]) == ["base", "office"]
    assert 'href="/en/about/office/"' in main
    assert "A draft" not in main
    for name in ("contact", "accessibility", "privacy", "site-map", "report"):
        assert f'href="/en/{name}/"' in main
    assert 'href="/api/docs/"' in main


def test_about_page_of_the_record_is_used_while_it_is_published(client):
    own = published(page("about"))

    response = client.get("/vi/about/")

    assert (response.status_code, response["Location"]) == (302, "/vi/about/about/")
    operations.withdraw(own, by=actor(), at=AT, version=None)
    assert client.get("/vi/about/").status_code == 200


def test_list_of_meetings_has_the_address_that_readers_expect(client):
    response = client.get("/vi/exchanges/meetings/?country=VN")

    assert (response.status_code, response["Location"]) == (
        301,
        "/vi/exchanges/?country=VN",
    )


@pytest.mark.parametrize(
    ("path", "file_format", "size"),
    [
        ("/favicon.ico", "ICO", (48, 48)),
        ("/apple-touch-icon.png", "PNG", (180, 180)),
        ("/apple-touch-icon-precomposed.png", "PNG", (180, 180)),
    ],
)
def test_icons_are_at_the_addresses_that_browsers_try(client, path, file_format, size):
    response = client.get(path)

    picture = Image.open(BytesIO(response.content))
    assert response.status_code == 200
    assert (picture.format, picture.size) == (file_format, size)
    assert (
        response["Content-Type"]
        == f"image/{'png' if file_format == 'PNG' else 'x-icon'}"
    )
    assert response["Cache-Control"] == "public, max-age=604800"
    assert "Content-Language" not in response
    assert "Accept-Language" not in response.get("Vary", "")
    known = {"if-none-match": response["ETag"]}
    assert client.get(path, headers=known).status_code == 304


@pytest.mark.parametrize("path", ["/en/", "/accounts/login/", "/en/none/"])
def test_pages_name_their_icons(client, path):
    html = client.get(path).content.decode()

    assert '<link rel="icon" href="/static/portal/img/favicon' in html
    assert '<link rel="apple-touch-icon" href="/apple-touch-icon.png">' in html


def test_live_works_without_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/live")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "old",
    [
        "/ywb/atc/201808/t20180829_2341791.shtml",
        "/2025-09/03/c_1122009.htm",
    ],
)
def test_old_url_redirects_permanently(client, old):
    redirect(old, "/en/about/conference/")

    response = client.get(old)

    assert (response.status_code, response["Location"]) == (
        301,
        "/en/about/conference/",
    )
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/ywb/unknown.shtml",
        "/2025-09/03/c_1.htm",
        "/2025-9/03/c_1122009.htm",
        "/2025-09/03/c_1122009.html",
        "/ywb/",
    ],
)
def test_unknown_old_url_returns_404(client, path):
    redirect("/ywb/known.shtml")

    assert client.get(path).status_code == 404


def test_robots_txt_disallows_admin(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\n"
        "Allow: /\n"
        "Disallow: /admin/\n"
        "Disallow: /accounts/\n"
        "Disallow: /*/search/?\n"
        "Disallow: /*/search/suggest/\n"
        "Disallow: /*/calendar/?\n"
        "Disallow: /*/report/?\n"
        "Sitemap: http://testserver/sitemap.xml\n"
    )


def test_security_txt_has_contact_and_expiry(client, time_machine):
    time_machine.move_to("2026-03-15T12:00:00Z")

    response = client.get("/.well-known/security.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "Contact: http://testserver/en/contact/\n"
        "Expires: 2026-09-01T00:00:00Z\n"
        "Preferred-Languages: zh, en\n"
        "Canonical: http://testserver/.well-known/security.txt\n"
    )


@pytest.mark.parametrize(
    "path", ["/", "/live", "/ready", "/robots.txt", "/en/", "/sitemap.xml", "/en/news/"]
)
def test_public_url_is_read_only(client, path):
    assert client.post(path).status_code == 405


def test_api_docs_and_openapi_schema_are_public(client):
    docs, contract = client.get("/api/docs/"), client.get("/api/v1/openapi.json")

    assert docs.status_code == 200
    assert contract["Content-Type"] == "application/json"
    assert contract.json()["openapi"].startswith("3.1")


def test_responses_have_security_headers(client):
    response = client.get("/en/")

    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
