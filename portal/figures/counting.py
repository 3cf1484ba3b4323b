"""Counting what is on record: by year, country and kind, as of any day.

A record counts when the last day of its stated period is not after the day asked for;
what has no date on record is counted apart.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from portal.catalogue.models import Entry
from portal.figures.asking import Asked
from portal.figures.cells import (
    COUNTRY,
    KIND,
    OVERALL,
    YEAR,
    Cell,
    Figure,
    Row,
)
from portal.figures.choices import Measure
from portal.figures.registry import Fact, facts
from portal.figures.tallies import NO_YEAR, source_of, tally


def count(asked: Asked, *, countries: Collection[str]) -> list[Figure]:
    """Every fact as of a day, with its groups, in one query.

    ``countries`` are the codes of those that are public, in the order of showing. There
    are no years in a single year, and no countries in a single country. Nothing is
    counted for a country that is not public.
    """
    groups = (YEAR, KIND) if asked.country else (YEAR, COUNTRY, KIND)
    is_known = not asked.country or asked.country in countries
    rows = tally(facts(), asked, groups) if is_known else {}
    return [
        _figure(fact, asked, rows.get(source_of(fact), []), countries)
        for fact in facts()
    ]


def headline(*, as_of: dt.date) -> list[Cell]:
    """The totals of the facts that count records, in one query."""
    asked = Asked(as_of)
    told = [fact for fact in facts() if fact.measure == Measure.RECORDS]
    rows = tally(told, asked, (OVERALL,))
    return [_total(fact, asked, rows[source_of(fact)]) for fact in told]


def countries_on_record() -> list[str]:
    """The codes (iso2) of the countries that are public."""
    found = Entry.objects.of_kind("country").order_by("code")
    return list(found.values_list("code", flat=True))


def _figure(
    fact: Fact, asked: Asked, rows: list[Row], countries: Iterable[str]
) -> Figure:
    total = _total(fact, asked, (row for row in rows if row.group == YEAR))
    found: dict[tuple[str, str], Cell] = {}
    for row in rows:
        place = (row.group, row.key)
        found.setdefault(place, Cell(fact, asked, *place)).add(row)
    years = sorted({key for group, key in found if group == YEAR} - {NO_YEAR})
    shown = {YEAR: [] if asked.year else years, COUNTRY: countries, KIND: fact.kinds}
    return Figure(
        fact,
        total,
        {
            group: {key: found[group, key] for key in keys if (group, key) in found}
            for group, keys in shown.items()
        },
    )


def _total(fact: Fact, asked: Asked, rows: Iterable[Row]) -> Cell:
    total = Cell(fact, asked)
    for row in rows:
        total.add(row)
    return total
