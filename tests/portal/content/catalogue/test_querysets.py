"""List filters, which pages, feeds, the calendar and the API share."""

import datetime as dt

import pytest
from django.http import QueryDict

from portal.content.catalogue.filters import parse_filters
from portal.content.catalogue.models import Entry, EntryTag
from portal.content.catalogue.querysets import COUNT_LIMIT
from portal.content.catalogue.registry import get_kind
from portal.core.languages import LANGUAGES_BY_CODE
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, topic
from tests.factories.publishing import AT, published
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
PERIODS = {
    # Spans New Year: its last day is in 2018.
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


def matching_codes(query: str, kind="edition") -> list[str]:
    filters = parse_filters(QueryDict(query), get_kind(kind).filters)
    entries = Entry.objects.of_kind(kind).matching(filters)
    return sorted(entries.values_list("code", flat=True))


MATCHES = (
    ("", "12345"),
    # ``year`` matches the year of the last day of the recorded period.
    ("year=2017", ""),
    ("year=2018", "1234"),
    # ``from`` and ``to`` match any period that overlaps.
    ("from=2018-01-02&to=2018-01-02", "13"),
    ("from=2018-01-03", "234"),
    ("to=2017-12-29", ""),
    ("to=2017-12-30", "1"),
    ("from=2018-09-30", "23"),
    ("from=2018-10-01", "3"),
    ("from=2018-09-18&to=2018-09-30", "23"),
    ("from=2019-01-01", ""),
    # ``as_of`` matches periods that ended by this day, and never undated records.
    ("as_of=2018-01-01", ""),
    ("as_of=2018-01-02", "1"),
    ("as_of=2018-09-29", "14"),
    ("as_of=2018-09-30", "124"),
    ("as_of=2018-12-30", "124"),
    ("as_of=2018-12-31", "1234"),
    ("as_of=2100-12-31", "1234"),
)


def test_period_matches(editions):
    with collect_failures() as failures:
        for query, numbers in MATCHES:
            with failures.case(query):
                assert matching_codes(query) == list(numbers)


def test_state_filter_matches_recorded_state_only():
    published(edition(1, state="held"))
    published(edition(2, state="cancelled"))
    published(edition(3))

    assert matching_codes("state=held") == ["1"]
    assert matching_codes("state=planned") == []


def test_tag_filters_match_separately_and_combined():
    vietnam, laos = published(country("VN")), published(country("LA"))
    training = topic("training")
    published(article("both", countries=[vietnam, laos], topics=[training]))
    published(article("one", countries=[vietnam]))
    published(article("other", countries=[laos], topics=[training]))
    published(article("none"))

    assert matching_codes("country=VN", "article") == ["both", "one"]
    assert matching_codes("country=vn&topic=training", "article") == ["both"]
    assert matching_codes("topic=training", "article") == ["both", "other"]
    assert matching_codes("country=TH", "article") == []


def test_kind_filter_matches_record_subkind():
    published(document("DOC-0001", document_kind="mou"))
    published(document("DOC-0002", document_kind="treaty"))

    assert matching_codes("kind=mou", "document") == ["DOC-0001"]


def test_newest_first_with_undated_last(editions):
    entries = Entry.objects.of_kind("edition").newest_first()

    assert [entry.code for entry in entries] == ["4", "2", "3", "1", "5"]


def test_counted_annotates_total(editions, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = list(Entry.objects.of_kind("edition").with_total()[1:3])

    assert [entry.total for entry in page] == [5, 5]


def test_count_is_capped_at_1000():
    create_entries("article", 1003)

    first = Entry.objects.of_kind("article").newest_first().with_total()[0]

    assert first.total == COUNT_LIMIT + 1 == 1001


def create_entries(kind: str, number: int, **values) -> list[Entry]:
    """Create ``number`` minimal entries, one day apart, the newest last."""
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
    tag(create_entries("article", 3), "VN")
    tag(create_entries("document", 4), "VN", part="in_force")
    tag(create_entries("seminar", 2), "LA")
    groups = [
        ("article", "", 2),
        ("document", "", 2),
        ("document", "in_force", 1),
        ("seminar", "", 5),
    ]

    with django_assert_num_queries(1):
        entries = list(Entry.objects.newest_per_group("country", "VN", groups))

    assert sorted((entry.code, entry.total) for entry in entries) == [
        ("article-00001", 3),
        ("article-00002", 3),
        ("document-00003", 4),
    ]


def test_newest_of_each_caps_count_at_1000():
    tag(create_entries("article", 1002), "VN")

    (newest,) = Entry.objects.newest_per_group("country", "VN", [("article", "", 1)])

    assert (newest.code, newest.total) == ("article-01001", 1001)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("article",), ["article-00001", "article-00000"]),
        (("article", "document"), ["document-00002", "document-00001"]),
        ((), []),
    ],
)
def test_kinds_in_order_returns_given_kinds(codes, expected):
    create_entries("article", 2)
    create_entries("document", 3)
    create_entries("seminar", 5)

    rows = Entry.objects.of_kinds_first_rows(*codes).newest_first()[:2]

    assert [entry.code for entry in rows] == expected


def test_kind_filter_ignores_tags_of_other_kinds():
    tag(create_entries("article", 2), "VN")
    tag(create_entries("document", 1), "VN")

    rows = Entry.objects.tagged("country", "VN", kind="document")

    assert [entry.code for entry in rows] == ["document-00000"]


@pytest.mark.parametrize("rows", [1, 3])
def test_localized_queryset_loads_only_needed_texts(rows, django_assert_num_queries):
    for _number in range(rows):
        published(article(title_en="Opening", title_zh_hans="开幕", title_th="เปิด"))

    with django_assert_num_queries(2):
        entries = list(Entry.objects.with_texts_for(LANGUAGES_BY_CODE["vi"]))

    assert len(entries) == rows
    for entry in entries:
        assert {text.language for text in entry.prefetched_texts} == {"en", "zh-hans"}
