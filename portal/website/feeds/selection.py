"""Filters of calendars and feeds: those of the record lists, over several kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.filters import FilterQuery, ListFilters, read_filters
from portal.content.catalogue.querysets import EntryQuerySet
from portal.content.catalogue.registry import Kind, all_kinds

# ``kind`` is either a record kind (``seminar``) or a type within a record kind, as in
# its list (``treaty``); no value means both.
PARAMETERS = (
    "country",
    "organ",
    "topic",
    "kind",
    "scope",
    "direction",
    "state",
    "done",
    "year",
    "from",
    "to",
    "as_of",
    "dated",
)


def event_kinds() -> list[Kind]:
    """Return the record kinds that calendars contain."""
    return [kind for kind in all_kinds() if kind.is_event]


def feed_kinds() -> list[Kind]:
    """Return the record kinds that feeds contain unless another kind is requested.

    These are the kinds with a date and a page of their own. Countries, organs and
    similar kinds are in a feed only if ``kind`` requests them.
    """
    return [kind for kind in all_kinds() if kind.is_dated and _has_page(kind)]


def _has_page(kind: Kind) -> bool:
    """Return True if records of ``kind`` have a page of their own."""
    return hasattr(kind.model, "get_absolute_url")


@dataclass(frozen=True)
class Selection:
    """Filters over several record kinds.

    ``kind`` is the requested record kind, None for all. ``query`` is the selection as a
    query string in a fixed order. ``parsed`` are the parameters as given, with their
    errors; if there are errors, the selection includes everything.
    """

    filters: ListFilters
    kind: Kind | None
    query: str
    parsed: FilterQuery

    def filter_entries(
        self, entries: EntryQuerySet, allowed: list[Kind]
    ) -> EntryQuerySet:
        """Filter ``entries`` by this selection.

        The result contains only kinds in ``allowed`` and entries that have a page.
        """
        codes = [kind.code for kind in allowed]
        if self.kind:
            codes = [code for code in codes if code == self.kind.code]
        selectable = entries.of_kinds_first_rows(*codes).exclude(path="")
        return selectable.matching(self.filters)

    def title_for(self, name: str) -> str:
        """Return ``name`` with the requested kind: ``Conference (Seminars)``."""
        if not self.kind:
            return name
        detail = capfirst(self.kind.label_plural)
        return _("%(title)s (%(detail)s)") % {"title": name, "detail": detail}


def parse_selection(query: QueryDict) -> Selection:
    """Parse the selection in a query string.

    See :func:`read_filters` for the parameters that are ignored.
    """
    parsed = read_filters(query, PARAMETERS)
    filters = parsed.filters
    requested_kind = filters.tags.get("kind", ("",))[0]
    kind = next((kind for kind in all_kinds() if kind.code == requested_kind), None)
    if kind:
        tags = {name: values for name, values in filters.tags.items() if name != "kind"}
        filters = replace(filters, tags=tags)
    return Selection(filters, kind, canonical_query(parsed.used), parsed)


def canonical_query(values: Mapping[str, str], kind: str = "") -> str:
    """Encode the filters of ``values`` that feeds support, in a fixed order.

    ``kind`` is used if ``values`` contains no ``kind``: the parameters of a list do not
    contain the list's own kind.
    """
    parameters = {name: values.get(name, "") for name in PARAMETERS}
    parameters["kind"] = parameters["kind"] or kind
    return urlencode([(name, value) for name, value in parameters.items() if value])
