"""Invalid input to any public address gets an error page of the portal, never a 500.

Each test walks the table of addresses with one kind of invalid input. Where different
parts of the portal read the address and the input, or the language, not every address
is combined with every input (``in_turn``). The tests of each app check the messages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import cycle, islice, product
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client

from portal.content.catalogue.registry import get_kind
from portal.core.languages import LANGUAGES_BY_CODE
from portal.website.feeds.selection import PARAMETERS as SELECTED
from tests.failures import collect_failures
from tests.project.invalid_inputs import (
    CODES,
    DETAILS,
    HUGE_NUMBERS,
    IMPOSSIBLE,
    LISTS,
    LONG_VALUE,
    MALFORMED,
    PAGES,
    PARAMETERS,
    PARAMETERS_BY_ROUTE,
    SHARED,
    VALUES,
    WRITING,
    batches,
    in_turn,
    is_an_answer_of_ours,
    without_code,
)
from tests.project.url_table import PUBLIC, opened


@pytest.fixture
def fetch_checked(url_values, db) -> Callable:
    """A function that requests an address and checks the status of the answer.

    An error must also have the portal's own page or problem document.
    """
    client = Client(raise_request_exception=False)

    def fetch(path: str, *allowed: int, method: str = "get", language: str = ""):
        cache.clear()  # the limit of requests in a minute is not under test
        if method == "get":
            response = opened(client, path)
        else:
            response = getattr(client, method)(path)
            response.body = response.content
        message = f"{method} {path[:200]} → {response.status_code}"
        assert response.status_code in allowed, message
        if response.status_code >= 400:
            is_an_answer_of_ours(response, path, language)
        return response

    return fetch


# ---------------------------------------------------------------------- addresses


def test_unknown_record_code_returns_404(fetch_checked):
    with collect_failures() as failures:
        for route, (name, code) in product(DETAILS, CODES.items()):
            with failures.isolated_case(route, name):
                expected = 400 if "%00" in code else 404
                fetch_checked(without_code(DETAILS[route], code), expected)


def test_unknown_record_error_is_localized(fetch_checked):
    with collect_failures() as failures:
        pages = [route for route in DETAILS if route in PAGES]
        for route, language in in_turn(pages, LANGUAGES_BY_CODE, 2):
            with failures.isolated_case(route, language):
                path = without_code(DETAILS[route], "9998")
                fetch_checked(_in_language(path, language), 404, language=language)


def _in_language(path: str, prefix: str) -> str:
    return path.replace("/en/", f"/{prefix}/", 1)


def test_unknown_language_prefix_returns_404(fetch_checked, address):
    with collect_failures() as failures:
        for route, prefix in in_turn(PAGES, ("xx", "english"), 1):
            with failures.isolated_case(route, prefix):
                fetch_checked(_in_language(address(PAGES[route].example), prefix), 404)


def test_language_alias_redirects(fetch_checked, address):
    other_names = {"EN": "en", "zh_TW": "zh-hant"}

    with collect_failures() as failures:
        for route, (prefix, code) in in_turn(PAGES, other_names.items(), 1):
            with failures.isolated_case(route, prefix):
                path = address(PAGES[route].example)
                response = fetch_checked(_in_language(path, prefix), 301)
                assert response["Location"] == _in_language(path, code)


UNKNOWN_PATHS = (
    *("no-such-part/", "%ff/", "%e4%b8/", "x" * 5000 + "/", "a/" * 500),
    *("conference/" + number + "/" for number in HUGE_NUMBERS),
    *("conference/-1/", "conference/1.5/", "conference/%D9%A1/"),
    *("//evil.example/", "\\evil.example/", "%0d%0aSet-Cookie:x=1/"),
)


def test_unknown_path_returns_404(fetch_checked):
    with collect_failures() as failures:
        for path, language in in_turn(UNKNOWN_PATHS, LANGUAGES_BY_CODE, 5):
            with failures.isolated_case(language, path):
                response = fetch_checked(f"/{language}/{path}", 404, language=language)
                assert "Set-Cookie" not in response.headers


def test_marks_at_the_end_of_an_address(fetch_checked):
    """Trailing characters of no address are cut off; the redirect stays on the site."""
    pages = {"news/..%2f/": "news/", "%E2%80%AE/": ""}

    with collect_failures() as failures:
        for language, (path, page) in product(LANGUAGES_BY_CODE, pages.items()):
            with failures.isolated_case(language, path):
                response = fetch_checked(f"/{language}/{path}", 301, language=language)
                assert response["Location"] == f"/{language}/{page}"


def test_nul_byte_in_path_is_rejected(fetch_checked):
    paths = ("%00/", "news/%00/", "search/%00", "a%00b")

    with collect_failures() as failures:
        for path, language in in_turn(paths, LANGUAGES_BY_CODE, 3):
            with failures.isolated_case(language, path):
                fetch_checked(f"/{language}/{path}", 400, language=language)


UNLOCALIZED_PATHS = (
    *("/%ff", "/none", "/" + "x" * 8000, "/ywb/%ff.shtml", "/files/%ff/%ff"),
    *("/files/" + "a" * 64 + "/x.pdf", "/files/..%2f..%2fetc/passwd", "/ywb/\n"),
    *(
        "/2019-13/77/c_1.htm",
        f"/2019-03/07/c_{HUGE_NUMBERS[0]}.htm",
        "/api/",
        "/api/v2/",
    ),
    *("/api/v1/none/", "/api/v1/%ff/", "/.env", "/accounts/none/", "/static/none"),
    *(f"/sitemap-{number}.xml" for number in HUGE_NUMBERS),
)


def test_unknown_path_without_language_returns_404(fetch_checked):
    with collect_failures() as failures:
        for path in UNLOCALIZED_PATHS:
            with failures.isolated_case(path):
                fetch_checked(quote(path, safe="/%:._-"), 404)


def test_malformed_accept_language_is_tolerated(url_values, db):
    client = Client(raise_request_exception=False)

    with collect_failures() as failures:
        for accepted in ("", "*", "x" * 9000, "\xff;q=x", ",;,=", "q=1,;"):
            with failures.isolated_case(accepted):
                answer = client.get("/none", headers={"accept-language": accepted})
                assert answer.status_code == 404
                assert '<html lang="en"' in answer.content.decode()


# ------------------------------------------------------------------------- queries


def test_meaningless_parameter_values_never_cause_server_error(fetch_checked, address):
    """Each parameter in turn.

    A parameter that a page does not read is ignored; a filter may match nothing. The
    pages read a parameter alike, and so do the endpoints of the API: its values take
    turns, and each of them occurs at least once in both.
    """
    turns = defaultdict(lambda: cycle(VALUES.items()))
    readers = Counter(
        (parameter, route in PAGES)
        for route in PUBLIC
        for parameter in _parameters_of(route)
    )

    with collect_failures() as failures:
        for route, row in PUBLIC.items():
            path = address(row.example)
            separator = "&" if "?" in path else "?"
            for parameter in _parameters_of(route):
                reader = (parameter, route in PAGES)
                number = -(-len(VALUES) // readers[reader])
                if route in PARAMETERS_BY_ROUTE:
                    number = max(number, 2)
                for name, value in islice(turns[reader], number):
                    with failures.isolated_case(route, parameter, name):
                        url = f"{path}{separator}{parameter}={value}"
                        fetch_checked(url, row.status, 200, 400, 404)


def _parameters_of(route: str) -> tuple[str, ...]:
    """Return the parameters that the view of ``route`` reads."""
    row = PUBLIC[route]
    if row.is_list:
        return (*get_kind(row.kind).filters, "page", "cursor", "page_size", "lang")
    if row.kind or row.status != 200:
        return ("page", "beside", "lang")
    return PARAMETERS_BY_ROUTE.get(route, ("page", "lang", "q"))


QUERIES = {
    "signs": "=&&&?&%&%%%",
    "no UTF-8": "%ff=%ff&%00=%00&[]=1",
    "long": "a" * 10_000,
    "everything twice": "&".join(
        f"{parameter}=1&{parameter}=2" for parameter in PARAMETERS
    ),
    "too many parameters": "&".join(f"w{number}=" for number in range(6000)),
}


def test_malformed_query_string_never_causes_server_error(fetch_checked, address):
    with collect_failures() as failures:
        for (route, row), (name, query) in in_turn(PUBLIC.items(), QUERIES.items(), 2):
            with failures.isolated_case(route, name):
                fetch_checked(
                    f"{address(row.example)}?{query}", row.status, 200, 400, 404
                )


API_LISTS = [route for route in LISTS if route not in PAGES]
LIST_PAGES = [route for route in LISTS if route in PAGES]
# Read by programs: an impossible value is answered with a line of text.
FILES = ("<lang>/calendar.ics", "<lang>/feed.atom", "<lang>/feed.json")
FIGURES = ("<lang>/figures/", "<lang>/figures.csv")
# The CSV of each list, with its filters.
LIST_FILES = {f"{route.rstrip('/')}.csv": route for route in LIST_PAGES}
FILTERED = [*LIST_PAGES, *LIST_FILES, "<lang>/calendar/", *FILES, *FIGURES]


def _filter_parameters(route: str) -> tuple[str, ...]:
    """Return the filters of ``route``."""
    if route in FIGURES:
        return ("country", "year", "as_of")
    route = LIST_FILES.get(route, route)
    if route not in LISTS:
        return SELECTED
    return get_kind(LISTS[route].kind).filters


def _with(address: str, query: str) -> str:
    """Append ``query`` to an address that may already have one."""
    return f"{address}{'&' if '?' in address else '?'}{query}"


def _content(response) -> str:
    """Return the main part of a page; its frame has links that repeat the query."""
    text = response.body.decode()
    if response["Content-Type"].startswith("text/html"):
        text = text.split("<main", 1)[1].split("</main>")[0]
        # A report form has the signed time at which it was opened.
        text = re.sub(r'name="opened" value="[^"]*"', "", text)
    return text


def test_shared_link_shows_the_same_as_the_plain_address(fetch_checked, address):
    """Pages without filters get two of the links in turn."""
    turns = cycle(SHARED.items())
    pages = {route: row for route, row in PAGES.items() if row.status == 200}

    with collect_failures() as failures:
        for route, row in pages.items():
            path = address(row.example)
            plain = fetch_checked(path, 200)
            number = len(SHARED) if route in FILTERED else 2
            for name, query in islice(turns, number):
                with failures.isolated_case(route, name):
                    response = fetch_checked(_with(path, query), 200)
                    if not route.endswith(("/print/", "/card.png")):
                        _check_shared(path, query, response, plain)


def _check_shared(path: str, query: str, response, plain) -> None:
    # Of too many parameters none is parsed, not even those that the page reads.
    if not (path.count("?") and query.count("&") > 5000):
        assert _content(response) == _content(plain)
    assert response["Cache-Control"] == plain["Cache-Control"]
    canonical = f'rel="canonical" href="http://testserver{path.split("?")[0]}"'
    is_page = response["Content-Type"].startswith("text/html")
    assert not is_page or canonical in response.body.decode()


def test_malformed_value_counts_as_not_given(fetch_checked):
    """Values of several parameters are sent together, and one by one if that fails."""
    with collect_failures() as failures:
        for route in FILTERED:
            path = PUBLIC[route].example.split("?")[0]
            plain = _content(fetch_checked(path, 200))
            for batch in batches(MALFORMED):
                with failures.isolated_case(route, *batch):
                    if not _is_plain(fetch_checked, path, "&".join(batch), plain):
                        wrong = [
                            query
                            for query in batch
                            if not _is_plain(fetch_checked, path, query, plain)
                        ]
                        pytest.fail(f"not ignored: {wrong or 'all of them together'}")


def _is_plain(fetch_checked, path: str, query: str, plain: str) -> bool:
    try:
        return _content(fetch_checked(f"{path}?{query}", 200)) == plain
    except AssertionError:  # another status
        return False


def test_malformed_value_beside_a_filter_leaves_the_filter(fetch_checked):
    queries = ("year=2018&from=singlemessage&_=1", "year=2017&year=2018&year=x")

    with collect_failures() as failures:
        for route in FILTERED:
            path = PUBLIC[route].example.split("?")[0]
            plain = _content(fetch_checked(f"{path}?year=2018", 200))
            for query in queries:
                with failures.isolated_case(route, query):
                    assert _content(fetch_checked(f"{path}?{query}", 200)) == plain


def test_impossible_value_is_explained_and_nothing_is_filtered(fetch_checked):
    with collect_failures() as failures:
        for route in FILTERED:
            path, parameters = (
                PUBLIC[route].example.split("?")[0],
                set(_filter_parameters(route)),
            )
            plain = fetch_checked(path, 200).body.decode()
            for query, parameter in IMPOSSIBLE.items():
                values = dict(part.split("=") for part in query.split("&"))
                if not set(values) <= parameters:
                    continue
                with failures.isolated_case(route, query):
                    response = fetch_checked(f"{path}?{query}", 400)
                    if route in FILES or route.endswith(".csv"):
                        _check_line_of_text(response, parameter, values[parameter])
                    else:
                        _check_explained(response, parameter, values)
                        assert _listed(response.body.decode()) == _listed(plain)


def _check_line_of_text(response, parameter: str, value: str) -> None:
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.body.decode().startswith(f"{parameter}={value}: ")


def _check_explained(response, parameter: str, values: dict[str, str]) -> None:
    """The page names the error at the field ``word`` and shows the values again."""
    text = response.body.decode()
    assert response["Cache-Control"] == "no-store"
    assert text.count('<meta name="robots" content="noindex">') == 1
    assert "<title>Error: " in text
    assert f'href="#filter-{parameter}"' in text
    assert f'id="filter-{parameter}-error"' in text
    assert f'aria-describedby="filter-{parameter}-error"' in text
    assert text.count('aria-invalid="true"') == 1
    main = text.split("<main")[1].split("</main>")[0]
    for name, value in values.items():
        assert f'value="{value}"' in text, name
        assert not re.search(rf'href="[^"]*\b{name}={value}\b', main), name


def _listed(text: str) -> list[str]:
    return re.findall(r'<h3 class="card__title"[^>]*>.*?</h3>', text, re.DOTALL)


def test_invalid_filter_error_is_localized(fetch_checked):
    with collect_failures() as failures:
        pages = [*LIST_PAGES, "<lang>/calendar/"]
        for route, language in in_turn(pages, LANGUAGES_BY_CODE, 2):
            path = _in_language(PUBLIC[route].example.split("?")[0], language)
            with failures.isolated_case(route, language, "day"):
                fetch_checked(f"{path}?from=2025-02-30", 400, language=language)
            if route in LISTS:
                with failures.isolated_case(route, language, "page"):
                    fetch_checked(f"{path}?page=2", 404, language=language)


def test_unknown_value_of_a_page_is_named_above_an_empty_list(fetch_checked):
    with collect_failures() as failures:
        for route in LIST_PAGES:
            for parameter in {"country", "organ", "topic", "kind"} & set(
                _filter_parameters(route)
            ):
                with failures.isolated_case(route, parameter):
                    path = f"{LISTS[route].example}?{parameter}=zz-unknown"
                    text = fetch_checked(path, 200).body.decode()
                    assert "“zz-unknown” is not an option." in text
                    assert _listed(text) == []


def test_unknown_value_of_a_file_leaves_it_empty(fetch_checked):
    item = re.compile(r"BEGIN:VEVENT|<entry>|\"url\": \"[^\"]*/en/seminars")
    parameters = ("country", "organ", "topic", "kind", "state")

    with collect_failures() as failures:
        for route, parameter in product(FILES, parameters):
            with failures.isolated_case(route, parameter):
                path = f"{PUBLIC[route].example}?{parameter}=zz-unknown"
                assert not item.search(fetch_checked(path, 200).body.decode())


DATES = ("never", "18", "0000", "2019-02-30", "20190301", "２０１９", "9999999")


def test_invalid_date_filter_returns_400(fetch_checked):
    with collect_failures() as failures:
        for (route, parameter), value in product(_date_filters(), DATES):
            with failures.isolated_case(route, parameter, value):
                fetch_checked(f"{LISTS[route].example}?{parameter}={quote(value)}", 400)


def _date_filters() -> list[tuple[str, str]]:
    """Return the lists of the API with each of their filters by date."""
    return [
        (route, parameter)
        for route, parameter in product(API_LISTS, ("year", "from", "to", "as_of"))
        if parameter in _filter_parameters(route)
    ]


def test_year_that_no_event_can_have(fetch_checked):
    statuses = {"1900": 200, "2100": 200}
    statuses |= dict.fromkeys(("0001", "1899", "2101", "2567", "9999"), 400)

    with collect_failures() as failures:
        for (route, parameter), (year, status) in product(
            _date_filters(), statuses.items()
        ):
            with failures.isolated_case(route, parameter, year):
                day = "" if parameter == "year" else "-12-31"
                fetch_checked(f"{LISTS[route].example}?{parameter}={year}{day}", status)


def test_contradicting_filters_are_rejected(fetch_checked):
    queries = (
        "from=2020-01-02&to=2020-01-01",
        "dated=no&year=2020",
        "done=yes&state=planned",
    )

    with collect_failures() as failures:
        for route, query in product(API_LISTS, queries):
            if {part.split("=")[0] for part in query.split("&")} <= set(
                _filter_parameters(route)
            ):
                with failures.isolated_case(route, query):
                    fetch_checked(f"{LISTS[route].example}?{query}", 400)


def test_repeated_filter_is_rejected(fetch_checked):
    values = {"year": "2019", "done": "yes", "dated": "yes"}

    with collect_failures() as failures:
        for route in API_LISTS:
            for parameter in _filter_parameters(route):
                with failures.isolated_case(route, parameter):
                    value = values.get(parameter, "2019-01-01")
                    query = f"{parameter}={value}&{parameter}={value}"
                    fetch_checked(f"{LISTS[route].example}?{query}", 400)


def test_long_or_undecodable_filter_value_is_rejected(fetch_checked):
    with collect_failures() as failures:
        for route, value in product(API_LISTS, (LONG_VALUE, "%00", "%ff", "%27")):
            for parameter in _filter_parameters(route):
                with failures.isolated_case(route, parameter, value):
                    fetch_checked(f"{LISTS[route].example}?{parameter}={value}", 400)


def test_page_beyond_last_returns_404(fetch_checked):
    with collect_failures() as failures:
        for route, page in product(LIST_PAGES, ("2", "999999", HUGE_NUMBERS[0])):
            with failures.isolated_case(route, page):
                fetch_checked(f"{LISTS[route].example}?page={page}", 404)


# ------------------------------------------------------------------------- methods


def test_wrong_method_returns_405_with_allow_header(fetch_checked, address):
    """Access by method is tested in test_access; this tests the header Allow."""
    with collect_failures() as failures:
        for route, row in PUBLIC.items():
            with failures.isolated_case(route):
                response = fetch_checked(address(row.example), 405, method="put")
                allowed = "GET, POST, HEAD" if row.is_form else "GET, HEAD"
                assert response["Allow"] in (allowed, f"{allowed}, OPTIONS")


def test_write_to_unknown_path_is_rejected(fetch_checked):
    paths = ("/en/none/", "/none", "/EN/news/", "/xx/news/")

    with collect_failures() as failures:
        for path, method in product(paths, WRITING):
            with failures.isolated_case(method, path):
                fetch_checked(path, 404, 405, method=method)


FORM = "application/x-www-form-urlencoded"
BODIES = (
    (b"", FORM),
    (b"\xff\xfe=\xff", FORM),
    (b"text=%00%ff&page=%00", FORM),
    (b"&".join(b"w=1" for _ in range(6000)), FORM),
    (b"x" * 3_000_000, FORM),
    (b"no part", "multipart/form-data; boundary=x"),
    (b"no boundary", "multipart/form-data"),
    (b"{", "application/json"),
    (b"x", "text/plain; charset=no-such-charset"),
)


def test_malformed_form_body_returns_400(url_values, db):
    client = Client(raise_request_exception=False)
    forms = [row.example for row in PUBLIC.values() if row.is_form]

    with collect_failures() as failures:
        for form, language, (body, kind) in product(forms, ("en", "km"), BODIES):
            path = _in_language(form, language)
            with failures.isolated_case(path, body[:20], kind):
                response = client.generic("POST", path, body, content_type=kind)
                response.body = response.content
                assert response.status_code == 400
                is_an_answer_of_ours(response, path, language)
