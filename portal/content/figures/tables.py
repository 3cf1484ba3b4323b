"""Tables of figures with a row per year, country or kind, and their charts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.text import capfirst

from portal.content.figures.cells import (
    GROUP_COUNTRY,
    GROUP_KIND,
    GROUP_YEAR,
    Cell,
    Figure,
)
from portal.content.figures.charts import Chart, build_bar_chart, build_column_chart
from portal.content.figures.registry import Indicator
from portal.core.languages import Language
from portal.core.translations.dates import format_period
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText


@dataclass(frozen=True)
class TableRow:
    """The label of a table row, and a cell for each column of the table."""

    label: LocalizedText | str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """A table of figures for one group.

    ``indicators`` are its columns; an indicator without records is left out.
    """

    group: str
    indicators: list[Indicator]
    rows: list[TableRow]
    charts: list[Chart]


def table_by_year(figures: Iterable[Figure], language: Language) -> Table:
    """Build the table of years with records, latest first.

    Its charts begin with the earliest year.
    """
    non_empty_figures = [figure for figure in figures if figure.groups[GROUP_YEAR]]
    years_with_records = sorted(
        {int(key) for figure in non_empty_figures for key in figure.groups[GROUP_YEAR]}
    )
    all_years = (
        range(years_with_records[0], years_with_records[-1] + 1)
        if years_with_records
        else ()
    )
    year_labels = {year: year_in_words(year, language) for year in all_years}
    charts = [
        build_column_chart(
            figure.indicator.code,
            figure.indicator.label,
            {int(key): cell for key, cell in figure.groups[GROUP_YEAR].items()},
            year_labels,
        )
        for figure in non_empty_figures
        if figure.total.value
    ]
    labels = {str(year): year_labels[year] for year in reversed(years_with_records)}
    return _build_table(GROUP_YEAR, non_empty_figures, labels, charts)


def table_by_country(
    figures: Iterable[Figure], names: Mapping[str, LocalizedText]
) -> Table:
    """Build the table of countries with records, in the order of ``names``."""
    return _table_by_group(GROUP_COUNTRY, figures, names)


def table_by_kind(figure: Figure) -> Table:
    """Build the table of one figure by the subtypes of its records."""
    labels = {
        key: interface_text(text) for key, text in figure.indicator.kind_labels.items()
    }
    headings = {
        key: replace(label, text=capfirst(label.text)) for key, label in labels.items()
    }
    return _table_by_group(GROUP_KIND, [figure], headings)


def year_in_words(year: int, language: Language) -> str:
    return format_period(dt.date(year, 1, 1), None, "year", language)


def _table_by_group(group: str, figures: Iterable[Figure], names: Mapping) -> Table:
    non_empty_figures = [figure for figure in figures if figure.groups[group]]
    keys_with_records = {
        key for figure in non_empty_figures for key in figure.groups[group]
    }
    labels = {key: name for key, name in names.items() if key in keys_with_records}
    charts = [
        build_bar_chart(
            figure.indicator.code, figure.indicator.label, figure.groups[group], labels
        )
        for figure in non_empty_figures
        if any(cell.value for cell in figure.groups[group].values())
    ]
    return _build_table(group, non_empty_figures, labels, charts)


def _build_table(
    group: str, non_empty_figures: list[Figure], labels: Mapping, charts: list
) -> Table:
    rows = [
        TableRow(
            label,
            [
                figure.groups[group].get(
                    key, Cell(figure.indicator, figure.total.query, group, key)
                )
                for figure in non_empty_figures
            ],
        )
        for key, label in labels.items()
    ]
    return Table(
        group, [figure.indicator for figure in non_empty_figures], rows, charts
    )
