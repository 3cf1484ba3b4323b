"""Query parameters of the figures on pages, in the CSV export and in the API."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from portal.content.catalogue.filters import (
    FilterError,
    FilterQuery,
    ListFilters,
    parse_filters,
    read_filters,
)

PARAMETERS = ("as_of", "country", "year")


@dataclass(frozen=True)
class FigureQuery:
    """The requested figures: reporting date, country and year.

    ``country`` is an iso2 code, "" for all countries; ``year`` is None for all years.
    """

    as_of: dt.date
    country: str = ""
    year: int | None = None


def parse_figure_query(
    query: Mapping, countries: Collection[str], *, today: dt.date
) -> FigureQuery:
    """Parse the figures query of an API request strictly.

    ``query`` is a QueryDict; without a date, ``today`` is used. ``countries`` are the
    codes of the published countries. Raise FilterError for a value that is malformed or
    repeated, and for a country that is not among them.
    """
    figure_query = _build_figure_query(parse_filters(query, PARAMETERS), today)
    if figure_query.country and figure_query.country not in countries:
        message = _("There is no information on this country. Choose another country.")
        raise FilterError("country", figure_query.country, message)
    return figure_query


def read_figures(query: Mapping, *, today: dt.date) -> tuple[FigureQuery, FilterQuery]:
    """Parse the figures query of a page leniently; return the query and its filters.

    ``query`` is a QueryDict, parsed as in
    :func:`~portal.content.catalogue.filters.read_filters`. The country may be unknown
    or unpublished; nothing is counted for such a country.
    """
    filters = read_filters(query, PARAMETERS)
    return _build_figure_query(filters.filters, today), filters


def _build_figure_query(filters: ListFilters, today: dt.date) -> FigureQuery:
    (country,) = filters.tags.get("country", ("",))
    return FigureQuery(filters.as_of or today, country, filters.year)


def encode_figure_query(query: FigureQuery) -> str:
    """Return the URL query string for the requested figures, including the date."""
    parameters = {"as_of": query.as_of.isoformat(), "country": query.country}
    parameters["year"] = f"{query.year:04}" if query.year else ""
    return urlencode({name: value for name, value in parameters.items() if value})
