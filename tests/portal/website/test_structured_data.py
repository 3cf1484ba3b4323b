"""Structured data (JSON-LD) contains only what the page also shows to readers."""

import datetime as dt
import html
import json
import re

import pytest
from django.utils.html import strip_tags
from django.utils.text import capfirst

from portal.content.catalogue.registry import all_kinds
from portal.website.structured_data import to_script_json
from tests.factories.conference import article
from tests.factories.publishing import published
from tests.portal.website.feeds.linked_data import is_on_page, nodes, source, texts_in
from tests.project.related_records import enrich, fresh

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
DAYS = {
    "starts_on": dt.date(2025, 9, 22),
    "ends_on": dt.date(2025, 9, 24),
    "date_precision": "day",
}


# A reported figure has no page of its own.
WITH_PAGE = [kind for kind in all_kinds() if hasattr(kind.model, "get_absolute_url")]


@pytest.mark.parametrize("kind", WITH_PAGE, ids=lambda kind: kind.code)
def test_structured_data_is_visible_on_page(kind, client):
    record = fresh(kind.model)
    if kind.is_event:
        record.starts_on, record.ends_on = DAYS["starts_on"], DAYS["ends_on"]
        record.date_precision, record.state = "day", "planned"
    record = published(enrich(record, 2))
    text = source(client, record.get_absolute_url())
    visible = re.sub(r"<(script|head)\b.*?</\1>", " ", text, flags=re.S)
    visible_text = " ".join(html.unescape(strip_tags(visible)).split())
    crumbs, node = nodes(text)

    texts = texts_in(node)
    not_on_page = [
        (name, value)
        for name, value in [*texts, *texts_in(crumbs)]
        if not is_on_page(
            name, value, text, visible_text, getattr(record, "period", None)
        )
    ]

    assert not_on_page == []
    heading = html.unescape(strip_tags(re.findall(r"<h1>(.*?)</h1>", text, re.S)[0]))
    assert heading.strip() in (node.get("name"), node.get("headline"))
    if kind.is_event:
        state = dict(record._meta.get_field("state").flatchoices)["planned"]
        assert node["eventStatus"] == "https://schema.org/EventScheduled"
        assert capfirst(str(state)) in visible_text


# ------------------------------------------------------------- pages without a record


def test_home_describes_website_and_search_action(client):
    name = "China-ASEAN Prosecutors-General Conference"
    organization = f"{HOST}/vi/#organization"

    data = nodes(source(client, "/vi/"))

    assert [node["@type"] for node in data] == ["Organization", "WebSite"]
    assert data[0] | {"name": name} == {
        "@type": "Organization",
        "@id": organization,
        "name": name,
        "url": f"{HOST}/vi/",
    }
    assert data[1]["publisher"] == {"@id": organization}
    assert data[1]["potentialAction"] == {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{HOST}/vi/search/?q={{search_term_string}}",
        },
        "query-input": "required name=search_term_string",
    }


def test_list_has_breadcrumb_data(client):
    assert nodes(source(client, "/en/news/")) == [
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": 1,
                    "name": "Home",
                    "item": f"{HOST}/en/",
                },
                {"@type": "ListItem", "position": 2, "name": "News"},
            ],
        }
    ]


@pytest.mark.parametrize("address", ["/en/news/none/", "/en/none/"])
def test_error_page_has_no_structured_data(address, client):
    response = client.get(address)

    assert response.status_code == 404
    assert b"ld+json" not in response.content
    assert b"og:title" not in response.content
    assert b'rel="alternate"' not in response.content


def test_sample_page_has_breadcrumb_data_only(client):
    record = published(article("sample", is_sample=True))

    data = nodes(source(client, record.get_absolute_url()))

    assert [node["@type"] for node in data] == ["BreadcrumbList"]


def test_json_ld_escapes_script_closing_tag():
    nasty = "</script><!-- & \u2028 \u2029 检"

    written = to_script_json([{"name": nasty}])

    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written)["@graph"] == [{"name": nasty}]
