"""Which figures are asked for: the query words of page, sheet and API."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from portal.catalogue.filters import (
    BadFilter,
    FilterQuery,
    ListFilters,
    parse_filters,
    read_filters,
)

WORDS = ("as_of", "country", "year")


@dataclass(frozen=True)
class Asked:
    """As of which day, and for which country (iso2, "" for all) and year."""

    as_of: dt.date
    country: str = ""
    year: int | None = None


def asked_from(query: Mapping, countries: Collection[str], *, today: dt.date) -> Asked:
    """What ``query`` (a QueryDict) asks for; as of ``today`` when it names no day.

    ``countries`` are the codes of those that are public. Raises BadFilter for a value
    that is malformed, given twice, or a country that is not among them.
    """
    asked = _asked(parse_filters(query, WORDS), today)
    if asked.country and asked.country not in countries:
        remedy = _("This country is not on record. Choose another one.")
        raise BadFilter("country", asked.country, remedy)
    return asked


def read_figures(query: Mapping, *, today: dt.date) -> tuple[Asked, FilterQuery]:
    """The figures that ``query`` (a QueryDict) asks for, and its filters, for readers.

    Filters are read as in :func:`~portal.catalogue.filters.read_filters`. The country
    may be unknown or not public: nothing is counted for it.
    """
    filters = read_filters(query, WORDS)
    return _asked(filters.filters, today), filters


def _asked(filters: ListFilters, today: dt.date) -> Asked:
    (country,) = filters.tags.get("country", ("",))
    return Asked(filters.as_of or today, country, filters.year)


def query_of(asked: Asked) -> str:
    """The same in query words, the day always among them."""
    words = {"as_of": asked.as_of.isoformat(), "country": asked.country}
    words["year"] = f"{asked.year:04}" if asked.year else ""
    return urlencode({word: value for word, value in words.items() if value})
