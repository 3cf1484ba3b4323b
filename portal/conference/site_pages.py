"""Pages of the whole site that show editions and static pages: home and about."""

import datetime as dt

from django.db.models import prefetch_related_objects
from django.http import HttpResponseRedirect
from django.utils import timezone

from portal.content.catalogue.models import Entry
from portal.content.catalogue.querysets import prefetch_texts
from portal.content.catalogue.registry import all_kinds
from portal.content.figures.counting import headline_totals
from portal.content.figures.models import ReportedFigure
from portal.content.publishing.choices import EventState
from portal.content.publishing.public_sources import read_public_sources
from portal.core.languages import Language
from portal.website.base_views import PublicView
from portal.website.cards import build_cards, load_card_names
from portal.website.directory.country_tiles import build_country_tiles

MAX_CARDS = 6
# Maximum number of reported totals of which the newest per subject are shown.
MAX_TOTALS = 50


class HomeView(PublicView):
    """Home page: hero, upcoming and latest records, conferences, countries, figures."""

    template_name = "portal/home.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        entries_by_section = _home_entries(today)
        all_entries = [
            entry for entries in entries_by_section.values() for entry in entries
        ]
        prefetch_related_objects(all_entries, prefetch_texts(self.language))
        names = load_card_names(all_entries, self.language)
        cards_by_section = {
            name: build_cards(entries, names, self.language)
            for name, entries in entries_by_section.items()
        }
        by_code = {card.code: card for card in cards_by_section["editions"]}
        hero, hero_is_next = _get_hero_edition(entries_by_section["editions"], today)
        return super().get_context_data(
            **cards_by_section,
            hero=by_code[hero.code] if hero else None,
            hero_is_next=hero_is_next,
            countries=build_country_tiles(names, self.language),
            **_figures_context(today, self.language),
            **kwargs,
        )


def _figures_context(today: dt.date, language: Language) -> dict:
    """Return the counted totals and, next to them, the newest reported totals.

    ``figures`` are the cells with a value, ``reported_totals`` triples of indicator,
    reported figure and its sources.
    """
    cells = [cell for cell in headline_totals(as_of=today) if cell.value]
    subjects = {
        subject for cell in cells for subject in cell.indicator.reported_subjects
    }
    totals = ReportedFigure.objects.published(timezone.now()).totals(subjects)
    newest: dict[str, ReportedFigure] = {}
    for figure in totals.only_language(language)[:MAX_TOTALS]:
        newest.setdefault(figure.subject, figure)
    sources = read_public_sources(newest.values())
    reported = [
        (
            cell.indicator,
            next(filter(None, map(newest.get, cell.indicator.reported_subjects)), None),
        )
        for cell in cells
    ]
    return {
        "figures": cells,
        "reported_totals": [
            (indicator, figure, sources[figure.pk])
            for indicator, figure in reported
            if figure
        ],
    }


def _home_entries(today: dt.date) -> dict[str, list[Entry]]:
    """Return the entries of the home page by section.

    ``editions`` are in order of number, ``upcoming`` events soonest first, ``latest``
    newest first, ``institutions`` in their own order. Editions are in a timeline of
    their own and therefore not in ``upcoming`` and ``latest``.
    """
    entries = Entry.objects.defer("programme").exclude(path="")
    editions_and_pages = list(entries.of_kind("edition", "page"))
    event_kinds = [kind.code for kind in all_kinds() if kind.is_event]
    dated_kinds = [
        kind.code for kind in all_kinds() if kind.is_dated and kind.code != "edition"
    ]
    dated_entries = entries.of_kinds_first_rows(*dated_kinds)
    upcoming_filter = {"kind__in": event_kinds, "last_on__gte": today}
    upcoming = dated_entries.filter(**upcoming_filter)
    return {
        "editions": sorted(
            _entries_of_kind(editions_and_pages, "edition"),
            key=lambda entry: int(entry.code),
        ),
        "upcoming": list(upcoming.order_by("last_on", "starts_on", "code")[:MAX_CARDS]),
        "latest": list(
            dated_entries.exclude(**upcoming_filter).newest_first()[:MAX_CARDS]
        ),
        "institutions": sorted(
            _entries_of_kind(editions_and_pages, "page"),
            key=lambda entry: entry.facts["order"],
        ),
    }


def _entries_of_kind(entries: list[Entry], kind: str) -> list[Entry]:
    """Return those of ``entries`` that are of one kind."""
    return [entry for entry in entries if entry.kind == kind]


def _get_hero_edition(
    editions: list[Entry], today: dt.date
) -> tuple[Entry | None, bool]:
    """Return the edition for the hero, and True if that edition is still to come.

    The next edition, else the latest that took place. Dates decide, since numbers need
    not follow them; an edition without a date is placed by its number. Postponed and
    cancelled editions have no valid date, so they are neither.
    """
    past_editions = [
        edition for edition in editions if _has_taken_place(edition, today)
    ]
    latest = max(past_editions, key=_by_date, default=None)
    upcoming_editions = [
        edition for edition in editions if _is_upcoming(edition, today)
    ]
    dated_editions = [edition for edition in upcoming_editions if edition.starts_on]
    latest_number = int(latest.code) if latest else 0
    undated_editions = [
        edition
        for edition in upcoming_editions
        if not edition.starts_on and int(edition.code) > latest_number
    ]
    next_edition = min(dated_editions or undated_editions, key=_by_date, default=None)
    return (next_edition, True) if next_edition else (latest, False)


def _is_upcoming(edition: Entry, today: dt.date) -> bool:
    """Return True for an edition that is still to come.

    Planned and not over, or dated in the future if no source gives a state.
    """
    if edition.state == EventState.PLANNED:
        return edition.last_on is None or edition.last_on >= today
    return edition.state == "" and bool(edition.starts_on) and edition.starts_on > today


def _has_taken_place(edition: Entry, today: dt.date) -> bool:
    """Return True for an edition that was held, or has no state and no future date."""
    has_valid_date = edition.state in (EventState.HELD, "")
    return has_valid_date and not _is_upcoming(edition, today)


def _by_date(edition: Entry) -> tuple[dt.date, int]:
    """Return the sort key of an edition: date (undated first), then number."""
    return edition.sort_on, int(edition.code)


class AboutPage(PublicView):
    """About page: what the site is, who runs it, links to the institutions' pages.

    Redirects to the published page record ``about`` if there is one.
    """

    template_name = "portal/about.html"

    def get(self, request, *args, **kwargs):
        pages = Entry.objects.of_kind("page").exclude(path="")
        entries = list(pages.with_texts_for(self.language))
        about_page = next((entry for entry in entries if entry.code == "about"), None)
        if about_page is not None:
            return HttpResponseRedirect(f"/{self.language.code}/{about_page.path}")
        entries.sort(key=lambda entry: (entry.facts["order"], entry.code))
        names = load_card_names(entries, self.language)
        context = self.get_context_data(
            institutions=build_cards(entries, names, self.language)
        )
        return self.render_to_response(context)
