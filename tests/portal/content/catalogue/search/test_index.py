"""Search finds the newest rows whatever number of recent rows it scans first."""

import datetime as dt

import pytest

from portal.content.catalogue.models import SearchRow
from portal.content.catalogue.search import index
from portal.content.catalogue.search.index import all_of, any_of, newest_hits
from tests.factories.conference import article, page
from tests.factories.publishing import published

pytestmark = pytest.mark.django_db

# Two days per year. Every second article has the rarer word; pages have no date.
DAYS = [dt.date(year, month, 1) for year in range(2019, 2027) for month in (3, 9)]


@pytest.fixture(scope="module", autouse=True)
def rows(rows_of_module):
    with rows_of_module(_publish):
        yield


def _publish() -> None:
    for number, day in enumerate(DAYS):
        title = "common rare" if number % 2 else "common"
        dated = {"reported_on": day, "date_precision": "day"}
        published(article(f"a-{number}", title_en=title, **dated))
    for number in range(3):
        published(page(f"p-{number}", title_en="common rare"))


def expected(word: str, limit: int) -> list[int]:
    """Return the keys of the newest rows with ``word``, found by scanning all rows."""
    keys = [
        row.pk for row in SearchRow.objects.all() if f" {word} " in f" {row.tokens} "
    ]
    return sorted(keys, reverse=True)[:limit]


@pytest.mark.parametrize("recent", [1, 4, 9, 17, 5000])
@pytest.mark.parametrize("limit", [1, 3, 7, 50])
def test_newest_rows_are_found_for_any_batch_size(monkeypatch, recent, limit):
    monkeypatch.setattr(index, "_RECENT_ROWS", recent)

    hits = newest_hits(
        [all_of(["rare"]), all_of(["common", "rare"]), any_of(["common", "rare"])],
        limit,
    )

    for level, word in enumerate(["rare", "rare", "common"]):
        keys = [hit.row_id for hit in hits if hit.level == level]
        assert sorted(keys, reverse=True) == expected(word, limit)


def test_rows_without_year_token_are_found_in_small_index(monkeypatch):
    """Rows that were indexed before the year was stored have no year token."""
    monkeypatch.setattr(index, "_RECENT_ROWS", 4)
    for row in SearchRow.objects.all():
        tokens = [
            token
            for token in row.tokens.split(" ")
            if token[0] != index.SORT_YEAR_PREFIX
        ]
        row.tokens = " ".join(tokens)
        row.save()

    hits = newest_hits([all_of(["rare"])], 50)

    assert sorted((hit.row_id for hit in hits), reverse=True) == expected("rare", 50)
