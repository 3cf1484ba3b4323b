"""Filters and pages of a list, as plain GET forms and links."""

import re
from dataclasses import dataclass
from math import ceil

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.catalogue.choices import SHARED_CHOICES
from portal.catalogue.filters import BadFilter
from portal.catalogue.querysets import MOST_COUNTED
from portal.catalogue.registry import Kind
from portal.directory.names import Names
from portal.translations.interface import interface_text, whole_text
from portal.translations.shown import Shown

_LABELS = {
    "country": gettext_lazy("Country"),
    "organ": gettext_lazy("Organ"),
    "topic": gettext_lazy("Topic"),
    "kind": gettext_lazy("Kind"),
    "scope": gettext_lazy("Scope"),
    "direction": gettext_lazy("Direction"),
    "state": gettext_lazy("State"),
    "year": gettext_lazy("Year"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("Until"),
    "as_of": gettext_lazy("Ended by"),
    "done": gettext_lazy("Took place"),
    "dated": gettext_lazy("Date"),
}
# Links from other pages ask for these; the form has them once they are asked for.
_QUIET = {"organ"}
# Their options are rows that published records use; there may be none.
_RECORD_KEYS = {"country", "topic"}
_TYPES = {"year": "number", "from": "date", "to": "date", "as_of": "date"}


# To skip rows costs as much as to read them: what is further back is found by filters.
PAGE_SIZE = 20
MOST_PAGES = MOST_COUNTED // PAGE_SIZE


class TooDeep(Http404):
    """A page beyond the last that a list can have; the message tells the remedy."""


@dataclass(frozen=True)
class Option:
    value: str
    label: Shown | str
    is_selected: bool


@dataclass(frozen=True)
class Field:
    """One filter of the form; ``type`` is select, number, date or text."""

    name: str
    label: str
    type: str
    value: str
    options: list[Option]


@dataclass(frozen=True)
class ActiveFilter:
    """A filter that is set, and the address of the list without it."""

    label: Shown | str
    remove_url: str


def filter_context(kind: Kind, request, names: Names) -> dict:
    """What ``components/filters.html`` needs."""
    fields = [
        _field(word, kind, request.GET, names)
        for word in kind.filters
        if word not in _QUIET or request.GET.get(word)
    ]
    active = [
        ActiveFilter(
            _chosen(field), address_with(request.GET, {field.name: None, "page": None})
        )
        for field in fields
        if field.value
    ]
    return {
        "filter_form": fields,
        "active_filters": active,
        "clear_url": request.path if active else "",
    }


def _field(word: str, kind: Kind, query: QueryDict, names: Names) -> Field:
    value = query.get(word, "")
    choices = _choices(word, kind, names, query)
    options = [
        Option(code, label, code == (value.upper() if word == "country" else value))
        for code, label in choices
    ]
    if options or word in _RECORD_KEYS:
        options.insert(0, Option("", _("Any"), not value))
    kind_of_input = "select" if options else _TYPES.get(word, "text")
    return Field(word, str(_LABELS[word]), kind_of_input, value, options)


def _choices(
    word: str, kind: Kind, names: Names, query: QueryDict
) -> list[tuple[str, Shown | str]]:
    if word == "country":
        return list(names.countries_to_choose(query.get(word, "").upper()).items())
    if word == "topic":
        return list(names.topics.items())
    codes = kind.choices.get(word) or SHARED_CHOICES.get(word)
    return [(code, str(label)) for code, label in codes.choices] if codes else []


def _chosen(field: Field) -> Shown | str:
    for option in field.options:
        if option.is_selected:
            return option.label
    label = _LABELS[field.name]
    return whole_text(
        lambda: _("%(filter)s: %(value)s") % {"filter": label, "value": field.value},
        _("%(filter)s: %(value)s"),
        label,
    )


@dataclass(frozen=True)
class Pager:
    """Where the reader is in a list of ``total`` records, counted up to MOST_COUNTED.

    ``is_more``: there are more than ``count``, and no page shows them.
    """

    query: QueryDict
    number: int
    total: int
    size: int

    @property
    def count(self) -> int:
        return min(self.total, MOST_COUNTED)

    @property
    def is_more(self) -> bool:
        return self.total > MOST_COUNTED

    @property
    def pages(self) -> int:
        return max(1, ceil(self.count / self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def previous_url(self) -> str:
        before = self.number - 1
        return address_with(self.query, {"page": str(before) if before > 1 else None})

    @property
    def next_url(self) -> str:
        return address_with(self.query, {"page": str(self.number + 1)})


def page_number(query: QueryDict) -> int:
    """The page asked for, from 1; raises BadFilter when it is no such number.

    Raises :class:`TooDeep` for a page that no list has.
    """
    value = query.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", value):
        raise BadFilter("page", value, _("Write the page as a number from 1."))
    if int(value) > MOST_PAGES:
        told = interface_text(
            _("Lists have %(most)s pages at most. Set filters to see a part of one."),
            {"most": MOST_PAGES},
        )
        raise TooDeep(told)
    return int(value)


def address_with(query: QueryDict, changes: dict[str, str | None]) -> str:
    """The query of an address with some words changed; None takes a word away."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}" if changed else "?"
