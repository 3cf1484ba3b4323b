import pytest
from django.http import QueryDict

from portal.content.catalogue.filters import FilterError
from portal.content.catalogue.search.query import (
    SearchQuery,
    SearchQueryError,
    parse_search_query,
    validate_query_text,
)


def test_all_search_parameters_are_parsed():
    query = QueryDict("q=%20a b&kind=seminar&country=vn&year=2024&order=newest&page=3")

    assert parse_search_query(query) == SearchQuery(
        q="a b",
        filters={"kind": "seminar", "country": "VN", "year": "2024"},
        order="newest",
        page=3,
    )


@pytest.mark.parametrize("query", ["", "q=&kind=&country=&order=&page=", "text=large"])
def test_empty_parameters_are_ignored(query):
    assert parse_search_query(QueryDict(query)) == SearchQuery()


@pytest.mark.parametrize(
    "query",
    [
        "q=a&q=b",
        "q=a&kind=seminar&kind=visit",
        "order=best&order=best",
        "kind=nothing",
        "country=VNM",
        "country=%E4%B8%AD",
        "year=24",
        "year=0000",
        "year=２０２４",
        "order=worst",
        "page=0",
        "page=-1",
        "page=1000000",
        "page=x",
    ],
)
def test_invalid_parameters_are_rejected(query):
    with pytest.raises(FilterError):
        parse_search_query(QueryDict(query))


@pytest.mark.parametrize("q", ["\0", "a\x07b", "\n", "\ufffd", "\x85", "a" * 201])
def test_query_with_control_characters_is_rejected(q):
    with pytest.raises(SearchQueryError):
        validate_query_text(q)


def test_undecodable_bytes_are_rejected():
    with pytest.raises(SearchQueryError):
        parse_search_query(QueryDict(b"q=%ff%fe"))


@pytest.mark.parametrize("q", ["a" * 200, "检" * 200, "ន\u200bិង", "emoji 🥁"])
def test_readable_query_is_accepted(q):
    assert validate_query_text(q) == q
