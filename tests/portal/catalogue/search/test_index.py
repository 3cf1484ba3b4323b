"""The newest rows are found whether few or many rows are looked at first."""

import datetime as dt

import pytest

from portal.catalogue.models import SearchRow
from portal.catalogue.search import index
from portal.catalogue.search.index import newest_hits
from tests.factories.conference import article, page
from tests.factories.publishing import published

pytestmark = pytest.mark.django_db

# Two of each year; every second one has the rarer word, and pages have no date.
DAYS = [dt.date(year, month, 1) for year in range(2019, 2027) for month in (3, 9)]


@pytest.fixture(autouse=True)
def rows():
    for number, day in enumerate(DAYS):
        words = "common rare" if number % 2 else "common"
        dated = {"reported_on": day, "date_precision": "day"}
        published(article(f"a-{number}", title_en=words, **dated))
    for number in range(3):
        published(page(f"p-{number}", title_en="common rare"))


def expected(word: str, limit: int) -> list[int]:
    """Read off the tokens of all rows."""
    found = [
        row.pk for row in SearchRow.objects.all() if f" {word} " in f" {row.tokens} "
    ]
    return sorted(found, reverse=True)[:limit]


@pytest.mark.parametrize("recent", [1, 4, 9, 17, 5000])
@pytest.mark.parametrize("limit", [1, 3, 7, 50])
def test_newest_rows_are_found_however_many_are_looked_at_first(
    monkeypatch, recent, limit
):
    monkeypatch.setattr(index, "_RECENT", recent)

    hits = newest_hits([["rare"], ["common", "rare"], ["common"]], limit)

    for level, word in enumerate(["rare", "rare", "common"]):
        keys = [hit.key for hit in hits if hit.level == level]
        assert sorted(keys, reverse=True) == expected(word, limit)


def test_rows_that_lack_their_year_are_found_where_few_are(monkeypatch):
    """As those are that were written before it was kept."""
    monkeypatch.setattr(index, "_RECENT", 4)
    for row in SearchRow.objects.all():
        kept = [token for token in row.tokens.split(" ") if token[0] != index.SORTED_IN]
        row.tokens = " ".join(kept)
        row.save()

    hits = newest_hits([["rare"]], 50)

    assert sorted((hit.key for hit in hits), reverse=True) == expected("rare", 50)
