"""Registry of the kinds of public record; apps register theirs in ``catalogue.py``."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from django.db import models

from portal.content.catalogue.period import NO_DATE, Period
from portal.content.catalogue.title_names import TitleNames
from portal.core.translations.localized_text import LocalizedText


@dataclass(frozen=True)
class EntryData:
    """Catalogue data of one published record, as built by its app.

    Everything in it is public; it contains no personal data.

    ``path`` is the path of the record's page after the language prefix
    (``seminars/SEM-0001/``), empty if the record has no page of its own. ``texts`` maps
    a language code to (title, summary). The title is ``""`` where none is written; it
    may then be formed from ``facts``, which also hold the values shown on cards
    (``scope`` of an event) and those that place the record in lists (``part``,
    ``rank``). ``tags`` maps a filter parameter to its values, in addition to
    ``countries``, ``topics`` and ``places``, which are lists of keys. ``participants``
    is the reported number of participants, None if no source gives one. ``programme``
    lists the parts that have a time, in the order of the record. Each is a dict with
    ``key`` (stable within the record), ``kind``, ``starts_at`` and ``ends_at`` (ISO
    8601 in UTC; ``ends_at`` is ``""`` if unknown), ``zone`` (time zone), ``place`` (a
    key or ``""``) and ``titles`` by language. ``bodies`` are further texts for the
    search index: pairs of language code (``""`` if unknown) and text. ``names`` are
    further names of the record, in the same form, that search treats like titles.
    ``number`` is the record's own number in a series: 15 for the 15th edition.
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
    names: list[tuple[str, str]] = field(default_factory=list)
    number: int | None = None


@dataclass(frozen=True)
class Content:
    """Data for API responses about one record, in addition to its catalogue entry.

    ``values`` is serialisable as JSON. It holds the fields of the record in all written
    languages and, for every related row, its key and whether it is public. ``names``
    are the keys of rows whose names the responses contain, by axis (``country``,
    ``place``, ``topic``, ``organ``); the catalogue loads these names. ``rows`` are all
    other rows that were read (``directory.place:12``), ``hosts`` the hosts of the
    sources.
    """

    values: dict
    names: Mapping[str, set[str]] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Subgroup:
    """A subset of the records of a kind, grouped separately on some pages.

    Country and organ pages show each subgroup under its own heading. Entries in the
    subgroup have ``code`` as their fact ``part``; "" is the code of all entries without
    that fact. ``filters`` are the list filters that select exactly these records: None
    if the list cannot be filtered to them, {} if they are the whole list.
    """

    code: str
    label: str
    filters: Mapping[str, str] | None = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A kind of public record: its code, its model and the functions for its entries.

    ``code`` is stored and public and never changes. ``build_entry(record)`` returns the
    EntryData of a record. ``prefetch(records)`` is a context manager that preloads the
    relations ``build_entry`` reads, in a fixed number of queries.
    ``read_contents(records)`` returns the Content of each record by primary key; it is
    called inside ``prefetch``, and its number of queries does not depend on the number
    of records.

    ``title_facts(record, links)`` returns the facts from which a title is formed;
    ``links`` maps the relations of the record to their links. ``build_entry`` includes
    them in the facts of the entry. ``title_from_facts(facts, names)`` returns the title
    in the active language, which is the language of ``names``, or None if the facts are
    too few for a title; ``untitled`` is the title of a record that has no title in any
    language either. ``title_keys`` maps an axis of names (``country``, ``organ``,
    ``place``, ``topic``) to the facts that hold keys of it. ``fallback_path(entry)``
    returns the path, after the language prefix, of the page that shows a record without
    a page of its own.

    ``filters`` are the list filters that apply to this kind; ``choices`` has the
    choices of those filters that the model enumerates. ``list_url_name`` is the URL
    name of the list, "" if there is none. ``subgroups`` are shown separately on country
    and organ pages. ``is_dated``: a missing date of a record is a gap in the data.
    ``is_event``: the record is a gathering of people on its date and appears in
    calendars. ``programme_choices`` labels the ``kind`` of the parts of a programme.
    ``related_limit`` is the number of its records that a country or organ page shows in
    each subgroup; the rest is linked.
    ``uses_file_publicly(stored_file, at)`` returns whether rows of the kind's own app,
    which are neither attachments nor pictures, show a file on a published record.
    """

    code: str
    model: type[models.Model]
    label: str
    label_plural: str
    build_entry: Callable[[models.Model], EntryData]
    read_contents: Callable[[Sequence[models.Model]], Mapping[int, Content]]
    prefetch: Callable[[Sequence[models.Model]], AbstractContextManager] = nullcontext
    title_facts: Callable[[models.Model, Mapping[str, Sequence]], dict] | None = None
    title_from_facts: Callable[[Mapping, TitleNames], LocalizedText | None] | None = (
        None
    )
    untitled: str = ""
    title_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fallback_path: Callable[[models.Model], str] | None = None
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
    list_url_name: str = ""
    subgroups: tuple[Subgroup, ...] = ()
    is_dated: bool = True
    is_event: bool = False
    programme_choices: type[models.TextChoices] | None = None
    related_limit: int = 5
    uses_file_publicly: Callable[[models.Model, dt.datetime], bool] | None = None


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Register a record kind. Raise ValueError if another model uses the same code."""
    if kind.code in _kinds and _kinds[kind.code].model is not kind.model:
        message = f"Record kind {kind.code!r} is already registered for another model."
        raise ValueError(message)
    _kinds[kind.code] = kind


def all_kinds() -> list[Kind]:
    """Return all registered kinds, in the order of INSTALLED_APPS."""
    return list(_kinds.values())


def get_kind(code: str) -> Kind:
    """Return the kind with this code; raise KeyError if there is none."""
    return _kinds[code]
