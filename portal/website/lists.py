"""Filters and pagination of lists, as plain GET forms and links."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.catalogue.choices import RECORD_FILTERS, SHARED_FILTER_CHOICES
from portal.content.catalogue.filters import FilterQuery, last_page
from portal.content.catalogue.models import Entry
from portal.content.catalogue.querysets import COUNT_LIMIT
from portal.content.catalogue.registry import Kind
from portal.core.languages import Language
from portal.core.translations.dates import format_period
from portal.core.translations.interface_language import interface_text, whole_text
from portal.core.translations.localized_text import (
    LocalizedText,
    get_active_language,
)
from portal.core.translations.numbers import format_number
from portal.reference.directory.localized_names import DisplayNames

_LABELS = {
    "country": gettext_lazy("Country"),
    "organ": gettext_lazy("Organisation"),
    "topic": gettext_lazy("Topic"),
    "kind": gettext_lazy("Type"),
    "scope": gettext_lazy("Event type"),
    "direction": gettext_lazy("Direction of visit"),
    "state": gettext_lazy("Status"),
    "year": gettext_lazy("Year"),
    "from": gettext_lazy("From date"),
    "to": gettext_lazy("To date"),
    "as_of": gettext_lazy("Ended on or before"),
    "done": gettext_lazy("Show"),
    "dated": gettext_lazy("Date"),
}
# Filters that are set by links from other pages; the form shows them only if set.
_HIDDEN_UNLESS_SET = {"organ"}
# Filters whose options are the rows used by published records; there may be none.
_RECORD_KEYS = {"country", "topic"}
# Order of the filters in the form. The first _FIRST_FILTERS of a list are always
# visible, the others are under "More filters".
_FORM_ORDER = (
    "country",
    "organ",
    "topic",
    "kind",
    "direction",
    "year",
    "scope",
    "state",
    "done",
    "dated",
    "from",
    "to",
    "as_of",
)
_FIRST_FILTERS = 4
_INPUT_TYPES = {"year": "number", "from": "date", "to": "date", "as_of": "date"}
# Filters without fixed choices of their own; their values are validated by the parser.
_FREE_VALUE_PARAMETERS = {*_INPUT_TYPES, *SHARED_FILTER_CHOICES}


# Skipping rows costs as much as reading them, so later records are reached with
# filters.
PAGE_SIZE = 20
MAX_PAGES = COUNT_LIMIT // PAGE_SIZE


class PageLimitExceeded(Http404):
    """The requested page of a list is above MAX_PAGES; the message suggests filters."""


@dataclass(frozen=True)
class FilterOption:
    """An option of a select filter.

    ``is_known`` is False if the value comes from the URL and is not a valid choice.
    ``count`` is the number of records that the option selects, None if it was not
    counted.
    """

    value: str
    label: LocalizedText | str
    is_selected: bool
    is_known: bool = True
    count: int | None = None

    @property
    def text(self) -> str:
        """The label, with the number of records if it was counted: ``Drugs (2)``."""
        if self.count is None:
            return str(self.label)
        values = {
            "option": self.label,
            "count": format_number(self.count, get_active_language()),
        }
        return _("%(option)s (%(count)s)") % values


@dataclass(frozen=True)
class FilterField:
    """One field of the filter form.

    ``type`` is select, number, date, month or text. ``error`` is the message for an
    invalid value, "" if the value is valid.
    """

    name: str
    label: str
    type: str
    value: str
    options: list[FilterOption]
    error: LocalizedText | str = ""

    @property
    def input_id(self) -> str:
        return f"filter-{self.name}"

    @property
    def has_options(self) -> bool:
        """Return whether the field offers anything but "any"."""
        return self.type != "select" or any(option.value for option in self.options)

    @property
    def input_type(self) -> str:
        """HTML input type of the field.

        It is "text" if a date input would not display the invalid value.
        """
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
    """A list filter that is set, and the URL of the list without that filter."""

    label: LocalizedText | str
    remove_url: str


def countable_filters(kind: Kind) -> list[str]:
    """Return the filters of ``kind`` whose options the form shows with their counts."""
    return [name for name in kind.filters if name not in _HIDDEN_UNLESS_SET]


def filter_context(
    kind: Kind,
    query: FilterQuery,
    request: HttpRequest,
    names: DisplayNames,
    *,
    extra_values: Mapping[str, Collection[str]] | None = None,
    language: Language,
    counts: Mapping[str, Mapping[str, int | None]] | None = None,
) -> dict:
    """Return the template context of the filter form and the active filters.

    The context is for ``components/filters.html``; ``filter_values`` are the parameters
    that links must repeat. ``extra_values`` maps a parameter to valid values that the
    form does not offer. ``counts`` has the number of records by parameter and option
    (see ``count_options``): options that are missing there are left out, and so are
    filters without options; one with None is offered without a number. A filter without
    counts offers all its options.
    """
    counts = counts or {}
    fields = [
        _build_field(parameter, kind, query, names, language, counts.get(parameter))
        for parameter in sorted(kind.filters, key=_FORM_ORDER.index)
        if parameter not in _HIDDEN_UNLESS_SET or parameter in query.values
    ]
    unknown = unknown_parameters(query, kind, names, extra_values or {})
    links = link_parameters(request, query.used)
    active = [
        ActiveFilter(
            _selected_label(field),
            change_query(links, {field.name: None, "page": None}),
        )
        for field in fields
        if field.value and not query.errors
    ]
    return {
        **fields_context(fields),
        "unknown_values": [
            unknown_value(parameter, query.values[parameter]) for parameter in unknown
        ],
        "filter_values": query.used,
        "active_filters": active,
        "clear_url": request.path if active else "",
    }


def fields_context(fields: list[FilterField]) -> dict:
    """Return the template context of the fields of a filter form.

    The first _FIRST_FILTERS are visible, the others are under "More filters". Fields
    without options are left out, and the places of the others do not depend on that.
    """
    first_fields, more_fields = (
        [field for field in part if field.has_options]
        for part in (fields[:_FIRST_FILTERS], fields[_FIRST_FILTERS:])
    )
    return {
        "filter_fields": first_fields,
        "more_filter_fields": more_fields,
        "is_more_open": any(field.value for field in more_fields),
        "filter_errors": [field for field in fields if field.error],
    }


def unknown_parameters(
    query: FilterQuery,
    kind: Kind,
    names: DisplayNames,
    extra_values: Mapping[str, Collection[str]],
) -> list[str]:
    """Return the filter parameters whose value is unknown or not public."""
    return [
        parameter
        for parameter, value in query.used.items()
        if parameter not in _FREE_VALUE_PARAMETERS
        and value not in extra_values.get(parameter, ())
        and not _is_known(parameter, value, kind, names)
    ]


def _is_known(parameter: str, value: str, kind: Kind, names: DisplayNames) -> bool:
    if parameter == "country":
        return value.upper() in names.countries
    if parameter == "topic":
        return value in names.topics
    if parameter in RECORD_FILTERS:
        return Entry.objects.of_kind(parameter).filter(code=value).exists()
    choices = kind.choices.get(parameter)
    return choices is None or value in {code for code, _label in choices.choices}


def unknown_value(parameter: str, value: str) -> LocalizedText:
    """Return the message about a filter parameter with an unknown value."""
    label = _LABELS[parameter]
    return whole_text(
        lambda: (
            _("%(filter)s: “%(value)s” is not an option.")
            % {"filter": label, "value": value}
        ),
        _("%(filter)s: “%(value)s” is not an option."),
        label,
    )


def _build_field(
    parameter: str,
    kind: Kind,
    query: FilterQuery,
    names: DisplayNames,
    language: Language,
    counts: Mapping[str, int | None] | None,
) -> FilterField:
    value = query.values.get(parameter, "")
    selected = value.upper() if parameter == "country" else value
    choices = _get_choices(parameter, kind, names, selected)
    if parameter == "year" and counts is not None:
        choices = [
            (year, format_period(dt.date(int(year), 1, 1), None, "year", language))
            for year in sorted(counts, reverse=True)
        ]
    options = [
        FilterOption(
            code,
            label,
            code == selected,
            count=None if counts is None else counts.get(code, 0),
        )
        for code, label in choices
        if counts is None or code in counts or code == selected
    ]
    if options or parameter in _RECORD_KEYS or counts is not None:
        options.insert(0, FilterOption("", _("All"), not value))
        if not any(option.is_selected for option in options):
            options.append(FilterOption(value, value, is_selected=True, is_known=False))
    input_type = "select" if options else _INPUT_TYPES.get(parameter, "text")
    error = query.error_message(parameter)
    return FilterField(
        parameter, str(_LABELS[parameter]), input_type, value, options, error
    )


def _get_choices(
    parameter: str, kind: Kind, names: DisplayNames, selected: str
) -> list[tuple[str, LocalizedText | str]]:
    if parameter == "country":
        return list(names.countries_to_choose(selected).items())
    if parameter == "topic":
        return list(names.topics.items())
    codes = kind.choices.get(parameter) or SHARED_FILTER_CHOICES.get(parameter)
    return [(code, capfirst(label)) for code, label in codes.choices] if codes else []


def _selected_label(field: FilterField) -> LocalizedText | str:
    # A number says nothing without the name of its filter.
    for option in field.options if field.name != "year" else ():
        # The label may be equal to the value ("prosecutors"), so test ``is_known``
        # instead.
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
    """Pagination of a list of ``total`` records, which are counted up to COUNT_LIMIT.

    ``has_more``: there are more records than COUNT_LIMIT, and no page shows them.
    """

    query: QueryDict
    number: int
    total: int
    size: int

    @property
    def count(self) -> int:
        return min(self.total, COUNT_LIMIT)

    @property
    def has_more(self) -> bool:
        return self.total > COUNT_LIMIT

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
        previous = self.number - 1
        return change_query(
            self.query, {"page": str(previous) if previous > 1 else None}
        )

    @property
    def next_url(self) -> str:
        return change_query(self.query, {"page": str(self.number + 1)})


def parse_page_number(query: QueryDict) -> int:
    """Return the requested page number, from 1; a malformed number is ignored.

    Raise PageLimitExceeded for a page above MAX_PAGES.
    """
    number = last_page(query)
    if number > MAX_PAGES:
        message = interface_text(
            _("Only %(most)s pages are shown. Use filters to narrow the list."),
            {"most": MAX_PAGES},
        )
        raise PageLimitExceeded(message)
    return number


def parameters(request: HttpRequest) -> QueryDict:
    """Return the query parameters of a public URL, or none if there are too many.

    Pages ignore unknown parameters, whatever their number.
    """
    try:
        return request.GET
    except TooManyFieldsSent:
        return QueryDict()


def link_parameters(request: HttpRequest, values: Mapping[str, str]) -> QueryDict:
    """Return the query parameters for links from a list to itself.

    They are ``values`` and the setting for larger text, in the order of the requested
    URL. Other parameters, such as those added by messengers to shared links, are
    dropped.
    """
    link_query = QueryDict(mutable=True)
    query = parameters(request)
    for name in query:
        if name in values:
            link_query[name] = values[name]
        elif name == "text" and _last_size(query) == "large":
            link_query[name] = "large"
    return link_query


def _last_size(query: QueryDict) -> str:
    sizes = [size for size in query.getlist("text") if size in ("large", "normal")]
    return sizes[-1] if sizes else ""


def change_query(query: QueryDict, changes: dict[str, str | None]) -> str:
    """Return the query string of a URL with some parameters changed or removed.

    A parameter with the value None is removed.
    """
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}" if changed else "?"
