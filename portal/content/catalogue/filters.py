"""List filters: the same query parameters for pages, feeds, calendars and the API.

``parse_filters`` rejects invalid values (API); ``read_filters`` ignores malformed
values and collects other errors (pages, feeds, calendars).
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.content.catalogue.choices import (
    BROAD_FILTERS,
    SHARED_FILTER_CHOICES,
    STATES_NOT_HELD,
)
from portal.content.catalogue.period import MAX_YEAR, MIN_YEAR
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText

# Filter parameters that match the tags of an entry.
TAG_FILTERS = ("country", "organ", "topic", "kind", "scope", "direction")
_TAG_PATTERN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")
# Years by which the Buddhist era of Thailand, Laos and Cambodia is ahead.
_BUDDHIST_ERA_OFFSET = 543


class FilterError(ValueError):
    """A filter parameter has an invalid value.

    ``parameter`` and ``value`` are its name and the submitted value, cut to 100
    characters; ``message`` is the text for the user on how to correct the value.
    """

    def __init__(self, parameter: str, value: str, message: LocalizedText | str):
        self.parameter, self.value, self.message = parameter, value[:100], message
        super().__init__(message)


class MalformedFilter(FilterError):
    """The value does not have the format of its filter.

    Pages, feeds and calendars ignore such values, because messengers and advertisers
    add their own parameters to shared links, among them ``from``.
    """


@dataclass(frozen=True)
class ListFilters:
    """Parsed list filters.

    ``tags`` maps a filter parameter to the accepted values. ``since`` and ``until`` are
    the parameters ``from`` and ``to``. ``done`` excludes planned, postponed and
    cancelled events; ``dated`` selects records with a date (True) or without a date
    (False).
    """

    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    state: tuple[str, ...] = ()
    year: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    as_of: dt.date | None = None
    done: bool = False
    dated: bool | None = None

    @property
    def is_broad(self) -> bool:
        """Return whether the filters match most records.

        A scan in any sort order then finds the first page quickly.
        """
        narrow = self.year or self.since or self.until or self.as_of
        return not narrow and set(self.tags) <= set(BROAD_FILTERS)

    def __bool__(self):
        return self != ListFilters()


@dataclass(frozen=True)
class FilterQuery:
    """The filter parameters of a public URL, parsed leniently.

    ``errors`` maps a parameter to its error; ``filters`` is empty if there are errors.
    ``values`` are the submitted values, including invalid ones. Malformed values are
    ignored and appear in none of the three.
    """

    filters: ListFilters
    values: dict[str, str]
    errors: dict[str, FilterError]

    def error_message(self, parameter: str) -> LocalizedText | str:
        """Return the error message of a parameter, "" if the parameter is valid."""
        error = self.errors.get(parameter)
        return error.message if error else ""

    @property
    def used(self) -> dict[str, str]:
        """The submitted filter values to apply to the list; empty if any is invalid."""
        return {} if self.errors else self.values


def read_filters(query: Mapping, parameters: tuple[str, ...]) -> FilterQuery:
    """Parse the filters of a page, feed or calendar URL leniently.

    ``query`` is a QueryDict, ``parameters`` the names of the filters to read. Malformed
    and empty values are ignored; of the remaining values of a repeated parameter the
    last one is used. Impossible values and contradictions are collected as errors.
    """
    values, parsed, errors = {}, {}, {}
    for parameter in parameters:
        for value in reversed(query.getlist(parameter)):
            try:
                parsed[parameter] = _parse(parameter, value)
            except MalformedFilter:
                continue
            except FilterError as error:
                errors[parameter] = error
            values[parameter] = value
            break
    for error in _find_contradictions(parsed, values):
        errors.setdefault(error.parameter, error)
    filters = ListFilters() if errors else _build_filters(parsed)
    return FilterQuery(filters, values, errors)


def parse_filters(query: Mapping, parameters: tuple[str, ...]) -> ListFilters:
    """Parse the filters of an API request strictly.

    ``query`` is a QueryDict, ``parameters`` the names of the filters to read. Empty
    values are ignored. Raise FilterError for a value that is malformed, impossible,
    repeated, or contradicts another value.
    """
    values, parsed = {}, {}
    for parameter in parameters:
        raw_values = [value for value in query.getlist(parameter) if value != ""]
        if len(raw_values) > 1:
            raise FilterError(parameter, raw_values[1], _("Use this filter only once."))
        if raw_values:
            values[parameter] = raw_values[0]
            parsed[parameter] = _parse(parameter, raw_values[0])
    for error in _find_contradictions(parsed, values):
        raise error
    return _build_filters(parsed)


def last_page(query: Mapping) -> int:
    """Return the last well-formed value of ``page`` in the QueryDict, 1 if none."""
    numbers = [
        value
        for value in query.getlist("page")
        # Python does not parse numbers of more than 4,300 digits.
        if re.fullmatch("[1-9][0-9]{0,999}", value)
    ]
    return int(numbers[-1]) if numbers else 1


def _parse(parameter: str, value: str):
    """Return the parsed value of one parameter; raise FilterError if it is invalid."""
    if parameter in TAG_FILTERS:
        return _parse_tag(parameter, value)
    return _PARSERS[parameter][1](parameter, value)


def _build_filters(parsed: dict) -> ListFilters:
    return ListFilters(
        tags={
            parameter: (value,)
            for parameter, value in parsed.items()
            if parameter in TAG_FILTERS
        },
        **{
            _PARSERS[parameter][0]: value
            for parameter, value in parsed.items()
            if parameter in _PARSERS
        },
    )


def _find_contradictions(parsed: dict, values: dict[str, str]) -> Iterator[FilterError]:
    """Yield a FilterError for each pair of filter values that contradict each other."""
    since, until = parsed.get("from"), parsed.get("to")
    if since and until and since > until:
        yield FilterError(
            "from",
            values["from"],
            _("“From date” must be the same as or before “To date”."),
        )
    if parsed.get("dated") is False and {"year", "from", "to", "as_of"} & set(values):
        message = _(
            "You cannot filter by date when you choose records with no known date."
        )
        yield FilterError("dated", values["dated"], message)
    if parsed.get("done") and set(parsed.get("state", ())) & set(STATES_NOT_HELD):
        message = _(
            "Choose a status or “Without planned, postponed and cancelled events”, "
            "not both."
        )
        yield FilterError("done", values["done"], message)


def _parse_tag(parameter: str, value: str) -> str:
    if not _TAG_PATTERN.fullmatch(value):
        message = _("Use only letters, numbers, “-” and “_”.")
        raise MalformedFilter(parameter, value, message)
    return value.upper() if parameter == "country" else value


def _parse_state(parameter: str, value: str) -> tuple[str]:
    return (_parse_tag(parameter, value),)


def _parse_yes_no(parameter: str, value: str) -> bool:
    allowed = SHARED_FILTER_CHOICES[parameter].values
    if value not in allowed:
        message = interface_text(
            _("Choose one of these: %(allowed)s."), {"allowed": ", ".join(allowed)}
        )
        raise MalformedFilter(parameter, value, message)
    return value == "yes"


def _parse_year(parameter: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", value):
        raise MalformedFilter(parameter, value, _("Year must include 4 numbers."))
    _check_year(parameter, value, int(value))
    return int(value)


def _parse_date(parameter: str, value: str) -> dt.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        message = _("Enter the date as YYYY-MM-DD, for example 2018-12-31.")
        raise MalformedFilter(parameter, value, message)
    _check_year(parameter, value, int(value[:4]))
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        message = _("This date does not exist. Check the month and the day.")
        raise FilterError(parameter, value, message) from None


def _check_year(parameter: str, value: str, year: int) -> None:
    """Raise FilterError unless ``year`` is within the range of possible years.

    The message converts years of the Buddhist era.
    """
    if MIN_YEAR <= year <= MAX_YEAR:
        return
    if MIN_YEAR <= year - _BUDDHIST_ERA_OFFSET <= MAX_YEAR:
        message = _("The year %(year)s is in the Buddhist calendar. Enter %(common)s.")
        years = {"year": year, "common": year - _BUDDHIST_ERA_OFFSET}
    else:
        message = _("Enter a year from %(first)s to %(last)s.")
        years = {"first": MIN_YEAR, "last": MAX_YEAR}
    raise FilterError(parameter, value, interface_text(message, years))


# Filter parameter → (field of ListFilters, function that parses the value).
_PARSERS = {
    "state": ("state", _parse_state),
    "year": ("year", _parse_year),
    "from": ("since", _parse_date),
    "to": ("until", _parse_date),
    "as_of": ("as_of", _parse_date),
    "done": ("done", _parse_yes_no),
    "dated": ("dated", _parse_yes_no),
}
