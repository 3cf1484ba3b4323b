"""The numbers side by side: a row for each year, country or kind, and charts of it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.figures.cells import COUNTRY, KIND, YEAR, Cell, Figure
from portal.figures.charts import Chart, columns, rows
from portal.figures.registry import Fact
from portal.languages import Language
from portal.translations.dates import in_words
from portal.translations.interface import interface_text
from portal.translations.shown import Shown


@dataclass(frozen=True)
class TableRow:
    """What the row is of, and a cell for each fact of the table."""

    label: Shown | str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """``facts`` are its columns; one without any record is left out."""

    group: str
    facts: list[Fact]
    rows: list[TableRow]
    charts: list[Chart]


def by_year(figures: Iterable[Figure], language: Language) -> Table:
    """Years that have a record, the latest first; in charts from the first on."""
    told = [figure for figure in figures if figure.groups[YEAR]]
    known = sorted({int(key) for figure in told for key in figure.groups[YEAR]})
    every = range(known[0], known[-1] + 1) if known else ()
    words = {year: year_in_words(year, language) for year in every}
    drawn = [
        columns(
            figure.fact.code,
            figure.fact.label,
            {int(key): cell for key, cell in figure.groups[YEAR].items()},
            words,
        )
        for figure in told
        if figure.total.value
    ]
    labels = {str(year): words[year] for year in reversed(known)}
    return _table(YEAR, told, labels, drawn)


def by_country(figures: Iterable[Figure], names: Mapping[str, Shown]) -> Table:
    """Countries with a record, in the order of ``names``."""
    return _of_keys(COUNTRY, figures, names)


def by_kind(figure: Figure) -> Table:
    """The kinds of one fact's records."""
    labels = {key: interface_text(text) for key, text in figure.fact.kinds.items()}
    return _of_keys(KIND, [figure], labels)


def year_in_words(year: int, language: Language) -> str:
    return in_words(dt.date(year, 1, 1), None, "year", language)


def _of_keys(group: str, figures: Iterable[Figure], names: Mapping) -> Table:
    told = [figure for figure in figures if figure.groups[group]]
    known = {key for figure in told for key in figure.groups[group]}
    labels = {key: name for key, name in names.items() if key in known}
    drawn = [
        rows(figure.fact.code, figure.fact.label, figure.groups[group], labels)
        for figure in told
        if any(cell.value for cell in figure.groups[group].values())
    ]
    return _table(group, told, labels, drawn)


def _table(group: str, told: list[Figure], labels: Mapping, drawn: list) -> Table:
    lines = [
        TableRow(
            label,
            [
                figure.groups[group].get(
                    key, Cell(figure.fact, figure.total.asked, group, key)
                )
                for figure in told
            ],
        )
        for key, label in labels.items()
    ]
    return Table(group, [figure.fact for figure in told], lines, drawn)
