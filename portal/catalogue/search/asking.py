"""Reading a search request: what is asked, and whether it can be."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.catalogue.filters import (
    BadFilter,
    FilterQuery,
    last_page,
    parse_filters,
    read_filters,
)
from portal.catalogue.registry import kinds
from portal.catalogue.search.marks import FILTER_WORDS
from portal.translations.interface import interface_text

LONGEST = 200
ORDERS = ("best", "newest")
PAGE_SIZE = 20
WORDS = ("q", *FILTER_WORDS, "order", "page")


class BadQuery(BadFilter):
    """What was typed cannot be searched for; the message tells why."""


@dataclass(frozen=True)
class Asked:
    """A search request: ``q`` as typed, filters by word, order, and page from 1."""

    q: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    order: str = "best"
    page: int = 1


def asked(query: Mapping) -> Asked:
    """What ``query`` (a QueryDict) asks for; other words than WORDS are not looked at.

    Empty values count as not given. Raises :class:`BadFilter` for a value that is
    malformed or given twice.
    """
    given = {}
    for word in WORDS:
        values = query.getlist(word)
        if len(values) > 1:
            raise BadFilter(word, values[1], _("Give each word of the address once."))
        if values and values[0]:
            given[word] = values[0]
    parse_filters(query, FILTER_WORDS)
    return Asked(
        q=checked(given.get("q", "")).strip(),
        order=_one_of("order", given.get("order", "best"), ORDERS),
        page=_page(given.get("page", "1")),
        filters={
            word: _READ[word](word, given[word])
            for word in FILTER_WORDS
            if word in given
        },
    )


def read_search(query: Mapping) -> tuple[Asked, FilterQuery]:
    """The search in ``query`` (a QueryDict), and its filter parameters, for readers.

    Filters are read as in :func:`~portal.catalogue.filters.read_filters`; their values
    may be unknown. An unknown order and a malformed page count as not given. Raises
    :class:`BadQuery` for words that cannot be searched for.
    """
    filters = read_filters(query, FILTER_WORDS)
    words = [value for value in query.getlist("q") if value]
    orders = [value for value in query.getlist("order") if value in ORDERS]
    asked = Asked(
        q=checked(words[-1] if words else "").strip(),
        order=orders[-1] if orders else "best",
        page=last_page(query),
        filters={
            word: value.upper() if word == "country" else value
            for word, value in filters.used.items()
        },
    )
    return asked, filters


def checked(q: str) -> str:
    """``q`` itself; raises :class:`BadQuery` when it is too long or cannot be read."""
    if len(q) > LONGEST:
        remedy = interface_text(
            _("Search for %(limit)s characters at most; this is %(length)s."),
            {"limit": LONGEST, "length": len(q)},
        )
        raise BadQuery("q", q, remedy)
    if any(_is_unreadable(character) for character in q):
        remedy = _("What you typed has a character that cannot be read.")
        raise BadQuery("q", q, remedy)
    return q


def _is_unreadable(character: str) -> bool:
    # What a byte that is no UTF-8 becomes, controls, halves of a character.
    return character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cs")


def _one_of(word: str, value: str, allowed) -> str:
    if value not in allowed:
        remedy = interface_text(
            _("Use one of these: %(allowed)s."), {"allowed": ", ".join(allowed)}
        )
        raise BadFilter(word, value, remedy)
    return value


def _kind(word: str, value: str) -> str:
    return _one_of(word, value, [kind.code for kind in kinds()])


def _country(word: str, value: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", value):
        raise BadFilter(word, value, _("Write the country's code of two letters."))
    return value.upper()


def _page(value: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,5}", value):
        raise BadFilter("page", value, _("Write the page as a number from 1."))
    return int(value)


def _unchanged(_word: str, value: str) -> str:
    return value


# The year is checked with the filters of lists.
_READ = {"kind": _kind, "country": _country, "year": _unchanged}
