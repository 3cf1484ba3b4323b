"""List filters: the same words on pages, feeds, calendar and API."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.catalogue.choices import BROAD_WORDS, NOT_DONE, SHARED_CHOICES
from portal.translations.interface import interface_text
from portal.translations.shown import Shown

# Words whose values are tags of an entry.
TAG_WORDS = ("country", "organ", "topic", "kind", "scope", "direction")
_TAG = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")


class BadFilter(ValueError):
    """A filter word has a value that cannot be used.

    ``word`` and ``value`` are what was given; the message tells the remedy.
    """

    def __init__(self, word: str, value: str, remedy: Shown | str):
        self.word, self.value = word, value[:100]
        super().__init__(remedy)


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


def parse_filters(query: Mapping, words: tuple[str, ...]) -> ListFilters:
    """The filters that ``query`` (a QueryDict) asks for, of those in ``words``.

    Empty values count as not given. Raises :class:`BadFilter` for a value that is
    malformed, given twice, or contradicts another.
    """
    given = {}
    for word in words:
        values = [value for value in query.getlist(word) if value != ""]
        if len(values) > 1:
            raise BadFilter(word, values[1], _("Give this filter once."))
        if values:
            given[word] = values[0]
    filters = ListFilters(
        tags={
            word: (_tag(word, value),)
            for word, value in given.items()
            if word in TAG_WORDS
        },
        **{
            name: read(word, given[word])
            for word, (name, read) in _READ.items()
            if word in given
        },
    )
    _refuse_contradictions(filters, given)
    return filters


def _refuse_contradictions(filters: ListFilters, given: dict[str, str]) -> None:
    if filters.since and filters.until and filters.since > filters.until:
        raise BadFilter("from", given["from"], _("“from” must not be after “to”."))
    if filters.dated is False and {"year", "from", "to", "as_of"} & set(given):
        remedy = _("Records without a date cannot be asked for by date.")
        raise BadFilter("dated", given["dated"], remedy)
    if filters.done and set(filters.state) & set(NOT_DONE):
        remedy = _("Ask for this state, or for what has taken place, not for both.")
        raise BadFilter("done", given["done"], remedy)


def _tag(word: str, value: str) -> str:
    if not _TAG.fullmatch(value):
        raise BadFilter(word, value, _("Use letters, digits, “-” and “_” only."))
    return value.upper() if word == "country" else value


def _state(word: str, value: str) -> tuple[str]:
    return (_tag(word, value),)


def _yes_or_no(word: str, value: str) -> bool:
    allowed = SHARED_CHOICES[word].values
    if value not in allowed:
        remedy = interface_text(
            _("Use one of these: %(allowed)s."), {"allowed": ", ".join(allowed)}
        )
        raise BadFilter(word, value, remedy)
    return value == "yes"


def _year(word: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", value) or value == "0000":
        raise BadFilter(word, value, _("Write the year with four digits."))
    return int(value)


def _day(word: str, value: str) -> dt.date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise BadFilter(word, value, _("Write the day as YYYY-MM-DD, e.g. 2018-12-31."))


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
