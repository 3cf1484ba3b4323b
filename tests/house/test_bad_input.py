"""Whatever is asked, the answer is a page of ours that says what is wrong: never a 500.

Every public address of the table is asked for with each kind of bad input; the pages
in all twelve languages where that is cheap. Tests of the single rooms say in which
words each is refused.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client

from portal.catalogue.registry import kind_of
from portal.feeds.selection import WORDS as SELECTED
from portal.languages import BY_CODE
from tests.house.addresses import PUBLIC, opened
from tests.house.bad_input import (
    CODES,
    DETAILS,
    GATHERING,
    HUGE,
    IMPOSSIBLE,
    LISTS,
    LONG,
    MALFORMED,
    PAGES,
    SHARED,
    VALUES,
    WORDS,
    WRITING,
    is_an_answer_of_ours,
    without_code,
)


@pytest.fixture
def asked(house, db) -> Iterator:
    """A function from an address to its answer, which must be one of these."""
    client = Client(raise_request_exception=False)

    def ask(path: str, *allowed: int, method: str = "get", language: str = ""):
        cache.clear()  # the limit of requests in a minute is not in question here
        if method == "get":
            response = opened(client, path)
        else:
            response = getattr(client, method)(path)
            response.body = response.content
        told = f"{method} {path[:200]} → {response.status_code}"
        assert response.status_code in allowed, told
        if response.status_code >= 400:
            is_an_answer_of_ours(response, path, language)
        return response

    return ask


# ---------------------------------------------------------------------- addresses


@pytest.mark.parametrize("route", DETAILS)
def test_code_that_nobody_knows(route, asked):
    for code in CODES.values():
        expected = 400 if "%00" in code else 404
        asked(without_code(DETAILS[route], code), expected)


@pytest.mark.parametrize("route", [r for r in DETAILS if r in PAGES])
@pytest.mark.parametrize("language", BY_CODE)
def test_unknown_record_is_told_in_the_readers_language(route, language, asked):
    address = without_code(DETAILS[route], "9998").replace("/en/", f"/{language}/", 1)

    asked(address, 404, language=language)


@pytest.mark.parametrize("route", PAGES)
@pytest.mark.parametrize("prefix", ["xx", "english"])
def test_language_that_there_is_not(route, prefix, asked, address):
    asked(address(PAGES[route].example).replace("/en/", f"/{prefix}/", 1), 404)


@pytest.mark.parametrize("route", PAGES)
@pytest.mark.parametrize(
    ("prefix", "code"),
    [("EN", "en"), ("zh_TW", "zh-hant")],
)
def test_other_name_of_a_language_is_moved(route, prefix, code, asked, address):
    path = address(PAGES[route].example)

    response = asked(path.replace("/en/", f"/{prefix}/", 1), 301)

    assert response["Location"] == path.replace("/en/", f"/{code}/", 1)


@pytest.mark.parametrize("language", BY_CODE)
@pytest.mark.parametrize(
    "rest",
    [
        *("no-such-part/", "%ff/", "%e4%b8/", "x" * 5000 + "/", "a/" * 500),
        *("conference/" + number + "/" for number in HUGE),
        *("conference/-1/", "conference/1.5/", "conference/%D9%A1/"),
        *("//evil.example/", "\\evil.example/", "%0d%0aSet-Cookie:x=1/"),
    ],
)
def test_address_that_there_is_not(language, rest, asked):
    response = asked(f"/{language}/{rest}", 404, language=language)

    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("language", BY_CODE)
def test_marks_at_the_end_of_an_address(language, asked):
    """What is no part of any address is cut off, and leads nowhere else."""
    for rest, page in {"news/..%2f/": "news/", "%E2%80%AE/": ""}.items():
        response = asked(f"/{language}/{rest}", 301, language=language)

        assert response["Location"] == f"/{language}/{page}"


@pytest.mark.parametrize("language", BY_CODE)
@pytest.mark.parametrize("rest", ["%00/", "news/%00/", "search/%00", "a%00b"])
def test_nul_in_an_address(language, rest, asked):
    asked(f"/{language}/{rest}", 400, language=language)


@pytest.mark.parametrize(
    "path",
    [
        *("/%ff", "/none", "/" + "x" * 8000, "/ywb/%ff.shtml", "/files/%ff/%ff"),
        *("/files/" + "a" * 64 + "/x.pdf", "/files/..%2f..%2fetc/passwd", "/ywb/\n"),
        *("/2019-13/77/c_1.htm", f"/2019-03/07/c_{HUGE[0]}.htm", "/api/", "/api/v2/"),
        *("/api/v1/none/", "/api/v1/%ff/", "/.env", "/accounts/none/", "/static/none"),
        *(f"/sitemap-{number}.xml" for number in HUGE),
    ],
)
def test_address_outside_of_a_language(path, asked):
    asked(quote(path, safe="/%:._-"), 404)


@pytest.mark.parametrize("accepted", ["", "*", "x" * 9000, "\xff;q=x", ",;,=", "q=1,;"])
def test_odd_accept_language(accepted, house, db):
    client = Client(raise_request_exception=False)

    answer = client.get("/none", headers={"accept-language": accepted})

    assert answer.status_code == 404
    assert '<html lang="en"' in answer.content.decode()


# ------------------------------------------------------------------------- queries


@pytest.mark.parametrize("route", PUBLIC)
def test_value_that_means_nothing(route, asked, address):
    """One word after the other. What an address does not read cannot be wrong, and a
    filter may find nothing."""
    row, path = PUBLIC[route], address(PUBLIC[route].example)

    for word in _read_at(route):
        for value in VALUES.values():
            asked(f"{path}?{word}={value}", row.status, 200, 400, 404)


def _read_at(route: str) -> tuple[str, ...]:
    row = PUBLIC[route]
    if row.is_list:
        return (*kind_of(row.kind).filters, "page", "cursor", "page_size", "lang")
    if row.kind or row.status != 200:
        return ("page", "beside", "lang")
    return GATHERING.get(route, ("page", "lang", "q"))


QUERIES = {
    "signs": "=&&&?&%&%%%",
    "no UTF-8": "%ff=%ff&%00=%00&[]=1",
    "long": "a" * 10_000,
    "everything twice": "&".join(f"{word}=1&{word}=2" for word in WORDS),
    "more words than anyone has": "&".join(f"w{number}=" for number in range(6000)),
}


@pytest.mark.parametrize("route", PUBLIC)
def test_query_that_is_none(route, asked, address):
    row = PUBLIC[route]
    for query in QUERIES.values():
        asked(f"{address(row.example)}?{query}", row.status, 200, 400, 404)


API_LISTS = [route for route in LISTS if route not in PAGES]
LIST_PAGES = [route for route in LISTS if route in PAGES]
# Files for programs: an impossible value is answered with a line of text.
FILES = ("<lang>/calendar.ics", "<lang>/feed.atom", "<lang>/feed.json")
FIGURES = ("<lang>/figures/", "<lang>/figures.csv")
FILTERED = [*LIST_PAGES, "<lang>/calendar/", *FILES, *FIGURES]


def _words(route: str) -> tuple[str, ...]:
    if route in FIGURES:
        return ("country", "year", "as_of")
    if route not in LISTS:
        return SELECTED
    return kind_of(LISTS[route].kind).filters


def _with(address: str, query: str) -> str:
    """``address`` with ``query`` behind its own."""
    return f"{address}{'&' if '?' in address else '?'}{query}"


def _content(response) -> str:
    """What the page lists; its frame has links that repeat the query."""
    text = response.body.decode()
    if response["Content-Type"].startswith("text/html"):
        text = text.split("<main", 1)[1].split("</main>")[0]
        # A report form has the signed time at which it was opened.
        text = re.sub(r'name="opened" value="[^"]*"', "", text)
    return text


@pytest.mark.parametrize("route", [r for r in PAGES if PAGES[r].status == 200])
def test_shared_link_shows_the_same_as_the_plain_address(route, asked, address):
    path = address(PAGES[route].example)
    plain = asked(path, 200)

    for query in SHARED.values():
        if route.endswith(("/print/", "/card.png")):
            asked(_with(path, query), 200)
            continue
        response = asked(_with(path, query), 200)
        # Too many parameters to parse: those that the page knows are lost as well.
        if not (path.count("?") and query.count("&") > 5000):
            assert _content(response) == _content(plain), query[:80]
        assert response["Cache-Control"] == plain["Cache-Control"]
        canonical = f'rel="canonical" href="http://testserver{path.split("?")[0]}"'
        is_page = response["Content-Type"].startswith("text/html")
        assert not is_page or canonical in response.body.decode()


@pytest.mark.parametrize("route", FILTERED)
def test_malformed_value_counts_as_not_given(route, asked, address):
    path = PUBLIC[route].example.split("?")[0]
    plain = asked(path, 200)

    for query in MALFORMED:
        response = asked(f"{path}?{query}", 200)
        assert _content(response) == _content(plain), query[:80]


@pytest.mark.parametrize("route", FILTERED)
def test_malformed_value_beside_a_filter_leaves_the_filter(route, asked):
    path = PUBLIC[route].example.split("?")[0]
    plain = asked(f"{path}?year=2018", 200)

    for query in ("year=2018&from=singlemessage&_=1", "year=2017&year=2018&year=x"):
        response = asked(f"{path}?{query}", 200)
        assert _content(response) == _content(plain), query


@pytest.mark.parametrize("route", FILTERED)
def test_impossible_value_is_explained_and_nothing_is_filtered(route, asked):
    path, words = PUBLIC[route].example.split("?")[0], set(_words(route))
    plain = asked(path, 200).body.decode()
    for query, word in IMPOSSIBLE.items():
        if not {part.split("=")[0] for part in query.split("&")} <= words:
            continue
        response = asked(f"{path}?{query}", 400)
        text = response.body.decode()
        values = dict(part.split("=") for part in query.split("&"))
        if route in FILES or route.endswith(".csv"):
            assert response["Content-Type"] == "text/plain; charset=utf-8"
            assert text.startswith(f"{word}={values[word]}: ")
            continue
        assert response["Cache-Control"] == "no-store"
        assert text.count('<meta name="robots" content="noindex">') == 1
        assert "<title>Error: " in text
        assert f'href="#filter-{word}"' in text
        assert f'id="filter-{word}-error"' in text
        assert f'aria-describedby="filter-{word}-error"' in text
        assert text.count('aria-invalid="true"') == 1
        for name, value in values.items():
            assert f'value="{value}"' in text, (query, name)
        assert _listed(text) == _listed(plain)
        main = text.split("<main")[1].split("</main>")[0]
        for name, value in values.items():
            assert not re.search(rf'href="[^"]*\b{name}={value}\b', main), query


def _listed(text: str) -> list[str]:
    return re.findall(r'<h3 class="card__title">.*?</h3>', text, re.DOTALL)


@pytest.mark.parametrize("language", BY_CODE)
@pytest.mark.parametrize("route", [*LIST_PAGES, "<lang>/calendar/"])
def test_bad_list_is_told_in_the_readers_language(route, language, asked):
    path = PUBLIC[route].example.split("?")[0].replace("/en/", f"/{language}/", 1)

    asked(f"{path}?from=2025-02-30", 400, language=language)
    if route in LISTS:
        asked(f"{path}?page=2", 404, language=language)


@pytest.mark.parametrize("route", LIST_PAGES)
def test_unknown_value_of_a_page_is_named_above_an_empty_list(route, asked):
    for word in {"country", "organ", "topic", "kind"} & set(_words(route)):
        response = asked(f"{LISTS[route].example}?{word}=zz-unknown", 200)
        text = response.body.decode()
        assert "“zz-unknown” is not known here." in text, word
        assert _listed(text) == []


@pytest.mark.parametrize("route", FILES)
def test_unknown_value_of_a_file_leaves_it_empty(route, asked):
    for word in ("country", "organ", "topic", "kind", "state"):
        text = asked(f"{PUBLIC[route].example}?{word}=zz-unknown", 200).body.decode()
        assert not re.search(
            r"BEGIN:VEVENT|<entry>|\"url\": \"[^\"]*/en/seminars", text
        )


DATES = ("never", "18", "0000", "2019-02-30", "20190301", "２０１９", "9999999")


@pytest.mark.parametrize("route", API_LISTS)
def test_date_that_is_none(route, asked):
    for word in ("year", "from", "to", "as_of"):
        for value in DATES if word in _words(route) else ():
            asked(f"{LISTS[route].example}?{word}={quote(value)}", 400)


@pytest.mark.parametrize("route", API_LISTS)
def test_year_that_no_event_can_have(route, asked):
    for word in {"year", "from", "to", "as_of"} & set(_words(route)):
        tail = "" if word == "year" else "-12-31"
        for year in ("1900", "2100"):
            asked(f"{LISTS[route].example}?{word}={year}{tail}", 200)
        for year in ("0001", "1899", "2101", "2567", "9999"):
            asked(f"{LISTS[route].example}?{word}={year}{tail}", 400)


@pytest.mark.parametrize("route", API_LISTS)
def test_filters_that_contradict_each_other(route, asked):
    words = set(_words(route))
    if {"from", "to"} <= words:
        asked(f"{LISTS[route].example}?from=2020-01-02&to=2020-01-01", 400)
    if {"year", "dated"} <= words:
        asked(f"{LISTS[route].example}?dated=no&year=2020", 400)
    if {"state", "done"} <= words:
        asked(f"{LISTS[route].example}?done=yes&state=planned", 400)


@pytest.mark.parametrize("route", API_LISTS)
def test_filter_given_twice(route, asked):
    for word in _words(route):
        value = {"year": "2019", "done": "yes", "dated": "yes"}.get(word, "2019-01-01")
        asked(f"{LISTS[route].example}?{word}={value}&{word}={value}", 400)


@pytest.mark.parametrize("route", API_LISTS)
def test_value_of_a_filter_that_is_long_or_no_text(route, asked):
    for word in _words(route):
        for value in (LONG, "%00", "%ff", "%27"):
            asked(f"{LISTS[route].example}?{word}={value}", 400)


@pytest.mark.parametrize("route", LIST_PAGES)
@pytest.mark.parametrize("page", ["2", "999999", HUGE[0]])
def test_page_beyond_the_end(route, page, asked):
    asked(f"{LISTS[route].example}?page={page}", 404)


# ------------------------------------------------------------------------- methods


@pytest.mark.parametrize("route", PUBLIC)
def test_wrong_method_is_refused_with_those_that_there_are(route, asked, address):
    """Who may do what is in test_access; here it is told which methods there are."""
    row = PUBLIC[route]

    response = asked(address(row.example), 405, method="put")

    taken = "GET, POST, HEAD" if row.is_form else "GET, HEAD"
    assert response["Allow"] in (taken, f"{taken}, OPTIONS")


@pytest.mark.parametrize("path", ["/en/none/", "/none", "/EN/news/", "/xx/news/"])
@pytest.mark.parametrize("method", WRITING)
def test_nothing_can_be_written_to_what_is_not_there(path, method, asked):
    asked(path, 404, 405, method=method)


@pytest.mark.parametrize("route", [r for r in PUBLIC if PUBLIC[r].is_form])
@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe=\xff", "application/x-www-form-urlencoded"),
        (b"text=%00%ff&page=%00", "application/x-www-form-urlencoded"),
        (b"&".join(b"w=1" for _ in range(6000)), "application/x-www-form-urlencoded"),
        (b"x" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"no part", "multipart/form-data; boundary=x"),
        (b"no boundary", "multipart/form-data"),
        (b"{", "application/json"),
        (b"x", "text/plain; charset=no-such-charset"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_form_that_is_none(route, language, body, kind, house, db):
    client = Client(raise_request_exception=False)
    path = PUBLIC[route].example.replace("/en/", f"/{language}/", 1)

    response = client.generic("POST", path, body, content_type=kind)

    response.body = response.content
    assert response.status_code == 400
    is_an_answer_of_ours(response, path, language)
