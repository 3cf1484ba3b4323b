"""The feeds of a test, read as a feed reader reads them."""

import datetime as dt
import json
import xml.etree.ElementTree as ET

from tests.factories.seminars import seminar

HOUR = dt.timedelta(hours=1)
ATOM = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "dcterms": "http://purl.org/dc/terms/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def answer(client, form, query="", language="en"):
    found = client.get(f"/{language}/feed.{form}{query}")
    assert found.status_code == 200
    return found


def atom(client, query="", language="en") -> ET.Element:
    found = answer(client, "atom", query, language)
    assert found["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(found.content)  # noqa: S314 our own


def as_json(client, query="", language="en") -> dict:
    found = answer(client, "json", query, language)
    assert found["Content-Type"] == "application/feed+json; charset=utf-8"
    return json.loads(found.content)


def texts(element: ET.Element, path: str) -> list[str]:
    return [found.text for found in element.findall(path, ATOM)]


def codes(client, query="") -> list[str]:
    """Codes of the records in both feeds, which tell the same."""
    urls = [item["url"] for item in as_json(client, query)["items"]]
    links = [
        one.get("href") for one in atom(client, query).findall("a:entry/a:link", ATOM)
    ]
    assert urls == links
    return [url.rstrip("/").split("/")[-1] for url in urls]


def sample_seminar(**values):
    days = {"starts_on": dt.date(2025, 9, 22), "ends_on": dt.date(2025, 9, 24)}
    return seminar("SEM-0001", **{**days, "date_precision": "day", **values})


# ------------------------------------------------------------------------------- Atom
