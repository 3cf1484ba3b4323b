import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.languages import LANGUAGES
from portal.website import sitemap_urls
from tests import reviewing
from tests.factories.conference import article
from tests.factories.figures import reported_figure
from tests.factories.publishing import published, scheduled, withdrawn

pytestmark = pytest.mark.django_db
NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
HOST = "http://testserver"


def get_xml(client, address="/sitemap.xml") -> ET.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return ET.fromstring(response.content)  # noqa: S314 our own


def addresses(client, address="/sitemap.xml") -> list[str]:
    """Return the paths of records in the sitemap, without those of standing pages."""
    urls = [
        item.text for item in get_xml(client, address).findall("s:url/s:loc", NAMES)
    ]
    static_paths = {item.path for item in sitemap_urls.static_page_urls()}
    paths = [item.removeprefix(HOST) for item in urls]
    return [path for path in paths if path not in static_paths]


def alternates(client, path: str) -> list[tuple[str, str]]:
    for url in get_xml(client).findall("s:url", NAMES):
        if url.find("s:loc", NAMES).text == HOST + path:
            links = url.findall("x:link", NAMES)
            assert {link.get("rel") for link in links} == {"alternate"}
            return [(link.get("hreflang"), link.get("href")) for link in links]
    return []


def test_record_is_listed_in_its_languages(client):
    published(article("both", title_en="Opening", title_zh_hans="开幕"))
    published(article("thai", title_en="Opening", title_th="เปิด"))

    assert sorted(addresses(client)) == [
        "/en/news/both/",
        "/en/news/thai/",
        "/th/news/thai/",
        "/zh-hans/news/both/",
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_alternates_match_record_languages(language, client):
    published(article("both", title_en="Opening", title_zh_hans="开幕"))

    assert alternates(client, f"/{language}/news/both/") == [
        ("zh-Hans", f"{HOST}/zh-hans/news/both/"),
        ("en", f"{HOST}/en/news/both/"),
        ("x-default", f"{HOST}/en/news/both/"),
    ]


def test_page_and_sitemap_alternates_agree(client):
    published(article("both", title_en="Opening", title_th="เปิด"))

    page = client.get("/en/news/both/").content.decode()

    links = alternates(client, "/en/news/both/")
    assert len(links) == 3
    for hreflang, href in links:
        assert f'<link rel="alternate" hreflang="{hreflang}" href="{href}">' in page
    assert page.count('rel="alternate" hreflang=') == 3


def test_static_pages_are_listed_in_all_languages(client):
    expected = {
        "home",
        "conference:edition-list",
        "conference:document-list",
        "conference:article-list",
        "seminars:list",
        "delegations:visit-list",
        "exchanges:exchange-list",
        "directory:country-list",
        "directory:topic-list",
        "conference:treaty-table",
        "counterparts",
        "updates",
        "calendar",
        "figures",
        "about",
        "contact",
        "accessibility",
        "privacy",
        "site-map",
    }

    urls = [element.text for element in get_xml(client).findall("s:url/s:loc", NAMES)]

    paths = {reverse(name).removeprefix("/en/") for name in expected}
    assert sorted(urls) == sorted(
        f"{HOST}/{language.code}/{path}" for language in LANGUAGES for path in paths
    )
    assert len(alternates(client, "/vi/calendar/")) == 13
    assert alternates(client, "/vi/calendar/")[-1] == (
        "x-default",
        f"{HOST}/en/calendar/",
    )


def test_unpublished_and_pageless_records_are_omitted(client):
    article("draft")
    withdrawn(article("gone"))
    scheduled(article("waits"), timezone.now() + dt.timedelta(days=1))
    published(reported_figure())
    published(article("sample", is_sample=True))
    published(article("public"))

    assert addresses(client) == ["/en/news/public/"]


def test_every_sitemap_url_responds(client):
    published(article("public", title_zh_hans="开幕"))

    for url in get_xml(client).findall("s:url/s:loc", NAMES):
        path = url.text.removeprefix(HOST)
        if path.startswith(("/en/", "/zh-hans/news/")):
            assert client.get(path).status_code == 200, path


def test_lastmod_is_last_public_change(client):
    published(article("public"))

    days = [
        element.text for element in get_xml(client).findall("s:url/s:lastmod", NAMES)
    ]

    assert days == ["2024-05-06"]


@pytest.mark.parametrize("rows", [1, 3])
def test_sitemap_query_count_does_not_grow(client, rows, django_assert_num_queries):
    for _number in range(rows):
        published(article())

    with django_assert_num_queries(3):
        client.get("/sitemap.xml")


def test_sitemap_is_cacheable(client):
    response = client.get("/sitemap.xml", headers={"accept-encoding": "gzip"})

    assert "s-maxage=10" in response["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    assert response["Content-Encoding"] == "gzip"
    assert "Content-Language" not in response.headers
    assert response["Vary"] == "Accept-Encoding"


# ------------------------------------------------------------------------ many records


@pytest.fixture
def two_entries_per_part(monkeypatch):
    """Let a part of the sitemap hold two entries instead of five hundred."""
    monkeypatch.setattr(sitemap_urls, "ENTRIES_PER_PART", 2)


def parts(client) -> dict[str, str]:
    rows = get_xml(client).findall("s:sitemap", NAMES)
    days = [row.find("s:lastmod", NAMES) for row in rows]
    return {
        row.find("s:loc", NAMES).text.removeprefix(HOST): getattr(day, "text", "")
        for row, day in zip(rows, days, strict=True)
    }


def test_large_sitemap_is_split(client, two_entries_per_part):
    slugs = [f"number-{number}" for number in range(5)]
    for slug in slugs:
        published(article(slug))

    days_by_part = parts(client)

    first, *of_records = days_by_part
    assert first == "/sitemap-pages.xml"
    assert addresses(client, first) == []
    assert {days_by_part[path] for path in of_records} == {"2024-05-06"}
    paths = [path for part in of_records for path in addresses(client, part)]
    assert sorted(paths) == [f"/en/news/{slug}/" for slug in slugs]
    assert all(len(addresses(client, part)) <= 2 for part in of_records)


def test_sitemap_part_is_stable_when_other_record_is_withdrawn(
    client, two_entries_per_part
):
    records = [published(article(f"number-{number}")) for number in range(6)]
    before = {part: addresses(client, part) for part in list(parts(client))[1:]}

    from tests.factories.publishing import AT, actor

    reviewing.withdraw(records[0], by=actor(), at=AT)

    withdrawn_path = "/en/news/number-0/"
    for part, paths in before.items():
        remaining = [path for path in paths if path != withdrawn_path]
        if remaining:
            assert addresses(client, part) == remaining


@pytest.mark.parametrize("number", ["999999", "9" * 30])
def test_unknown_sitemap_part_returns_404(client, number):
    assert client.get(f"/sitemap-{number}.xml").status_code == 404
