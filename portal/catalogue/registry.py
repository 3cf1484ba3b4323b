"""The kinds of public record, each declared by its app in ``catalogue.py``."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from django.db import models

from portal.catalogue.period import NO_DATE, Period


@dataclass(frozen=True)
class Drawn:
    """What the catalogue keeps of one published record.

    ``path`` is the address behind the language prefix (``seminars/SEM-0001/``), empty
    for a record that has no page of its own.
    ``texts`` maps a language code to (title, summary); the title is ``""`` for a record
    named by a sentence from its ``facts``, which also hold what cards mark (``scope``
    of an event) and where it is shown (``part``, ``rank``). ``tags`` maps a filter word
    to its values beside ``countries``, ``topics`` and ``places``, which are keys.
    ``participants`` is how many took part as reported, None when no source says.
    ``programme`` lists the parts that have a time, in the order of the record: each a
    dict of ``key`` (never changes within the record), ``kind``, ``starts_at`` and
    ``ends_at`` (ISO 8601 in UTC, the latter ``""`` when not on record), ``zone``,
    ``place`` (a key or ``""``) and ``titles`` by language. ``bodies`` are what else it
    is found by: pairs of language code (``""``: not known) and text. All of it is shown
    to everyone somewhere; no person is named in it.
    """

    path: str
    texts: dict[str, tuple[str, str]]
    period: Period = NO_DATE
    state: str = ""
    zone: str = ""
    countries: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    tags: dict[str, list[str]] = field(default_factory=dict)
    facts: dict = field(default_factory=dict)
    participants: int | None = None
    programme: list[dict] = field(default_factory=list)
    bodies: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Content:
    """What API answers about one record are built from, in addition to its entry.

    ``values`` can be written as JSON and hold the fields of the record in all written
    languages, and of every related row its key and whether it is public. ``names`` are
    the keys of rows whose names the answers contain, by axis (``country``, ``place``,
    ``topic``, ``organ``); the catalogue looks the names up. ``rows`` are all other rows
    that were read (``directory.place:12``) and ``hosts`` those of the sources.
    """

    values: dict
    names: Mapping[str, set[str]] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """Records of a kind that the page of a country or an organ shows by themselves.

    Their entries carry ``code`` as the fact ``part``, "" for all that have none.
    ``words`` are the filter words by which the kind's list shows just these; None when
    it cannot, {} for the whole list.
    """

    code: str
    label: str
    words: Mapping[str, str] | None = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A kind of public record: its stable code, its model and how it is drawn.

    ``sentence(facts, country_names)`` names a record that has no written title, in the
    active language; ``country_names`` maps iso2 to the name shown to the reader.
    ``filters`` are the list filter words that mean something for this kind, ``choices``
    the labelled codes of those among them that the model itself enumerates.
    ``list_name`` names the address of its list, "" where it has none;
    ``parts`` are shown apart on pages about a country. ``gather(records)`` is a context
    in which what ``draw`` reads of them is at hand, however many there are.
    ``read_contents(records)`` returns, by primary key, what their API answers are built
    from; it is called within ``gather`` and makes as many queries for one record as for
    a hundred.
    ``place_of(entry)`` is the address, behind the language prefix, of the page that
    shows a record that has none of its own.
    ``is_dated``: a record of this kind has a date, or a gap for one; ``is_event``: on
    that date people come together, so calendars show it. ``programme`` labels the
    ``kind`` of the parts in its programme.
    """

    code: str
    model: type[models.Model]
    label: str
    label_plural: str
    draw: Callable[[models.Model], Drawn]
    read_contents: Callable[[Sequence[models.Model]], Mapping[int, Content]]
    gather: Callable[[Sequence[models.Model]], AbstractContextManager] = nullcontext
    sentence: Callable[[dict, Mapping[str, str]], str] | None = None
    place_of: Callable[[models.Model], str] | None = None
    filters: tuple[str, ...] = (
        "country",
        "topic",
        "year",
        "from",
        "to",
        "as_of",
        "dated",
    )
    choices: Mapping[str, type[models.TextChoices]] = field(default_factory=dict)
    list_name: str = ""
    parts: tuple[Part, ...] = ()
    is_dated: bool = True
    is_event: bool = False
    programme: type[models.TextChoices] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make ``kind`` known to the house; a code is registered once."""
    if kind.code in _kinds and _kinds[kind.code].model is not kind.model:
        message = f"Two apps declare the record kind {kind.code!r}."
        raise ValueError(message)
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    """All kinds, in the order of INSTALLED_APPS."""
    return list(_kinds.values())


def kind_of(code: str) -> Kind:
    """The kind with this code; KeyError when there is none."""
    return _kinds[code]
