"""Cards: catalogue entries as displayed in lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from portal.content.catalogue.formed_titles import (
    choose_title,
    collect_keys_in_facts,
    collect_title_keys,
    get_written_titles,
    has_written_title,
)
from portal.content.catalogue.models import Entry
from portal.content.catalogue.period import Period
from portal.content.catalogue.registry import Kind, get_kind
from portal.content.catalogue.search.providers import collect_names
from portal.content.publishing.models import Publishable
from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.localized_text import (
    LocalizedText,
    choose_localized_text,
)
from portal.reference.directory.localized_names import DisplayNames, load_display_names
from portal.website.fallback_notice import (
    SUMMARY,
    TITLE,
    FallbackNotice,
    LabelledText,
    notice_of_texts,
)


@dataclass(frozen=True)
class Card:
    """Display data of one catalogue entry.

    ``title`` is always set, and ``title_without_date`` is the title for places that
    show the date beside it; ``summary`` may be None. ``period`` is None for kinds that
    have no date; a kind with dates has an empty period if the date is unknown.
    """

    kind: str
    kind_label: str
    code: str
    title: LocalizedText
    title_without_date: LocalizedText
    summary: LocalizedText | None
    url: str
    period: Period | None
    countries: list[LocalizedText]
    places: list[LocalizedText]
    state: str
    state_label: str
    languages: list[Language]
    facts: dict
    is_sample: bool = False

    @property
    def countries_beyond_places(self) -> list[LocalizedText]:
        """The countries without those that have the name of a place: Singapore."""
        named = {place.text for place in self.places}
        return [country for country in self.countries if country.text not in named]

    @cached_property
    def fallback_notice(self) -> FallbackNotice:
        """Which of title and summary are in another language."""
        return notice_of_texts(self.texts)

    @property
    def title_notice(self) -> FallbackNotice:
        """Whether the title is in another language, for lists without summaries."""
        return notice_of_texts(self.texts[:1])

    @property
    def texts(self) -> list[LabelledText]:
        """Title and summary with their labels; the title is the first."""
        return [(TITLE, self.title), (SUMMARY, self.summary)]


def load_card_names(
    entries: Iterable[Entry],
    language: Language,
    *,
    places: Iterable[str] = (),
    with_topics: bool = False,
) -> DisplayNames:
    """Load the display names that the cards of ``entries`` need.

    ``places`` are keys of further places.
    """
    entries = list(entries)
    keys = collect_title_keys(entries, language)
    return load_display_names(
        language,
        places={
            *places,
            *(key for entry in entries for key in entry.places),
            *keys.get("place", ()),
        },
        topics=keys.get("topic", ()),
        organs=keys.get("organ", ()),
        with_topics=with_topics,
    )


def load_titles(
    records: Iterable[Publishable | None],
    language: Language,
    *,
    with_date: bool = True,
) -> dict[Publishable, LocalizedText | None]:
    """Load the titles of published records that a page links, of one or several kinds.

    ``language`` must be the active language. Records that are None are left out. The
    number of queries does not depend on the number of records; there is none if all
    records have a written title in ``language``. ``with_date`` is False where the dates
    of the records are shown beside the titles.
    """
    written_titles = {
        record: get_written_titles(record, language) for record in records if record
    }
    untitled = {
        (record.kind, record.public_code)
        for record, titles in written_titles.items()
        if not has_written_title(titles, language)
    }
    facts, names = {}, {}
    if untitled:
        kinds, codes = zip(*untitled, strict=True)
        entries = Entry.objects.filter(kind__in=kinds, code__in=codes)
        facts = {
            (kind, code): entry_facts
            for kind, code, entry_facts in entries.values_list("kind", "code", "facts")
            if (kind, code) in untitled
        }
        names = collect_names(
            collect_keys_in_facts(
                (get_kind(kind), entry_facts)
                for (kind, _code), entry_facts in facts.items()
            )
        )
    return {
        record: choose_title(
            get_kind(record.kind),
            titles,
            facts.get((record.kind, record.public_code), {}),
            names,
            language,
            with_date=with_date,
        )
        for record, titles in written_titles.items()
    }


def build_cards(
    entries: Iterable[Entry], names: DisplayNames, language: Language
) -> list[Card]:
    """Build cards for readers of ``language``, without database queries.

    ``language`` must be the active language; ``entries`` must come from
    ``EntryQuerySet.with_texts_for(language)``.
    """
    return [_build_card(entry, names, language) for entry in entries]


def _build_card(entry: Entry, names: DisplayNames, language: Language) -> Card:
    kind = get_kind(entry.kind)
    summaries = {text.language: text.summary for text in entry.prefetched_texts}
    title = _choose_title(kind, entry, names, language)
    return Card(
        kind=entry.kind,
        kind_label=str(kind.label),
        code=entry.code,
        title=title,
        title_without_date=_choose_title_without_date(
            title, kind, entry, names, language
        ),
        summary=choose_localized_text(summaries, language),
        url=_entry_url(kind, entry, language),
        period=entry.period if kind.is_dated else None,
        countries=[
            names.countries[code] for code in entry.countries if code in names.countries
        ],
        places=[names.places[key] for key in entry.places if key in names.places],
        state=entry.state,
        state_label=_state_label(kind, entry.state),
        languages=[LANGUAGES_BY_CODE[code] for code in entry.languages],
        facts=entry.facts,
        is_sample=entry.is_sample,
    )


def _choose_title(
    kind: Kind,
    entry: Entry,
    names: DisplayNames,
    language: Language,
    *,
    with_date: bool = True,
) -> LocalizedText:
    title = choose_title(
        kind,
        entry.written_titles,
        entry.facts,
        names.texts,
        language,
        with_date=with_date,
    )
    return title or LocalizedText(entry.code, language)


def _choose_title_without_date(
    title: LocalizedText,
    kind: Kind,
    entry: Entry,
    names: DisplayNames,
    language: Language,
) -> LocalizedText:
    """Return the title of a card without the date, if ``title`` is formed with it."""
    if not (title.is_formed and entry.period):
        return title
    undated = _choose_title(kind, entry, names, language, with_date=False)
    # Without the message for the date, only the undated title is in ``language``; the
    # notices of the card are those of ``title``.
    return undated if undated.language is title.language else title


def _entry_url(kind: Kind, entry: Entry, language: Language) -> str:
    path = entry.path or (kind.fallback_path(entry) if kind.fallback_path else "")
    return f"/{language.code}/{path}" if path else ""


def _state_label(kind: Kind, state: str) -> str:
    return str(kind.choices["state"](state).label) if state else ""
