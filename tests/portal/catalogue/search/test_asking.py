import pytest
from django.http import QueryDict

from portal.catalogue.filters import BadFilter
from portal.catalogue.search.asking import Asked, BadQuery, asked, checked


def test_everything_that_can_be_asked():
    query = QueryDict("q=%20a b&kind=seminar&country=vn&year=2024&order=newest&page=3")

    assert asked(query) == Asked(
        q="a b",
        filters={"kind": "seminar", "country": "VN", "year": "2024"},
        order="newest",
        page=3,
    )


@pytest.mark.parametrize("query", ["", "q=&kind=&country=&order=&page=", "text=large"])
def test_empty_values_count_as_not_given(query):
    assert asked(QueryDict(query)) == Asked()


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
def test_what_cannot_be_used_is_refused(query):
    with pytest.raises(BadFilter):
        asked(QueryDict(query))


@pytest.mark.parametrize("q", ["\0", "a\x07b", "\n", "\ufffd", "\x85", "a" * 201])
def test_words_that_cannot_be_read_are_refused(q):
    with pytest.raises(BadQuery):
        checked(q)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(BadQuery):
        asked(QueryDict(b"q=%ff%fe"))


@pytest.mark.parametrize("q", ["a" * 200, "检" * 200, "ន\u200bិង", "emoji 🥁"])
def test_words_that_can_be_read_are_taken(q):
    assert checked(q) == q
