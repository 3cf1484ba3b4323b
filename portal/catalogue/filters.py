"""List filters: the same parameters on pages, feeds, calendars and the API.

``parse_filters`` is strict (API); ``read_filters`` is lenient (everything else).
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.catalogue.choices import BROAD_WORDS, NOT_DONE, SHARED_CHOICES
from portal.catalogue.period import FIRST_YEAR, LAST_YEAR
from portal.translations.interface import interface_text
from portal.translations.shown import Shown

# Words whose values are tags of an entry.
TAG_WORDS = ("country", "organ", "topic", "kind", "scope", "direction")
_TAG = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")
# The Buddhist era of Thailand, Laos and Cambodia is this many years ahead.
_BUDDHIST = 543


class BadFilter(ValueError):
    """A filter word has a value that cannot be used.

    ``word`` and ``value`` are what was given; ``remedy`` says what to do.
    """

    def __init__(self, word: str, value: str, remedy: Shown | str):
        self.word, self.value, self.remedy = word, value[:100], remedy
        super().__init__(remedy)


class MalformedFilter(BadFilter):
    """The value has not the form of its filter at all.

    Messengers and advertisers add parameters to shared links, one of them ``from``:
    pages, feeds and calendars ignore such values.
    """


@dataclass(frozen=True)
class ListFilters:
    """Parsed filter words. ``tags`` maps a word to the values asked for.

    ``done`` leaves out what is planned, postponed or cancelled; ``dated`` asks for
    records with a date (True) or without one (False).
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
        """Whether they let so many through that the first few are near in any order."""
        narrow = self.year or self.since or self.until or self.as_of
        return not narrow and set(self.tags) <= set(BROAD_WORDS)

    def __bool__(self):
        return self != ListFilters()


@dataclass(frozen=True)
class FilterQuery:
    """The filter parameters of a public address.

    ``filters`` are empty if there are ``errors``, which map a parameter to what is
    wrong with it. ``values`` are the values as they were given, also the refused ones;
    malformed values are in none of the three.
    """

    filters: ListFilters
    values: dict[str, str]
    errors: dict[str, BadFilter]

    def remedy(self, word: str) -> Shown | str:
        """What to do about the error of a parameter, "" if it has none."""
        error = self.errors.get(word)
        return error.remedy if error else ""

    @property
    def used(self) -> dict[str, str]:
        """The values that the list is filtered by."""
        return {} if self.errors else self.values


def read_filters(query: Mapping, words: tuple[str, ...]) -> FilterQuery:
    """The filters in ``query`` (a QueryDict), of those in ``words``, for readers.

    Malformed and empty values are ignored. Of a repeated parameter the last of the
    other values counts. Impossible values and contradictions are collected as errors.
    """
    values, parsed, errors = {}, {}, {}
    for word in words:
        for value in reversed(query.getlist(word)):
            try:
                parsed[word] = _parse(word, value)
            except MalformedFilter:
                continue
            except BadFilter as error:
                errors[word] = error
            values[word] = value
            break
    for error in _contradictions(parsed, values):
        errors.setdefault(error.word, error)
    filters = ListFilters() if errors else _filters_from(parsed)
    return FilterQuery(filters, values, errors)


def parse_filters(query: Mapping, words: tuple[str, ...]) -> ListFilters:
    """The filters that ``query`` (a QueryDict) asks for, of those in ``words``.

    Empty values count as not given. Raises :class:`BadFilter` for a value that is
    malformed, impossible, given twice, or contradicts another.
    """
    values, parsed = {}, {}
    for word in words:
        given = [value for value in query.getlist(word) if value != ""]
        if len(given) > 1:
            raise BadFilter(word, given[1], _("Give this filter once."))
        if given:
            values[word] = given[0]
            parsed[word] = _parse(word, given[0])
    for error in _contradictions(parsed, values):
        raise error
    return _filters_from(parsed)


def last_page(query: Mapping) -> int:
    """The last well-formed value of ``page`` in ``query`` (a QueryDict), 1 if none."""
    numbers = [
        value
        for value in query.getlist("page")
        # Python refuses to parse numbers of more than 4,300 digits.
        if re.fullmatch("[1-9][0-9]{0,999}", value)
    ]
    return int(numbers[-1]) if numbers else 1


def _parse(word: str, value: str):
    """The parsed value of one parameter; raises BadFilter."""
    if word in TAG_WORDS:
        return _tag(word, value)
    return _READ[word][1](word, value)


def _filters_from(parsed: dict) -> ListFilters:
    return ListFilters(
        tags={word: (value,) for word, value in parsed.items() if word in TAG_WORDS},
        **{_READ[word][0]: value for word, value in parsed.items() if word in _READ},
    )


def _contradictions(parsed: dict, values: dict[str, str]) -> Iterator[BadFilter]:
    """Errors of values that are possible, but not together."""
    since, until = parsed.get("from"), parsed.get("to")
    if since and until and since > until:
        yield BadFilter("from", values["from"], _("“from” must not be after “to”."))
    if parsed.get("dated") is False and {"year", "from", "to", "as_of"} & set(values):
        remedy = _("Records without a date cannot be asked for by date.")
        yield BadFilter("dated", values["dated"], remedy)
    if parsed.get("done") and set(parsed.get("state", ())) & set(NOT_DONE):
        remedy = _("Ask for this state, or for what has taken place, not for both.")
        yield BadFilter("done", values["done"], remedy)


def _tag(word: str, value: str) -> str:
    if not _TAG.fullmatch(value):
        remedy = _("Use letters, digits, “-” and “_” only.")
        raise MalformedFilter(word, value, remedy)
    return value.upper() if word == "country" else value


def _state(word: str, value: str) -> tuple[str]:
    return (_tag(word, value),)


def _yes_or_no(word: str, value: str) -> bool:
    allowed = SHARED_CHOICES[word].values
    if value not in allowed:
        remedy = interface_text(
            _("Use one of these: %(allowed)s."), {"allowed": ", ".join(allowed)}
        )
        raise MalformedFilter(word, value, remedy)
    return value == "yes"


def _year(word: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", value):
        raise MalformedFilter(word, value, _("Write the year with four digits."))
    _check_year(word, value, int(value))
    return int(value)


def _day(word: str, value: str) -> dt.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        remedy = _("Write the day as YYYY-MM-DD, e.g. 2018-12-31.")
        raise MalformedFilter(word, value, remedy)
    _check_year(word, value, int(value[:4]))
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        remedy = _("This date does not exist. Check the month and the day.")
        raise BadFilter(word, value, remedy) from None


def _check_year(word: str, value: str, year: int) -> None:
    """Raise BadFilter for a year in which no record can be."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        return
    if FIRST_YEAR <= year - _BUDDHIST <= LAST_YEAR:
        remedy = _(
            "The year %(year)s is of the Buddhist era. "
            "Write the year %(common)s of the common calendar."
        )
        years = {"year": year, "common": year - _BUDDHIST}
    else:
        remedy = _("Use a year from %(first)s to %(last)s.")
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
    raise BadFilter(word, value, interface_text(remedy, years))


# Filter word → field of ListFilters, and how its value is read.
_READ = {
    "state": ("state", _state),
    "year": ("year", _year),
    "from": ("since", _day),
    "to": ("until", _day),
    "as_of": ("as_of", _day),
    "done": ("done", _yes_or_no),
    "dated": ("dated", _yes_or_no),
}
