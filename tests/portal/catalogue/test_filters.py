import datetime as dt

import pytest
from django.http import QueryDict

from portal.catalogue.filters import BadFilter, ListFilters, parse_filters

WORDS = (
    *("country", "topic", "kind", "scope", "direction", "state"),
    *("year", "from", "to", "as_of", "done", "dated"),
)
DAY = "Write the day as YYYY-MM-DD, e.g. 2018-12-31."
YEAR = "Write the year with four digits."
TAG = "Use letters, digits, “-” and “_” only."


def parsed(query: str) -> ListFilters:
    return parse_filters(QueryDict(query), WORDS)


def test_nothing_given_is_no_filter():
    assert not parsed("")
    assert not parsed("country=&year=&from=")
    assert parsed("page=2&q=x") == ListFilters()


def test_every_word_is_read():
    filters = parsed(
        "country=vn&topic=training&kind=treaty&scope=related&direction=inbound"
        "&state=held&year=2018&from=2018-01-01&to=2018-12-31&as_of=2018-06-30"
        "&done=yes&dated=yes"
    )

    assert filters == ListFilters(
        tags={
            "country": ("VN",),
            "topic": ("training",),
            "kind": ("treaty",),
            "scope": ("related",),
            "direction": ("inbound",),
        },
        state=("held",),
        year=2018,
        since=dt.date(2018, 1, 1),
        until=dt.date(2018, 12, 31),
        as_of=dt.date(2018, 6, 30),
        done=True,
        dated=True,
    )
    assert filters


def test_word_that_the_kind_does_not_have_is_not_read():
    assert parse_filters(QueryDict("state=held&year=2018"), ("year",)) == ListFilters(
        year=2018
    )


@pytest.mark.parametrize(
    ("word", "value", "remedy"),
    [
        ("year", "18", YEAR),
        ("year", "20188", YEAR),
        ("year", "0000", YEAR),
        ("year", "-2018", YEAR),
        ("year", "٢٠١٨", YEAR),
        ("year", "2018\n", YEAR),
        ("from", "2018", DAY),
        ("to", "2018-02-30", DAY),
        ("to", "2018-W01-1", DAY),
        ("as_of", "31.12.2018", DAY),
        ("as_of", "0000-01-01", DAY),
        ("country", "V N", TAG),
        ("topic", "-training", TAG),
        ("kind", "x" * 101, TAG),
        ("scope", "a;b", TAG),
        ("direction", "<b>", TAG),
        ("state", "held'", TAG),
        ("topic", "training\n", TAG),
        ("done", "no", "Use one of these: yes."),
        ("dated", "maybe", "Use one of these: yes, no."),
    ],
)
def test_bad_value_is_refused_by_name_with_its_remedy(word, value, remedy):
    query = QueryDict(mutable=True)
    query[word] = value

    with pytest.raises(BadFilter) as info:
        parse_filters(query, WORDS)

    assert (info.value.word, info.value.value) == (word, value[:100])
    assert str(info.value) == remedy


@pytest.mark.parametrize("word", WORDS)
def test_word_given_twice_is_refused(word):
    with pytest.raises(BadFilter, match=r"^Give this filter once\.$") as info:
        parsed(f"{word}=2018-01-01&{word}=2018-01-02")

    assert (info.value.word, info.value.value) == (word, "2018-01-02")


def test_from_after_to_is_refused():
    with pytest.raises(BadFilter, match="must not be after") as info:
        parsed("from=2018-02-01&to=2018-01-31")

    assert (info.value.word, info.value.value) == ("from", "2018-02-01")


@pytest.mark.parametrize(
    "date", ["year=2018", "from=2018-01-01", "to=2018-01-01", "as_of=2018-01-01"]
)
def test_undated_records_are_not_asked_for_by_date(date):
    with pytest.raises(BadFilter, match="cannot be asked for by date") as info:
        parsed(f"dated=no&{date}")

    assert (info.value.word, info.value.value) == ("dated", "no")


@pytest.mark.parametrize("state", ["planned", "postponed", "cancelled"])
def test_what_took_place_is_not_asked_for_by_another_state(state):
    with pytest.raises(BadFilter, match="not for both") as info:
        parsed(f"done=yes&state={state}")

    assert (info.value.word, info.value.value) == ("done", "yes")
    assert parsed("done=yes&state=held").state == ("held",)
