"""URLs of the record lists that a counted number refers to, with the same filters."""

from urllib.parse import urlencode

from django.urls import reverse

from portal.content.catalogue.registry import get_kind
from portal.content.figures.registry import Indicator


def list_filters(
    indicator: Indicator,
    query,
    group: str = "",
    key: str = "",
    *,
    is_dated: bool = True,
) -> dict[str, str]:
    """Return filters for a record list that select exactly the counted records.

    ``group`` and ``key`` narrow the filters of the requested figures to one year,
    country or kind. With ``is_dated`` False they select the records without a date,
    which belong to no year and no reporting date.
    """
    filters = dict(indicator.list_filters)
    if query.country:
        filters["country"] = query.country
    if is_dated:
        if query.year:
            filters["year"] = f"{query.year:04}"
        filters["as_of"] = query.as_of.isoformat()
    else:
        filters["dated"] = "no"
    return {**filters, group: key} if key else filters


def list_url(indicator: Indicator, filters: dict[str, str]) -> str:
    """Return the path and query of the list page in the active language."""
    return f"{reverse(get_kind(indicator.kind).list_url_name)}?{urlencode(filters)}"


def api_url(indicator: Indicator, filters: dict[str, str]) -> str:
    """Return the path and query of the list in the API."""
    return f"{reverse(f'api-{indicator.kind}-list')}?{urlencode(filters)}"
