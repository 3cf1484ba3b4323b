"""Catalogue entries as a reader sees them in lists."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.catalogue.models import Entry
from portal.catalogue.naming import form_title
from portal.catalogue.period import Period
from portal.catalogue.registry import Kind, kind_of
from portal.directory.names import Names, names_of
from portal.languages import BY_CODE, Language
from portal.translations.shown import Shown, choose


@dataclass(frozen=True)
class Card:
    """One entry in words. ``title`` is always there; ``summary`` may be None.

    ``period`` is None for kinds that have no date, not for dates that are not known.
    """

    kind: str
    kind_label: str
    code: str
    title: Shown
    summary: Shown | None
    url: str
    period: Period | None
    countries: list[Shown]
    places: list[Shown]
    state: str
    state_label: str
    languages: list[Language]
    facts: dict
    is_sample: bool = False

    @property
    def elsewhere(self) -> Shown | None:
        """The first of its texts that is not in the reader's own words, if any."""
        texts = [text for text in (self.title, self.summary) if text]
        return next(
            (text for text in texts if text.is_fallback or text.is_converted), None
        )


def names_for(
    entries: Iterable[Entry], language: Language, *, with_topics: bool = False
) -> Names:
    """The names that the cards of ``entries`` need, in one query."""
    places = {key for entry in entries for key in entry.places}
    return names_of(language, places=places, with_topics=with_topics)


def cards(entries: Iterable[Entry], names: Names, language: Language) -> list[Card]:
    """Cards for a reader of ``language``, in the active language; no query.

    ``entries`` come through ``shown_in(language)``.
    """
    return [_card(entry, names, language) for entry in entries]


def _card(entry: Entry, names: Names, language: Language) -> Card:
    kind = kind_of(entry.kind)
    titles = {text.language: text.title for text in entry.texts_read}
    summaries = {text.language: text.summary for text in entry.texts_read}
    return Card(
        kind=entry.kind,
        kind_label=str(kind.label),
        code=entry.code,
        title=choose(titles, language) or _named(kind, entry, names, language),
        summary=choose(summaries, language),
        url=_address(kind, entry, language),
        period=entry.period if kind.is_dated else None,
        countries=[
            names.countries[code] for code in entry.countries if code in names.countries
        ],
        places=[names.places[key] for key in entry.places if key in names.places],
        state=entry.state,
        state_label=_state_label(kind, entry.state),
        languages=[BY_CODE[code] for code in entry.languages],
        facts=entry.facts,
        is_sample=entry.is_sample,
    )


def _address(kind: Kind, entry: Entry, language: Language) -> str:
    path = entry.path or (kind.place_of(entry) if kind.place_of else "")
    return f"/{language.code}/{path}" if path else ""


def _state_label(kind: Kind, state: str) -> str:
    return str(kind.choices["state"](state).label) if state else ""


def _named(kind, entry: Entry, names: Names, language: Language) -> Shown:
    """The record's name as a sentence of the interface, else its code."""
    if kind.sentence is None:
        return Shown(entry.code, language)
    return form_title(kind, entry.facts, names.of_countries, language)
