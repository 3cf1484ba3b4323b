import datetime as dt

import pytest
from django.db import connection

from portal.content.catalogue import operations
from portal.content.catalogue.models import Entry, SearchRow
from portal.content.catalogue.search import indexing
from portal.content.catalogue.search.engine import search_entries
from portal.reference.people.models import Person
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ
from tests.factories.people import person
from tests.factories.publishing import AT, published, republished
from tests.factories.seminars import participant, seminar

pytestmark = pytest.mark.django_db


def indexed() -> int:
    """Return how many rows the database's full-text index has for the word "sample"."""
    return search_entries("sample").total


def test_row_id_follows_newest_order():
    published(article("undated"))
    published(article("old", reported_on=dt.date(1999, 1, 1), date_precision="day"))
    published(article("new", reported_on=dt.date(2024, 1, 1), date_precision="day"))

    newest = [row.entry.code for row in SearchRow.objects.order_by("-id")]

    assert newest == ["new", "old", "undated"]
    assert {indexing.entry_pk_of_row(row.id) for row in SearchRow.objects.all()} == set(
        Entry.objects.values_list("pk", flat=True)
    )


def test_index_follows_writes_and_deletes():
    record = published(article("one", title_en="Sample"))
    counts = [indexed()]
    record.title_en = "Other"
    operations.update_entry(record)
    counts.append(indexed())
    record.title_en = "Sample"
    record.reported_on, record.date_precision = dt.date(2024, 1, 1), "day"
    operations.update_entry(record)
    counts.append(indexed())
    operations.remove_entry(kind="article", code="one")
    counts.append(indexed())

    assert counts == [1, 0, 1, 0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 checks itself")
def test_index_agrees_with_its_rows():
    record = published(article("one", title_en="Sample", title_km="ប្រកាន់"))
    record.title_en = "Other"
    operations.update_entry(record)

    check = "INSERT INTO catalogue_search_index(catalogue_search_index, rank) VALUES"
    with connection.cursor() as cursor:
        cursor.execute(f"{check} ('integrity-check', 1)")


def test_write_leaves_current_rows_untouched():
    record = published(article("one", title_en="Sample"))
    before = list(SearchRow.objects.values())

    assert not operations.update_entry(record)
    assert list(SearchRow.objects.values()) == before


@pytest.mark.parametrize("number", [1, 3])
def test_bulk_write_query_count_is_constant(number, django_assert_num_queries):
    vietnam = published(country("VN"))
    records = [edition(n + 1, host_country=vietnam) for n in range(number)]
    for record in records:
        published(record)
    SearchRow.objects.filter(kind="edition").delete()

    with django_assert_num_queries(16):
        changed = operations.update_entries(records)

    assert changed == [True] * number


def test_long_text_is_indexed_by_its_beginning():
    content = " ".join(f"word{number}" for number in range(100_000))
    published(article("long", title_en="Long", body_en=f"first {content} last"))

    assert search_entries("long first word7").codes == [("article", "long")]
    assert search_entries("last").codes == []
    row = SearchRow.objects.get()
    assert len(row.tokens.encode()) <= 700_000
    assert sum(len(text) for _code, text in row.passages) <= 40_000


def test_people_are_not_indexed():
    speaker = person(name_latin="Marker Person", name_own="标记人", rank="Marked rank")
    participant(seminar("SEM-0001"), person=speaker)
    record = seminar("SEM-0002")
    participant(record, person=speaker)
    published(record)

    assert Person.objects.count() == 1
    assert search_entries("SEM-0002").total == 1
    for q in ("marker", "标记", "marked"):
        assert search_entries(q).codes == [], q


def test_written_title_replaces_generated_title():
    published(document("DOC-0001", title_en="Statement"))
    published(edition(3))

    assert search_entries("3rd China-ASEAN Prosecutors-General Conference").codes == [
        ("edition", "3")
    ]


def test_renamed_organ_is_found_by_its_new_name(django_capture_on_commit_callbacks):
    office = published(organ("office", name_en="Former office"))
    published(article("carrier", organs=[office]))
    office.name_en = "Latter office"
    office.save()
    with django_capture_on_commit_callbacks(execute=True):
        republished(office, at=AT)

    assert search_entries("former").codes == []
    assert sorted(search_entries("latter").codes) == [
        ("article", "carrier"),
        ("organ", "office"),
    ]
