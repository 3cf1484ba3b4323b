"""Catalogue entries as calendars and feeds tell them."""

import datetime as dt
from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.catalogue.models import Entry
from portal.catalogue.registry import kind_of
from portal.directory.cards import Card, cards
from portal.directory.names import Names, names_of
from portal.feeds.calendars import Event, TimedPart
from portal.feeds.news import Item
from portal.feeds.wording import with_words
from portal.languages import Language
from portal.translations.interface import interface_text
from portal.translations.shown import Shown, choose


def names_in(entries: Iterable[Entry], language: Language) -> Names:
    """The names of places, topics and countries that entries and their parts need."""
    places = {key for entry in entries for key in entry.places}
    places |= {part["place"] for entry in entries for part in entry.programme} - {""}
    return names_of(language, places=places, with_topics=True)


def events_of(entries: list[Entry], names: Names, language: Language) -> list[Event]:
    """Entries that are known to the day as events, in the active language; no query."""
    return [
        _event(entry, card, names, language)
        for entry, card in zip(entries, cards(entries, names, language), strict=True)
    ]


def _event(entry: Entry, card: Card, names: Names, language: Language) -> Event:
    return Event(
        kind=entry.kind,
        code=entry.code,
        title=_title(entry, card),
        summary=card.summary,
        url=card.url,
        first=entry.starts_on,
        last=entry.last_on,
        state=entry.state,
        places=card.places,
        categories=[
            label for _code, label in _categories(entry, card, names, language)
        ],
        sequence=entry.sequence,
        changed_at=entry.content_changed_at,
        parts=[_part(told, card, names, language) for told in entry.programme],
    )


def _title(entry: Entry, card: Card) -> Shown:
    """Who reads elsewhere that something is a sample can be told by the title only."""
    if not entry.is_sample:
        return card.title
    return with_words(card.title, lambda name: _("Sample: %(title)s") % name)


def _part(told: dict, card: Card, names: Names, language: Language) -> TimedPart:
    own = names.places.get(told["place"])
    label = capfirst(kind_of(card.kind).programme(told["kind"]).label)
    ends_at = told["ends_at"]
    return TimedPart(
        key=str(told["key"]),
        title=choose(told["titles"], language) or interface_text(label),
        starts_at=dt.datetime.fromisoformat(told["starts_at"]),
        ends_at=dt.datetime.fromisoformat(ends_at) if ends_at else None,
        zone=told["zone"],
        places=[own] if own else card.places,
    )


def items_of(entries: list[Entry], names: Names, language: Language) -> list[Item]:
    """Entries as items of a feed, in the active language; no query."""
    return [
        Item(
            kind=entry.kind,
            code=entry.code,
            title=_title(entry, card),
            summary=card.summary,
            url=card.url,
            period=entry.period.iso,
            published_at=entry.published_at,
            changed_at=entry.changed_at,
            categories=_categories(entry, card, names, language),
        )
        for entry, card in zip(entries, cards(entries, names, language), strict=True)
    ]


def _categories(
    entry: Entry, card: Card, names: Names, language: Language
) -> list[tuple[str, Shown]]:
    """The kind in the language of the interface, then the topics in their own."""
    topics = [(key, names.topics[key]) for key in entry.topics if key in names.topics]
    kind = interface_text(capfirst(card.kind_label))
    return [(entry.kind, kind), *topics]
