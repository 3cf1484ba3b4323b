"""What is no right input, and what an answer to it must be like."""

import re

from portal.languages import BY_CODE
from tests.house.addresses import PUBLIC, Public

LONG = "x" * 10_000
# Of the figures of the sitemap, of editions and of pages of a list.
HUGE = ("99999999999999999999", "2147483648", "9223372036854775808")
WRITING = ("post", "put", "patch", "delete")
PAGES = {route: row for route, row in PUBLIC.items() if route.startswith("<lang>/")}
LISTS = {route: row for route, row in PUBLIC.items() if row.is_list}
DETAILS = {route: row for route, row in PUBLIC.items() if row.kind and not row.is_list}
# What an address may be asked for in place of the code of a record.
CODES = {
    "nobody knows it": "no-such-record",
    "a number": "0",
    "huge": HUGE[0],
    "long": "x" * 2000,
    "control": "%01%1f%7f",
    "NUL": "%00",
    "no UTF-8": "%ff%fe",
    "half a character": "%e4%b8",
    "quotes": "%27%22%3Cscript%3E",
    "dots": "..%2f..%2fetc",
    "percent": "%25%25s",
    "another script": "%E1%9E%80%E1%9F%92",
}
# Values that mean nothing to any word of any address.
VALUES = {
    "long": LONG,
    "control and NUL": "%01%1f%00",
    "no UTF-8": "%ff%fe%ed%a0%80",
    "script": "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "huge": HUGE[0],
    "unknown": "no-such-value",
}
# What the pages that gather everyone read, beside lists and records.
SELECTION = ("country", "topic", "kind", "state", "year", "from", "to", "as_of", "done")
GATHERING = {
    "<lang>/figures/": ("country", "year", "as_of", "group"),
    "<lang>/figures.csv": ("country", "year", "as_of", "group"),
    "<lang>/calendar/": (*SELECTION, "month"),
    "<lang>/calendar.ics": SELECTION,
    "<lang>/feed.atom": SELECTION,
    "<lang>/feed.json": SELECTION,
    "<lang>/search/": ("q", "kind", "country", "year", "order", "page"),
    "<lang>/report/": ("page", "sent"),
    "api/v1/changes/": ("after", "kind", "page_size", "lang"),
    "api/v1/figures/counted/": ("country", "year", "as_of", "fact", "lang"),
}
WORDS = sorted({"page", "lang", "beside"}.union(*GATHERING.values()))


def is_an_answer_of_ours(response, path: str, language: str) -> None:
    text = response.body.decode()
    for trace in ("Traceback", "Exception", "/portal/", "django.", "sqlite", "psycopg"):
        assert trace not in text.replace("/static/portal/", ""), (path[:200], trace)
    kind = response["Content-Type"].partition(";")[0]
    if path.startswith("/api/v1/") and response.status_code != 405:
        assert kind == "application/problem+json", path[:200]
        assert response.json()["status"] == response.status_code
        return
    assert "<script>alert" not in text, path[:200]
    if language and kind == "text/html":
        tag = BY_CODE[language].tag
        assert f'<html lang="{tag}"' in text, path[:200]
        assert response["Content-Language"] == tag


def without_code(row: Public, code: str) -> str:
    return re.sub(r"\{\w+\}", lambda _match: code, row.example)
