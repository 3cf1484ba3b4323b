"""The aggregation query: a UNION with one SELECT per group and set of records.

Each SELECT finds its records with ``EntryQuerySet.matching`` and the filters of the
linked list, so that a number always equals the length of its list.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.core.cache import cache
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.http import urlencode

from portal.content.catalogue.filters import ListFilters, parse_filters
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Sequence
from portal.content.figures.cells import GROUP_KIND, GROUP_OVERALL, GROUP_YEAR, TallyRow
from portal.content.figures.links import list_filters
from portal.content.figures.query import FigureQuery
from portal.content.figures.registry import Indicator

# Key of records without a year.
NO_YEAR = "0"
# In seconds. Counting 100,000 records takes SQLite about one second. The limit covers
# changes to related names and places, which are not part of the cache key.
CACHE_SECONDS = 600


def record_set_key(indicator: Indicator) -> tuple:
    """Return a key of the records that an indicator counts.

    Indicators with the same key share one aggregation.
    """
    return (indicator.kind, *sorted(indicator.filters.items()))


def aggregate_records(
    indicators: Iterable[Indicator], query: FigureQuery, groups: Iterable[str]
) -> dict[tuple, list[TallyRow]]:
    """Return the aggregated rows by record set of the indicators, in no order.

    The result is cached until any public record changes, at most for CACHE_SECONDS.
    """
    indicators, groups = list(indicators), list(groups)
    codes = ".".join([*groups, *(indicator.code for indicator in indicators)])
    year = query.year or ""
    day, position = query.as_of.isoformat(), Sequence.objects.get_last_position()
    key = f"figures:2:{position}:{day}:{query.country}:{year}:{codes}"
    return cache.get_or_set(
        key, lambda: _run_aggregation(indicators, query, groups), CACHE_SECONDS
    )


def _run_aggregation(
    indicators: list[Indicator], query: FigureQuery, groups: list[str]
) -> dict:
    sources = {record_set_key(indicator): indicator for indicator in indicators}
    subqueries = [
        _group_subquery(indicator, position, query, group)
        for position, indicator in enumerate(sources.values())
        for group in groups
        if group != GROUP_KIND or indicator.kind_labels
    ]
    rows_by_source = {source: [] for source in sources}
    row_lists = list(rows_by_source.values())
    for position, *values in subqueries[0].union(*subqueries[1:], all=True):
        row_lists[position].append(TallyRow(*values))
    return rows_by_source


def _group_subquery(
    indicator: Indicator, position: int, query: FigureQuery, group: str
):
    """Build the SELECT for one group of one indicator.

    All SELECTs of the UNION must have the same column types.
    """
    entries = _indicator_entries(indicator, query)
    if group == GROUP_YEAR:
        key = Cast(Coalesce("year", int(NO_YEAR)), CharField())
    elif group == GROUP_OVERALL:
        key = Value("", CharField())
    else:
        # Filtering by the kind, which equals the entry's, avoids reading tags of other
        # kinds.
        entries = entries.filter(tags__axis=group, tags__kind=indicator.kind)
        key = Cast(F("tags__value"), CharField())
    return (
        entries.order_by()
        .values_list(
            Value(position, IntegerField()),
            Value(group, CharField()),
            key,
            Case(When(last_on__isnull=True, then=0), default=1),
        )
        .annotate(
            records=Count("pk"),
            total=Coalesce(Sum("participants"), 0),
            numbered=Count("participants"),
        )
    )


def _indicator_entries(indicator: Indicator, query: FigureQuery):
    """Return the entries in the indicator's list, including those without a date."""
    filters = _parse_filters(list_filters(indicator, query))
    within_period = Q(last_on__lte=filters.as_of)
    if filters.year:
        within_period &= Q(year=filters.year)
    filters_without_date = replace(filters, as_of=None, year=None)
    entries = Entry.objects.of_kind(indicator.kind).matching(
        filters_without_date, kind=indicator.kind
    )
    return entries.filter(within_period | Q(last_on__isnull=True))


def _parse_filters(parameters: dict[str, str]) -> ListFilters:
    return parse_filters(QueryDict(urlencode(parameters)), tuple(parameters))
