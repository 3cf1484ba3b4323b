"""Filters and pages of a list, as plain GET forms and links."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.catalogue.choices import RECORD_WORDS, SHARED_CHOICES
from portal.catalogue.filters import FilterQuery, last_page
from portal.catalogue.models import Entry
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
# Filter words without a choice of their own: their values are checked when parsed.
_ALWAYS_KNOWN = {*_TYPES, *SHARED_CHOICES}


# To skip rows costs as much as to read them: what is further back is found by filters.
PAGE_SIZE = 20
MOST_PAGES = MOST_COUNTED // PAGE_SIZE


class TooDeep(Http404):
    """A page beyond the last that a list can have; the message tells the remedy."""


@dataclass(frozen=True)
class Option:
    """A value of a filter; not ``is_known`` if it is in the address only."""

    value: str
    label: Shown | str
    is_selected: bool
    is_known: bool = True


@dataclass(frozen=True)
class Field:
    """One filter of the form; ``type`` is select, number, date, month or text.

    ``error`` is why its value cannot be used, "" if it can.
    """

    name: str
    label: str
    type: str
    value: str
    options: list[Option]
    error: Shown | str = ""

    @property
    def input_id(self) -> str:
        return f"filter-{self.name}"

    @property
    def input_type(self) -> str:
        """The type; "text" if a browser would show a date input empty for the value."""
        if not self.error or self.type not in ("date", "month"):
            return self.type
        day = f"{self.value}-01" if self.type == "month" else self.value
        try:
            dt.date.fromisoformat(day)
        except ValueError:
            return "text"
        return self.type


@dataclass(frozen=True)
class ActiveFilter:
    """A filter that is set, and the address of the list without it."""

    label: Shown | str
    remove_url: str


def filter_context(
    kind: Kind,
    query: FilterQuery,
    request: HttpRequest,
    names: Names,
    *,
    also_known: Mapping[str, Collection[str]] | None = None,
) -> dict:
    """What ``components/filters.html`` needs, and the parameters that links repeat.

    ``also_known`` are values that the form does not offer, by filter word, and that
    are no mistake.
    """
    fields = [
        _field(word, kind, query, names)
        for word in kind.filters
        if word not in _QUIET or word in query.values
    ]
    unknown = unknown_words(query, kind, names, also_known or {})
    links = link_parameters(request, query.used)
    active = [
        ActiveFilter(
            _chosen(field), address_with(links, {field.name: None, "page": None})
        )
        for field in fields
        if field.value and not query.errors
    ]
    return {
        "filter_form": fields,
        "filter_errors": [field for field in fields if field.error],
        "unknown_values": [unknown_value(word, query.values[word]) for word in unknown],
        "filter_values": query.used,
        "active_filters": active,
        "clear_url": request.path if active else "",
    }


def unknown_words(
    query: FilterQuery,
    kind: Kind,
    names: Names,
    also_known: Mapping[str, Collection[str]],
) -> list[str]:
    """The words of ``query`` whose value names nothing, or nothing that is public."""
    return [
        word
        for word, value in query.used.items()
        if word not in _ALWAYS_KNOWN
        and value not in also_known.get(word, ())
        and not _is_known(word, value, kind, names)
    ]


def _is_known(word: str, value: str, kind: Kind, names: Names) -> bool:
    if word == "country":
        return value.upper() in names.countries
    if word == "topic":
        return value in names.topics
    if word in RECORD_WORDS:
        return Entry.objects.of_kind(word).filter(code=value).exists()
    choices = kind.choices.get(word)
    return choices is None or value in {code for code, _label in choices.choices}


def unknown_value(word: str, value: str) -> Shown:
    """The message for a filter whose value names nothing."""
    label = _LABELS[word]
    return whole_text(
        lambda: (
            _("%(filter)s: “%(value)s” is not known here.")
            % {"filter": label, "value": value}
        ),
        _("%(filter)s: “%(value)s” is not known here."),
        label,
    )


def _field(word: str, kind: Kind, query: FilterQuery, names: Names) -> Field:
    value = query.values.get(word, "")
    selected = value.upper() if word == "country" else value
    options = [
        Option(code, label, code == selected)
        for code, label in _choices(word, kind, names, selected)
    ]
    if options or word in _RECORD_KEYS:
        options.insert(0, Option("", _("Any"), not value))
        if not any(option.is_selected for option in options):
            options.append(Option(value, value, is_selected=True, is_known=False))
    kind_of_input = "select" if options else _TYPES.get(word, "text")
    error = query.remedy(word)
    return Field(word, str(_LABELS[word]), kind_of_input, value, options, error)


def _choices(
    word: str, kind: Kind, names: Names, selected: str
) -> list[tuple[str, Shown | str]]:
    if word == "country":
        return list(names.countries_to_choose(selected).items())
    if word == "topic":
        return list(names.topics.items())
    codes = kind.choices.get(word) or SHARED_CHOICES.get(word)
    return [(code, str(label)) for code, label in codes.choices] if codes else []


def _chosen(field: Field) -> Shown | str:
    for option in field.options:
        # Some labels are spelled like the value: “prosecutors”.
        if option.is_selected and option.is_known:
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
    """The page asked for, from 1; a malformed number counts as not given.

    Raises :class:`TooDeep` for a page that no list has.
    """
    number = last_page(query)
    if number > MOST_PAGES:
        remedy = interface_text(
            _("Lists have %(most)s pages at most. Set filters to see a part of one."),
            {"most": MOST_PAGES},
        )
        raise TooDeep(remedy)
    return number


def parameters(request: HttpRequest) -> QueryDict:
    """The parameters of a public address; none if there are too many to parse.

    Pages ignore parameters that they do not know, however many there are.
    """
    try:
        return request.GET
    except TooManyFieldsSent:
        return QueryDict()


def link_parameters(request: HttpRequest, values: Mapping[str, str]) -> QueryDict:
    """Parameters for links from a list to itself: ``values``, and larger text.

    What a messenger added to a shared link is left out. The order is the address's.
    """
    kept = QueryDict(mutable=True)
    query = parameters(request)
    for name in query:
        if name in values:
            kept[name] = values[name]
        elif name == "text" and _last_size(query) == "large":
            kept[name] = "large"
    return kept


def _last_size(query: QueryDict) -> str:
    sizes = [size for size in query.getlist("text") if size in ("large", "normal")]
    return sizes[-1] if sizes else ""


def address_with(query: QueryDict, changes: dict[str, str | None]) -> str:
    """The query of an address with some words changed; None takes a word away."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}" if changed else "?"
