"""Calendar and feeds accept the filter parameters of every list."""

import pytest
from django.http import QueryDict

from portal.content.catalogue.registry import all_kinds
from portal.website.feeds.selection import (
    PARAMETERS,
    event_kinds,
    feed_kinds,
    parse_selection,
)


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_every_list_filter_is_supported(kind):
    assert set(kind.filters) <= set(PARAMETERS)


def test_subkind_values_never_equal_record_kind_codes():
    """``kind`` accepts kinds and subkinds, so no value may be both."""
    codes = {kind.code for kind in all_kinds()}
    within = {
        value for kind in all_kinds() if "kind" in kind.choices
        for value in kind.choices["kind"].values
    }  # fmt: skip

    assert codes & within == set()


def test_event_and_news_kinds():
    order = [kind.code for kind in all_kinds()]
    events = [kind.code for kind in event_kinds()]
    news = [kind.code for kind in feed_kinds()]

    assert events == sorted(events, key=order.index)
    assert news == sorted(news, key=order.index)
    assert {"edition", "seminar", "visit", "meeting"} <= set(events) <= set(news)
    assert {"document", "article"} <= set(news) - set(events)
    assert not {"figure", "country", "organ", "page", "mechanism"} & set(news)


@pytest.mark.parametrize(
    ("query", "normalized", "kind"),
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
def test_query_string_is_normalized(query, normalized, kind):
    selection = parse_selection(QueryDict(query))

    assert selection.query == normalized
    assert (selection.kind.code if selection.kind else "") == kind
