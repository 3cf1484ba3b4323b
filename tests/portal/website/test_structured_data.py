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
from tests.portal.website.feeds.linked_data import is_said, nodes, source, words_in
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
    words = " ".join(html.unescape(strip_tags(visible)).split())
    crumbs, node = nodes(text)

    told = words_in(node)
    unsaid = [
        (name, value)
        for name, value in [*told, *words_in(crumbs)]
        if not is_said(name, value, text, words, getattr(record, "period", None))
    ]

    assert unsaid == []
    heading = html.unescape(strip_tags(re.findall(r"<h1>(.*?)</h1>", text, re.S)[0]))
    assert heading.strip() in (node.get("name"), node.get("headline"))
    if kind.is_event:
        state = dict(record._meta.get_field("state").flatchoices)["planned"]
        assert node["eventStatus"] == "https://schema.org/EventScheduled"
        assert capfirst(str(state)) in words


# ------------------------------------------------------------- pages without a record


def test_home_describes_website_and_search_action(client):
    name = "China-ASEAN Prosecutors-General Conference"
    organization = f"{HOST}/vi/#organization"

    told = nodes(source(client, "/vi/"))

    assert [node["@type"] for node in told] == ["Organization", "WebSite"]
    assert told[0] | {"name": name} == {
        "@type": "Organization",
        "@id": organization,
        "name": name,
        "url": f"{HOST}/vi/",
    }
    assert told[1]["publisher"] == {"@id": organization}
    assert told[1]["potentialAction"] == {
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
    answer = client.get(address)

    assert answer.status_code == 404
    assert b"ld+json" not in answer.content
    assert b"og:title" not in answer.content
    assert b'rel="alternate"' not in answer.content


def test_sample_page_has_breadcrumb_data_only(client):
    record = published(article("sample", is_sample=True))

    told = nodes(source(client, record.get_absolute_url()))

    assert [node["@type"] for node in told] == ["BreadcrumbList"]


def test_json_ld_escapes_script_closing_tag():
    nasty = "</script><!-- & \u2028 \u2029 检"

    written = to_script_json([{"name": nasty}])

    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written)["@graph"] == [{"name": nasty}]
