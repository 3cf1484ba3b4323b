"""Invalid inputs, and what the answer to them must be like."""

import re
from collections.abc import Collection, Iterator
from itertools import cycle
from typing import TypeVar

from portal.core.languages import LANGUAGES_BY_CODE
from tests.project.url_table import PUBLIC, Public

Case = TypeVar("Case")
Value = TypeVar("Value")
LONG_VALUE = "x" * 10_000
# Numbers of sitemaps, editions and pages of a list that are too large for a column.
HUGE_NUMBERS = ("99999999999999999999", "2147483648", "9223372036854775808")
WRITING = ("post", "put", "patch", "delete")
PAGES = {route: row for route, row in PUBLIC.items() if route.startswith("<lang>/")}
LISTS = {route: row for route, row in PUBLIC.items() if row.is_list}
DETAILS = {route: row for route, row in PUBLIC.items() if row.kind and not row.is_list}
# Invalid values for the code of a record in an address.
CODES = {
    "unknown": "no-such-record",
    "a number": "0",
    "huge": HUGE_NUMBERS[0],
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
# Values that are invalid or unknown for every parameter.
VALUES = {
    "long": LONG_VALUE,
    "control and NUL": "%01%1f%00",
    "no UTF-8": "%ff%fe%ed%a0%80",
    "script": "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "huge": HUGE_NUMBERS[0],
    "unknown": "no-such-value",
}
# Parameters of the pages that show records of several kinds.
SELECTION = ("country", "topic", "kind", "state", "year", "from", "to", "as_of", "done")
PARAMETERS_BY_ROUTE = {
    "<lang>/figures/": ("country", "year", "as_of", "group"),
    "<lang>/figures.csv": ("country", "year", "as_of", "group"),
    **{
        f"<lang>/{name}.csv": SELECTION
        for name in ("conference", "documents", "news", "seminars", "delegations")
    },
    "<lang>/exchanges.csv": SELECTION,
    "<lang>/calendar/": (*SELECTION, "month"),
    "<lang>/calendar.ics": SELECTION,
    "<lang>/feed.atom": SELECTION,
    "<lang>/feed.json": SELECTION,
    "<lang>/search/": ("q", "kind", "country", "year", "order", "page"),
    "<lang>/counterparts/": ("organ",),
    "<lang>/search/suggest/": ("q",),
    "<lang>/report/": ("page", "sent"),
    "api/v1/changes/": ("after", "kind", "page_size", "lang"),
    "api/v1/figures/counted/": ("country", "year", "as_of", "fact", "lang"),
}
PARAMETERS = sorted({"page", "lang", "beside"}.union(*PARAMETERS_BY_ROUTE.values()))
# Parameters that messengers and advertisers add to shared links.
SHARED = {
    "WeChat": "from=singlemessage&isappinstalled=0",
    "WeChat, moments": "from=timeline&isappinstalled=0&scene=2&clicktime=1700000000",
    "trackers": "utm_source=x&utm_medium=%E5%BE%AE&fbclid=y&gclid=z&_=1",
    "all of them": "from=singlemessage&isappinstalled=0&utm_source=x&fbclid=y&_=1",
    "odd encoding": "%ff=%ff&%00=%00&[]=1&=&&&?&%%%&from=%ff",
    "long": "fbclid=" + "x" * 6000,
    "too many parameters": "&".join(f"w{number}=" for number in range(6000)),
}
# Values that do not have the format of their filter.
MALFORMED = (
    *("country=%00", "organ=%27", "topic=%ff", "kind=a%20b", "state=%%%", "scope=;"),
    *("direction=%3Cb%3E", "year=abc", "year=18", "year=20190", "from=singlemessage"),
    *("to=tomorrow", "as_of=x", "as_of=2019", "done=maybe", "dated=maybe"),
    *("year=%EF%BC%92%EF%BC%90%EF%BC%91%EF%BC%99", "page=abc", "page=0", "page=-1"),
    *("page=01", "page=", "month=foo", "month=2025-9", f"kind={LONG_VALUE}"),
)
# Values in the format of their filter that no record can have, and that parameter.
IMPOSSIBLE = {
    "from=2567-01-01": "from",
    "to=1899-12-31": "to",
    "from=2025-02-30": "from",
    "as_of=2019-13-01": "as_of",
    "year=1899": "year",
    "year=2101": "year",
    "year=0000": "year",
    "from=2020-01-02&to=2020-01-01": "from",
    "dated=no&year=2020": "dated",
    "done=yes&state=planned": "done",
}


def in_turn(
    cases: Collection[Case], values: Collection[Value], number: int
) -> Iterator[tuple[Case, Value]]:
    """Yield each case with ``number`` of the values, which take turns.

    For rules that do not depend on the pair: the part of the portal that reads the
    value does not know the rest of the case. Every case and every value occurs.
    """
    assert number * len(cases) >= len(values)
    turns = cycle(values)
    for case in cases:
        for _ in range(number):
            yield case, next(turns)


def batches(queries: Collection[str]) -> list[list[str]]:
    """Return the queries in groups in which no parameter occurs twice."""
    result: list[dict[str, str]] = []
    for query in queries:
        parameter = query.partition("=")[0]
        batch = next((batch for batch in result if parameter not in batch), None)
        if batch is None:
            result.append(batch := {})
        batch[parameter] = query
    return [list(batch.values()) for batch in result]


def is_an_answer_of_ours(response, path: str, language: str) -> None:
    """Assert that an error has the portal's page or problem, without internals."""
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
        tag = LANGUAGES_BY_CODE[language].tag
        assert f'<html lang="{tag}"' in text, path[:200]
        assert response["Content-Language"] == tag


def without_code(row: Public, code: str) -> str:
    return re.sub(r"\{\w+\}", lambda _match: code, row.example)
