"""Title, publisher and other values of sources that no file has a column for.

Loading a file or importing a sheet keeps them for the same address.
"""

import datetime as dt

import pytest

from portal.conference.models import Article
from portal.conference.resources import ArticleResource
from portal.content.publishing.models import Source
from portal.content.review import operations as review
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import take_snapshot
from tests import reviewing
from tests.factories.conference import article
from tests.factories.publishing import AT, source, staff
from tests.portal.content.spreadsheets.import_helpers import (
    csv_of,
    why_not_undone,
    written,
)
from tests.portal.content.spreadsheets.load_helpers import (
    edit_record,
    loaded,
    planned,
    row,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
LAST = AT + dt.timedelta(days=2)
FIRST, SECOND, THIRD = (
    f"https://{name}.example/" for name in ("first", "second", "third")
)
DETAILS = {
    "title": "เปิดการสัมมนา",
    "publisher": "Sample Agency",
    "published_on": dt.date(2018, 9, 1),
    "date_precision": "month",
    "language": "th",
    "archive_url": "https://archive.example/2018/one",
}
# Details of a source without any.
NONE = {**dict.fromkeys(DETAILS, ""), "published_on": None}


def article_row(*urls: str, **cells: str) -> tuple:
    return ArticleResource, [row(ArticleResource, source_urls=";".join(urls), **cells)]


def describe(record: Article) -> None:
    """Enter the details of the source FIRST."""
    record.sources.filter(url=FIRST).update(**DETAILS)


def details() -> dict[str, dict]:
    """Return the details of each source by address, in the order of the sources."""
    return dict(rows())


def rows() -> list[tuple[str, dict]]:
    return [
        (values.pop("url"), values) for values in Source.objects.values("url", *DETAILS)
    ]


def test_loading_keeps_details_of_the_same_address_and_updates_addresses():
    loaded(article_row(FIRST, SECOND))
    edit_record(Article.objects.get(), describe, by=staff(), at=LATER)

    (plan,) = planned(article_row(THIRD, FIRST, title_en="By the file"), at=LAST)

    assert rows() == [(THIRD, NONE), (FIRST, DETAILS)]
    assert [planned_row.kept for planned_row in plan.rows] == [[]]
    assert Article.objects.get().title_en == "By the file"


def test_address_edited_by_a_person_is_kept_as_before():
    loaded(article_row(FIRST))

    def change(record: Article) -> None:
        record.sources.update(url=SECOND, title="Sample")

    edit_record(Article.objects.get(), change, by=staff(), at=LATER)

    assert loaded(article_row(FIRST), at=LAST) == [{"kept": 1}]
    assert list(details()) == [SECOND]


def test_loading_the_same_addresses_writes_nothing_about_sources():
    loaded(article_row(FIRST, SECOND))
    edit_record(Article.objects.get(), describe, by=staff(), at=LATER)
    last = Deed.objects.order_by("position").last().position

    loaded(article_row(SECOND, FIRST), at=LAST)

    entries = Deed.objects.filter(position__gt=last, model="publishing.source")
    changes = [change["field"] for entry in entries for change in entry.changes]
    assert changes == ["position", "position"]
    assert list(details()) == [SECOND, FIRST]
    assert details()[FIRST] == DETAILS


def test_details_in_a_waiting_change_outlast_a_load(settings):
    settings.TWO_PERSON_APPROVAL = True
    loaded(article_row(FIRST))
    record = Article.objects.get()
    base = take_snapshot(record, record.child_relations)
    with rolled_back_transaction():
        describe(record)
        proposed = take_snapshot(record, record.child_relations)
    proposal = review.propose(
        record, base=base, proposed=proposed, public_note={}, by=staff(), at=LATER
    )

    loaded(article_row(SECOND, FIRST), at=LAST)
    assert details() == {SECOND: NONE, FIRST: NONE}
    proposal.refresh_from_db()
    reviewing.accept(proposal, by=staff("sample.reviewer"), at=LAST)

    assert rows() == [(SECOND, NONE), (FIRST, DETAILS)]


def test_same_address_twice_stays_two_sources():
    loaded(article_row(FIRST, FIRST))
    Source.objects.filter(position=1).update(**DETAILS)

    loaded(article_row(SECOND, FIRST, FIRST), at=LATER)

    assert rows() == [(SECOND, NONE), (FIRST, NONE), (FIRST, DETAILS)]


HEAD = ("slug", "title_en", "source_urls")


def test_sheet_keeps_details_of_the_same_address():
    source(article("opening", title_en="Opening"), FIRST, **DETAILS)

    written(csv_of(HEAD, ("opening", "New", f"{SECOND};{FIRST}")), "articles")

    assert rows() == [(SECOND, NONE), (FIRST, DETAILS)]


def test_undo_restores_details_of_a_source_that_the_import_removed():
    record = article("opening", title_en="Opening")
    source(record, FIRST, **DETAILS)
    source(record, SECOND, position=1)
    batch = written(csv_of(HEAD, ("opening", "New", f"{SECOND};{THIRD}")), "articles")
    assert details() == {SECOND: NONE, THIRD: NONE}

    assert why_not_undone(batch, at=LATER) == ""

    assert rows() == [(FIRST, DETAILS), (SECOND, NONE)]
    assert Source.objects.first().host == "first.example"


def test_export_has_addresses_only():
    record = article("opening", title_en="Opening")
    source(record, FIRST, **DETAILS)

    values = ArticleResource().get_values([record])[0]

    assert values["sources"] == [FIRST]
    columns = {column.field: column for column in ArticleResource.columns}
    assert columns["sources"].format_cell(values["sources"]) == FIRST


@pytest.mark.parametrize("count", [1, 3, 20])
def test_queries_of_a_load_do_not_depend_on_the_sources(
    count, django_assert_max_num_queries
):
    urls = [f"https://agency.example/{number}" for number in range(count)]
    loaded(article_row(*urls))
    record = Article.objects.get()
    column = next(c for c in ArticleResource.columns if c.field == "sources")

    with django_assert_max_num_queries(4):
        column.bulk_save_relations([(record, [*urls[1:], SECOND])], None)

    assert list(details()) == [*urls[1:], SECOND]
