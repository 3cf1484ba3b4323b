"""Convert catalogue entries to calendar events and feed items."""

import datetime as dt
from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import get_kind
from portal.core.languages import Language
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import LocalizedText, choose_localized_text
from portal.reference.directory.localized_names import DisplayNames
from portal.website.cards import Card, build_cards, load_card_names
from portal.website.feeds.calendar import CalendarEvent, ProgrammeItem
from portal.website.feeds.feed import FeedItem
from portal.website.feeds.title_wrapping import wrap_title


def load_feed_names(entries: Iterable[Entry], language: Language) -> DisplayNames:
    """Load the names of the places, topics and countries of ``entries``.

    Includes the places of their programmes.
    """
    entries = list(entries)
    places = {part["place"] for entry in entries for part in entry.programme} - {""}
    return load_card_names(entries, language, places=places, with_topics=True)


def build_events(
    entries: list[Entry], names: DisplayNames, language: Language
) -> list[CalendarEvent]:
    """Return the calendar events of entries whose date is known to the day.

    Texts are in the active language. Makes no query: the entries must have their texts.
    """
    return [
        _build_event(entry, card, names, language)
        for entry, card in zip(
            entries, build_cards(entries, names, language), strict=True
        )
    ]


def _build_event(
    entry: Entry, card: Card, names: DisplayNames, language: Language
) -> CalendarEvent:
    return CalendarEvent(
        kind=entry.kind,
        code=entry.code,
        title=build_entry_title(entry, card),
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
        programme=[
            _build_programme_item(item, card, names, language)
            for item in entry.programme
        ],
    )


def build_entry_title(entry: Entry, card: Card) -> LocalizedText:
    """Return the title of an entry, marked with "Sample: …" if it is sample data.

    Outside the portal the title is the only place where the mark is visible.
    """
    if not entry.is_sample:
        return card.title
    return wrap_title(card.title, lambda name: _("Example: %(title)s") % name)


def _build_programme_item(
    item: dict, card: Card, names: DisplayNames, language: Language
) -> ProgrammeItem:
    """Build an event part from one item of an entry's programme.

    The part has the places of the event unless it has its own.
    """
    item_place = names.places.get(item["place"])
    label = capfirst(get_kind(card.kind).programme_choices(item["kind"]).label)
    ends_at = item["ends_at"]
    return ProgrammeItem(
        key=str(item["key"]),
        title=choose_localized_text(item["titles"], language) or interface_text(label),
        starts_at=dt.datetime.fromisoformat(item["starts_at"]),
        ends_at=dt.datetime.fromisoformat(ends_at) if ends_at else None,
        time_zone=item["zone"],
        places=[item_place] if item_place else card.places,
    )


def build_items(
    entries: list[Entry], names: DisplayNames, language: Language
) -> list[FeedItem]:
    """Return the feed items of entries, in the active language.

    Makes no query: the entries must have their texts.
    """
    return [
        FeedItem(
            kind=entry.kind,
            code=entry.code,
            title=build_entry_title(entry, card),
            summary=card.summary,
            url=card.url,
            period=entry.period.iso,
            published_at=entry.published_at,
            changed_at=entry.changed_at,
            categories=_categories(entry, card, names, language),
        )
        for entry, card in zip(
            entries, build_cards(entries, names, language), strict=True
        )
    ]


def _categories(
    entry: Entry, card: Card, names: DisplayNames, language: Language
) -> list[tuple[str, LocalizedText]]:
    """Return code and label of the record kind and of the entry's topics.

    The label of the kind is in the language of the interface, those of topics in the
    language of their names.
    """
    topics = [(key, names.topics[key]) for key in entry.topics if key in names.topics]
    kind = interface_text(capfirst(card.kind_label))
    return [(entry.kind, kind), *topics]
