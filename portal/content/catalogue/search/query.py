"""Parse and validate the query parameters of a search."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.content.catalogue.filters import (
    FilterError,
    FilterQuery,
    last_page,
    parse_filters,
    read_filters,
)
from portal.content.catalogue.registry import all_kinds
from portal.content.catalogue.search.marker_tokens import FILTER_PARAMETERS
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText

MAX_QUERY_LENGTH = 200
ORDERS = ("best", "newest")
PAGE_SIZE = 20
PARAMETERS = ("q", *FILTER_PARAMETERS, "order", "page")


class SearchQueryError(FilterError):
    """The search text is invalid; the message gives the reason."""


@dataclass(frozen=True)
class SearchQuery:
    """A parsed search request.

    ``q`` is the search text, ``filters`` maps filter parameters to values, ``order`` is
    one of ORDERS, and ``page`` starts at 1. ``text_error`` is the reason why the text
    of a page's URL was not used, "" if it was; then ``q`` is empty.
    """

    q: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    order: str = "best"
    page: int = 1
    text_error: LocalizedText | str = ""


def parse_search_query(query: Mapping) -> SearchQuery:
    """Parse a search request of the API strictly.

    ``query`` is a QueryDict; parameters other than PARAMETERS are ignored. Empty values
    are ignored. Raise FilterError for a value that is malformed or repeated.
    """
    submitted = {}
    for parameter in PARAMETERS:
        values = query.getlist(parameter)
        if len(values) > 1:
            raise FilterError(
                parameter,
                values[1],
                _("Use each parameter in the web address only once."),
            )
        if values and values[0]:
            submitted[parameter] = values[0]
    parse_filters(query, FILTER_PARAMETERS)
    return SearchQuery(
        q=validate_query_text(submitted.get("q", "")).strip(),
        order=_validate_choice("order", submitted.get("order", "best"), ORDERS),
        page=_parse_page(submitted.get("page", "1")),
        filters={
            parameter: _PARSERS[parameter](parameter, submitted[parameter])
            for parameter in FILTER_PARAMETERS
            if parameter in submitted
        },
    )


def read_search(query: Mapping) -> tuple[SearchQuery, FilterQuery]:
    """Parse a search request of a page leniently.

    ``query`` is a QueryDict. Return the request and its filter parameters, which are
    parsed as in :func:`~portal.content.catalogue.filters.read_filters` and may have
    unknown values. An unknown order and a malformed page number are ignored. Characters
    that cannot be searched for, such as control characters, count as spaces.
    """
    filters = read_filters(query, FILTER_PARAMETERS)
    texts = [value for value in query.getlist("q") if value]
    text, text_error = texts[-1] if texts else "", ""
    try:
        text = validate_query_text(
            "".join(" " if _is_invalid_character(c) else c for c in text)
            if len(text) <= MAX_QUERY_LENGTH
            else text
        )
    except SearchQueryError as error:
        text, text_error = "", error.message
    orders = [value for value in query.getlist("order") if value in ORDERS]
    search_query = SearchQuery(
        q=text.strip(),
        order=orders[-1] if orders else "best",
        page=last_page(query),
        filters={
            parameter: value.upper() if parameter == "country" else value
            for parameter, value in filters.used.items()
        },
        text_error=text_error,
    )
    return search_query, filters


def validate_query_text(q: str) -> str:
    """Return the search text unchanged if it is valid.

    Raise SearchQueryError if the text is too long or has invalid characters.
    """
    if len(q) > MAX_QUERY_LENGTH:
        message = interface_text(
            _(
                "Your search must be %(limit)s characters or fewer. You entered "
                "%(length)s."
            ),
            {"limit": MAX_QUERY_LENGTH, "length": len(q)},
        )
        raise SearchQueryError("q", q, message)
    if any(_is_invalid_character(character) for character in q):
        message = _("Your search contains a character that cannot be read.")
        raise SearchQueryError("q", q, message)
    return q


def _is_invalid_character(character: str) -> bool:
    # The replacement character stands for bytes that are not UTF-8; Cc are control
    # characters, Cs are single surrogates.
    return character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cs")


def _validate_choice(parameter: str, value: str, allowed) -> str:
    if value not in allowed:
        message = interface_text(
            _("Choose one of these: %(allowed)s."), {"allowed": ", ".join(allowed)}
        )
        raise FilterError(parameter, value, message)
    return value


def _parse_kind(parameter: str, value: str) -> str:
    return _validate_choice(parameter, value, [kind.code for kind in all_kinds()])


def _parse_country(parameter: str, value: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", value):
        raise FilterError(parameter, value, _("Enter the 2-letter country code."))
    return value.upper()


def _parse_page(value: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,5}", value):
        raise FilterError("page", value, _("The page number must be 1 or more."))
    return int(value)


def _unchanged(_parameter: str, value: str) -> str:
    return value


# ``parse_filters`` has validated the year before.
_PARSERS = {"kind": _parse_kind, "country": _parse_country, "year": _unchanged}
