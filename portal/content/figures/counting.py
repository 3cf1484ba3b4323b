"""Count published records by year, country and kind as of a date.

A record is counted if the last day of its period is not after that date; records
without a date are counted separately.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from portal.content.figures.aggregation import (
    NO_YEAR,
    aggregate_records,
    record_set_key,
)
from portal.content.figures.cells import (
    GROUP_COUNTRY,
    GROUP_KIND,
    GROUP_OVERALL,
    GROUP_YEAR,
    Cell,
    Figure,
    TallyRow,
)
from portal.content.figures.choices import Measure
from portal.content.figures.query import FigureQuery
from portal.content.figures.registry import Indicator, all_indicators


def count_figures(query: FigureQuery, *, countries: Collection[str]) -> list[Figure]:
    """Return the figures of all indicators for the query, with one database query.

    ``countries`` are the codes of the published countries in display order. Years are
    left out if the query has a year, countries if it has a country. Nothing is counted
    for an unpublished country.
    """
    groups = (
        (GROUP_YEAR, GROUP_KIND)
        if query.country
        else (GROUP_YEAR, GROUP_COUNTRY, GROUP_KIND)
    )
    is_known_country = not query.country or query.country in countries
    rows = (
        aggregate_records(all_indicators(), query, groups) if is_known_country else {}
    )
    return [
        _build_figure(
            indicator, query, rows.get(record_set_key(indicator), []), countries
        )
        for indicator in all_indicators()
    ]


def headline_totals(*, as_of: dt.date) -> list[Cell]:
    """Return the totals of the indicators that count records, in one database query."""
    query = FigureQuery(as_of)
    record_indicators = [
        indicator
        for indicator in all_indicators()
        if indicator.measure == Measure.RECORDS
    ]
    rows = aggregate_records(record_indicators, query, (GROUP_OVERALL,))
    return [
        _build_total(indicator, query, rows[record_set_key(indicator)])
        for indicator in record_indicators
    ]


def _build_figure(
    indicator: Indicator,
    query: FigureQuery,
    rows: list[TallyRow],
    countries: Iterable[str],
) -> Figure:
    total = _build_total(
        indicator, query, (row for row in rows if row.group == GROUP_YEAR)
    )
    cells: dict[tuple[str, str], Cell] = {}
    for row in rows:
        group_and_key = (row.group, row.key)
        cells.setdefault(group_and_key, Cell(indicator, query, *group_and_key)).add(row)
    years = sorted({key for group, key in cells if group == GROUP_YEAR} - {NO_YEAR})
    keys_by_group = {
        GROUP_YEAR: [] if query.year else years,
        GROUP_COUNTRY: countries,
        GROUP_KIND: indicator.kind_labels,
    }
    return Figure(
        indicator,
        total,
        {
            group: {key: cells[group, key] for key in keys if (group, key) in cells}
            for group, keys in keys_by_group.items()
        },
    )


def _build_total(
    indicator: Indicator, query: FigureQuery, rows: Iterable[TallyRow]
) -> Cell:
    total = Cell(indicator, query)
    for row in rows:
        total.add(row)
    return total
