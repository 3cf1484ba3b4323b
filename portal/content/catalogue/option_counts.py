"""Number of records behind each option of a list filter."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.db.models import Count

from portal.content.catalogue.choices import STATES_NOT_HELD
from portal.content.catalogue.filters import TAG_FILTERS, ListFilters
from portal.content.catalogue.models import Entry, EntryTag
from portal.content.catalogue.querysets import COUNT_LIMIT, EntryQuerySet

# Filters whose options are counted from columns of the entry.
_COLUMN_FILTERS = ("year", "state", "done", "dated")


def count_options(
    get_entries: Callable[[ListFilters], EntryQuerySet],
    filters: ListFilters,
    parameters: Iterable[str],
) -> dict[str, dict[str, int]]:
    """Return how many records each option of the filters ``parameters`` would select.

    ``get_entries(filters)`` returns the entries that match ``filters``. The options of
    a filter are counted with all other filters that are set, without its own value.

    Maps the parameter to the number of records by value; values without records are
    missing. A parameter is missing if it has no options (a date), or if more than
    COUNT_LIMIT records would have to be counted.

    Executes two queries, and up to two for each filter that is set.
    """
    parameters = [
        name for name in parameters if name in TAG_FILTERS or name in _COLUMN_FILTERS
    ]
    groups: list[tuple[ListFilters, list[str]]] = [(filters, [])]
    for parameter in parameters:
        others = _clear_filter(filters, parameter)
        if others == filters:
            groups[0][1].append(parameter)
        else:
            groups.append((others, [parameter]))
    counts: dict[str, dict[str, int]] = {}
    for group_filters, group_parameters in groups:
        if group_parameters:
            counts |= _count(get_entries(group_filters), group_parameters)
    return counts


def _clear_filter(filters: ListFilters, parameter: str) -> ListFilters:
    """Return ``filters`` without the filter ``parameter``."""
    if parameter in TAG_FILTERS:
        tags = {name: tag for name, tag in filters.tags.items() if name != parameter}
        return replace(filters, tags=tags)
    return replace(filters, **{parameter: getattr(ListFilters(), parameter)})


def _count(entries: EntryQuerySet, parameters: list[str]) -> dict[str, dict[str, int]]:
    """Return the number of ``entries`` by parameter and value, {} above COUNT_LIMIT."""
    keys = entries.order_by().values("pk")[: COUNT_LIMIT + 1]
    rows = (
        Entry.objects.filter(pk__in=keys)
        .order_by()
        .values_list("year", "state")
        .annotate(number=Count("pk"))
    )
    by_parameter: dict[str, Counter] = {name: Counter() for name in parameters}
    total = 0
    for year, state, number in rows:
        total += number
        values = {
            "year": "" if year is None else str(year),
            "state": state,
            "done": "" if state in STATES_NOT_HELD else "yes",
            "dated": "no" if year is None else "yes",
        }
        for name, value in values.items():
            if name in by_parameter and value:
                by_parameter[name][value] += number
    if total > COUNT_LIMIT:
        return {}
    axes = [name for name in parameters if name in TAG_FILTERS]
    if axes and total:
        tags = EntryTag.objects.filter(axis__in=axes, entry__in=keys)
        for axis, value, number in tags.values_list("axis", "value").annotate(
            number=Count("pk")
        ):
            by_parameter[axis][value] = number
    return by_parameter
