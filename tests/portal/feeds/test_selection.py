"""Calendars and feeds take the words of every list."""

import pytest
from django.http import QueryDict

from portal.catalogue.registry import kinds
from portal.feeds.selection import WORDS, event_kinds, news_kinds, selected


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_every_filter_of_a_list_is_known(kind):
    assert set(kind.filters) <= set(WORDS)


def test_kinds_within_a_kind_are_no_kinds_of_record():
    """``kind`` means both, so no word may mean two things."""
    codes = {kind.code for kind in kinds()}
    within = {
        value for kind in kinds() if "kind" in kind.choices
        for value in kind.choices["kind"].values
    }  # fmt: skip

    assert codes & within == set()


def test_kinds_of_events_and_of_news():
    assert [kind.code for kind in event_kinds()] == [
        "edition",
        "seminar",
        "visit",
        "meeting",
    ]
    assert [kind.code for kind in news_kinds()] == [
        "edition",
        "document",
        "article",
        "seminar",
        "visit",
        "meeting",
    ]


@pytest.mark.parametrize(
    ("query", "said", "kind"),
    [
        ("year=2024&from=singlemessage&_=1&kind=%00", "year=2024", ""),
        ("year=2023&year=2024", "year=2024", ""),
        ("year=2024&from=2025-02-30&kind=seminar", "", ""),
        ("", "", ""),
        ("year=2024&country=VN&page=2", "country=VN&year=2024", ""),
        ("kind=seminar&state=", "kind=seminar", "seminar"),
        ("kind=treaty", "kind=treaty", ""),
    ],
)
def test_query_is_said_in_a_fixed_order(query, said, kind):
    selection = selected(QueryDict(query))

    assert selection.query == said
    assert (selection.kind.code if selection.kind else "") == kind
