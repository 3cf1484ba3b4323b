"""Page of the records that were published or changed last."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.publishing import operations
from portal.core.audit.snapshots import take_snapshot
from tests import reviewing
from tests.factories.conference import article, document
from tests.factories.directory import country
from tests.factories.figures import reported_figure
from tests.factories.publishing import (
    AT,
    actor,
    in_review,
    published,
    published_together,
)
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
URL = "/en/updates/"
DAY = dt.timedelta(days=1)


def updates(client, url=URL) -> list[tuple[str, str, bool]]:
    """Return day, code and whether it is new, of each update in order."""
    return [
        (day.isoformat(), update.card.code, update.is_new)
        for day, of_day in client.get(url).context["days"]
        for update in of_day
    ]


def edit(record, at):
    """Change and save a published record, as its form does."""
    before = take_snapshot(record, record.child_relations)
    record.title_en = f"{record.title_en} changed"
    record.save()
    operations.register_edit(record, by=actor(), at=at, before=before)


def test_latest_change_is_first_and_says_whether_the_record_is_new(client):
    first = published(article("first"))
    published(article("second"), at=AT + DAY)
    published(document("DOC-0001"), at=AT + 3 * DAY)
    edit(first, AT + 2 * DAY)

    assert updates(client) == [
        ("2024-05-09", "DOC-0001", True),
        ("2024-05-08", "first", False),
        ("2024-05-07", "second", True),
    ]


def test_day_is_that_of_the_office(client):
    published(article("late"), at=dt.datetime(2024, 5, 6, 17, tzinfo=dt.UTC))

    assert updates(client) == [("2024-05-07", "late", True)]


def test_only_public_records_with_a_page_are_listed(client):
    gone = published(article("gone"))
    published(reported_figure(country=published(country("VN"))))
    article("draft")
    in_review(article("waits"))
    reviewing.withdraw(gone, by=actor(), at=AT + DAY)

    assert updates(client) == [("2024-05-06", "VN", True)]


def test_page_says_what_kind_of_change(client):
    edit(published(article("first")), AT + DAY)
    published(document())

    html = text_of(client, URL)

    assert '<span class="badge badge--held">New</span>' in html
    assert '<span class="badge badge--planned">Updated</span>' in html
    assert "6 May 2024" in html


def test_long_list_has_pages(client):
    published_together(*(article() for _ in range(51)))

    assert [len(updates(client, f"{URL}?page={n}")) for n in (1, 2)] == [50, 1]
    assert client.get(f"{URL}?page=3").status_code == 404


def test_empty_list_says_that_nothing_is_on_record(client):
    assert "There is nothing here yet." in text_of(client, URL)


def test_home_page_links_to_the_list(client):
    published(article())

    assert f'href="{URL}"' in text_of(client, "/en/")


def test_number_of_queries_does_not_grow(client):
    counts = []
    for number in (1, 2, 17):
        published_together(*(article() for _ in range(number)))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
