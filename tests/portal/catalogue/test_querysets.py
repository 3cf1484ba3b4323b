"""What the list filters let through: the same on pages, feeds, calendar and API."""

import datetime as dt

import pytest
from django.http import QueryDict

from portal.catalogue.filters import parse_filters
from portal.catalogue.models import Entry, EntryTag
from portal.catalogue.querysets import MOST_COUNTED
from portal.catalogue.registry import kind_of
from portal.languages import BY_CODE
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, topic
from tests.factories.publishing import AT, published

pytestmark = pytest.mark.django_db
PERIODS = {
    # Over New Year: its last day is in 2018.
    1: {
        "starts_on": dt.date(2017, 12, 30),
        "ends_on": dt.date(2018, 1, 2),
        "date_precision": "day",
    },
    2: {"starts_on": dt.date(2018, 9, 1), "date_precision": "month"},
    3: {"starts_on": dt.date(2018, 1, 1), "date_precision": "year"},
    4: {"starts_on": dt.date(2018, 9, 17), "date_precision": "day"},
    5: {},
}


@pytest.fixture
def editions():
    for number, period in PERIODS.items():
        published(edition(number, **period))


def found(query: str, kind="edition") -> list[str]:
    filters = parse_filters(QueryDict(query), kind_of(kind).filters)
    entries = Entry.objects.of_kind(kind).matching(filters)
    return sorted(entries.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "12345"),
        # The year of the last day of the stated period.
        ("year=2017", ""),
        ("year=2018", "1234"),
        # Any overlap.
        ("from=2018-01-02&to=2018-01-02", "13"),
        ("from=2018-01-03", "234"),
        ("to=2017-12-29", ""),
        ("to=2017-12-30", "1"),
        ("from=2018-09-30", "23"),
        ("from=2018-10-01", "3"),
        ("from=2018-09-18&to=2018-09-30", "23"),
        ("from=2019-01-01", ""),
        # Over by this day; what has no date on record is left out.
        ("as_of=2018-01-01", ""),
        ("as_of=2018-01-02", "1"),
        ("as_of=2018-09-29", "14"),
        ("as_of=2018-09-30", "124"),
        ("as_of=2018-12-30", "124"),
        ("as_of=2018-12-31", "1234"),
        ("as_of=2100-12-31", "1234"),
    ],
)
def test_period_matches(editions, query, numbers):
    assert found(query) == list(numbers)


def test_state_matches_the_stated_state_only():
    published(edition(1, state="held"))
    published(edition(2, state="cancelled"))
    published(edition(3))

    assert found("state=held") == ["1"]
    assert found("state=planned") == []


def test_tags_match_each_word_and_all_words_together():
    vietnam, laos = published(country("VN")), published(country("LA"))
    training = topic("training")
    published(article("both", countries=[vietnam, laos], topics=[training]))
    published(article("one", countries=[vietnam]))
    published(article("other", countries=[laos], topics=[training]))
    published(article("none"))

    assert found("country=VN", "article") == ["both", "one"]
    assert found("country=vn&topic=training", "article") == ["both"]
    assert found("topic=training", "article") == ["both", "other"]
    assert found("country=TH", "article") == []


def test_kind_matches_the_records_own_kind():
    published(document("DOC-0001", document_kind="mou"))
    published(document("DOC-0002", document_kind="treaty"))

    assert found("kind=mou", "document") == ["DOC-0001"]


def test_newest_comes_first_and_what_has_no_date_last(editions):
    entries = Entry.objects.of_kind("edition").newest_first()

    assert [entry.code for entry in entries] == ["4", "2", "3", "1", "5"]


def test_counted_tells_the_total_beside_a_page(editions, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = list(Entry.objects.of_kind("edition").counted()[1:3])

    assert [entry.total for entry in page] == [5, 5]


def test_nobody_counts_beyond_a_thousand():
    many("article", 1003)

    first = Entry.objects.of_kind("article").newest_first().counted()[0]

    assert first.total == MOST_COUNTED + 1 == 1001


def many(kind: str, number: int, **values) -> list[Entry]:
    """Bare entries, a day apart, the newest last."""
    first = dt.date(2000, 1, 1)
    return Entry.objects.bulk_create(
        Entry(
            kind=kind, code=f"{kind}-{n:05}", revision=1, path=f"x/{n}/", sequence=1,
            sort_on=first + dt.timedelta(days=n), published_at=AT, changed_at=AT,
            content_changed_at=AT, **values,
        )
        for n in range(number)
    )  # fmt: skip


def tag(entries: list[Entry], value: str, part: str = "") -> None:
    EntryTag.objects.bulk_create(
        EntryTag(
            entry=entry, axis="country", value=value, part=part,
            kind=entry.kind, sort_on=entry.sort_on,
        )
        for entry in entries
    )  # fmt: skip


def test_newest_of_each_kind_and_part_in_one_query(django_assert_num_queries):
    tag(many("article", 3), "VN")
    tag(many("document", 4), "VN", part="in_force")
    tag(many("seminar", 2), "LA")
    asked = [
        ("article", "", 2),
        ("document", "", 2),
        ("document", "in_force", 1),
        ("seminar", "", 5),
    ]

    with django_assert_num_queries(1):
        entries = list(Entry.objects.newest_of_each("country", "VN", asked))

    assert sorted((entry.code, entry.total) for entry in entries) == [
        ("article-00001", 3),
        ("article-00002", 3),
        ("document-00003", 4),
    ]


def test_newest_of_each_counts_to_a_thousand_and_no_further():
    tag(many("article", 1002), "VN")

    (newest,) = Entry.objects.newest_of_each("country", "VN", [("article", "", 1)])

    assert (newest.code, newest.total) == ("article-01001", 1001)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("article",), ["article-00001", "article-00000"]),
        (("article", "document"), ["document-00002", "document-00001"]),
        ((), []),
    ],
)
def test_kinds_in_order_are_those_kinds(codes, expected):
    many("article", 2)
    many("document", 3)
    many("seminar", 5)

    found = Entry.objects.of_kinds_in_order(*codes).newest_first()[:2]

    assert [entry.code for entry in found] == expected


def test_kind_leaves_tags_of_other_kinds_unread():
    tag(many("article", 2), "VN")
    tag(many("document", 1), "VN")

    found = Entry.objects.tagged("country", "VN", kind="document")

    assert [entry.code for entry in found] == ["document-00000"]


@pytest.mark.parametrize("rows", [1, 3])
def test_shown_in_reads_only_texts_that_the_reader_is_shown(
    rows, django_assert_num_queries
):
    for _number in range(rows):
        published(article(title_en="Opening", title_zh_hans="开幕", title_th="เปิด"))

    with django_assert_num_queries(2):
        entries = list(Entry.objects.shown_in(BY_CODE["vi"]))

    assert len(entries) == rows
    for entry in entries:
        assert {text.language for text in entry.texts_read} == {"en", "zh-hans"}
