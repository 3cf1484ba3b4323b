"""What calendars and feeds are asked for: the words of the lists, over all kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.text import capfirst

from portal.catalogue.filters import FilterQuery, ListFilters, read_filters
from portal.catalogue.querysets import EntryQuerySet
from portal.catalogue.registry import Kind, kinds

# ``kind`` is a kind of record here (``seminar``), or the kind within one as on its list
# (``treaty``); no word means both.
WORDS = (
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
    """The kinds that calendars show."""
    return [kind for kind in kinds() if kind.is_event]


def news_kinds() -> list[Kind]:
    """The kinds whose changes are news: what has a date and a page of its own.

    Countries, organs and the like can be asked for by ``kind``.
    """
    return [kind for kind in kinds() if kind.is_dated and _has_page(kind)]


def _has_page(kind: Kind) -> bool:
    return hasattr(kind.model, "get_absolute_url")


@dataclass(frozen=True)
class Selection:
    """Filters over several kinds. ``kind`` is the one kind asked for, None for all.

    ``query`` says the same as part of an address, in a fixed order. ``parsed`` are the
    parameters as given, with their errors; if there are any, everything is selected.
    """

    filters: ListFilters
    kind: Kind | None
    query: str
    parsed: FilterQuery

    def among(self, entries: EntryQuerySet, allowed: list[Kind]) -> EntryQuerySet:
        """Those of ``entries`` that are asked for, of the kinds ``allowed``."""
        codes = [kind.code for kind in allowed]
        if self.kind:
            codes = [code for code in codes if code == self.kind.code]
        some = entries.of_kinds_in_order(*codes).exclude(path="")
        return some.matching(self.filters)

    def named(self, name: str) -> str:
        """``name`` of the whole, with the kind asked for: ``Conference: seminars``."""
        return f"{name}: {capfirst(self.kind.label_plural)}" if self.kind else name


def selected(query: QueryDict) -> Selection:
    """The selection of an address; see :func:`read_filters` for what is ignored."""
    parsed = read_filters(query, WORDS)
    filters = parsed.filters
    asked = filters.tags.get("kind", ("",))[0]
    kind = next((kind for kind in kinds() if kind.code == asked), None)
    if kind:
        tags = {word: values for word, values in filters.tags.items() if word != "kind"}
        filters = replace(filters, tags=tags)
    return Selection(filters, kind, address_query(parsed.used), parsed)


def address_query(values: Mapping[str, str], kind: str = "") -> str:
    """The filter words of ``values`` that calendars and feeds know, in a fixed order.

    ``kind`` is put before a list's own words, which say nothing of it.
    """
    given = {word: values.get(word, "") for word in WORDS}
    given["kind"] = given["kind"] or kind
    return urlencode([(word, value) for word, value in given.items() if value])
