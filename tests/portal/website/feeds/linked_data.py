"""Helpers that parse the structured data (JSON-LD) of a page."""

import datetime as dt
import json
import re

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.dates import format_period

HOST = "http://testserver"
DAYS = {
    "starts_on": dt.date(2025, 9, 22),
    "ends_on": dt.date(2025, 9, 24),
    "date_precision": "day",
}


def source(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def nodes(text: str) -> list[dict]:
    """Return the nodes of the only JSON-LD block on the page."""
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    document = json.loads(block)
    assert document["@context"] == "https://schema.org"
    return document["@graph"]


def record_node(client, record, language="en") -> dict:
    address = f"/{language}/{record.get_absolute_url().split('/', 2)[2]}"
    crumbs, node = nodes(source(client, address))
    assert crumbs["@type"] == "BreadcrumbList"
    assert node.pop("url") == HOST + address
    # Some schema.org types have no image; all others use the share card.
    assert node.pop("image", f"{HOST}{address}card.png") == f"{HOST}{address}card.png"
    return node


# ------------------------------------------------------------------ visible on the page


def texts_in(node, name="") -> list[tuple[str, str]]:
    """Return (property name, text) for every text in ``node``."""
    if isinstance(node, dict):
        return [item for key, value in node.items() for item in texts_in(value, key)]
    if isinstance(node, list):
        return [item for value in node for item in texts_in(value, name)]
    return [(name, str(node))]


def is_on_page(
    name: str, value: str, page_text: str, visible_text: str, period
) -> bool:
    """Return whether the page shows ``value`` of the property ``name`` to readers."""
    if name in ("name", "headline", "alternateName"):
        return " ".join(value.split()) in visible_text
    if name == "endDate":
        return (
            format_period(period.first, period.last, "day", LANGUAGES_BY_CODE["en"])
            in visible_text
        )
    if "date" in name.lower():
        return f'<time datetime="{value}' in page_text
    if name == "inLanguage":
        return f'lang="{value}"' in page_text
    if name in ("url", "item", "sameAs"):
        return f'"{value.removeprefix(HOST)}"' in page_text
    return name in ("@type", "position", "image", "eventStatus")
