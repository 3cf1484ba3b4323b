"""Pages that gather the whole house."""

import datetime as dt

from django.db.models import prefetch_related_objects
from django.utils import timezone

from portal.catalogue.models import Entry
from portal.catalogue.querysets import texts_shown_in
from portal.catalogue.registry import kinds
from portal.directory.cards import cards, names_for
from portal.directory.pages import PublicPage
from portal.directory.tiles import country_tiles
from portal.figures.counting import headline
from portal.publishing.choices import EventState

MANY = 6


class HomePage(PublicPage):
    template_name = "portal/home.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        found = _found(today)
        every = [entry for entries in found.values() for entry in entries]
        prefetch_related_objects(every, texts_shown_in(self.language))
        names = names_for(every, self.language)
        shown = {
            name: cards(entries, names, self.language)
            for name, entries in found.items()
        }
        by_code = {card.code: card for card in shown["editions"]}
        hero, hero_is_next = _hero(found["editions"], today)
        return super().get_context_data(
            **shown,
            hero=by_code[hero.code] if hero else None,
            hero_is_next=hero_is_next,
            countries=country_tiles(names, self.language),
            figures=[cell for cell in headline(as_of=today) if cell.value],
            **kwargs,
        )


def _found(today: dt.date) -> dict[str, list[Entry]]:
    """Editions, first to last; what is to come, soonest first; the latest; the pages
    of the institutions. Editions have a line of time of their own beside the others.
    """
    entries = Entry.objects.defer("programme").exclude(path="")
    standing = list(entries.of_kind("edition", "page"))
    events = [kind.code for kind in kinds() if kind.is_event]
    dated = [kind.code for kind in kinds() if kind.is_dated and kind.code != "edition"]
    others = entries.of_kinds_in_order(*dated)
    coming = {"kind__in": events, "last_on__gte": today}
    upcoming = others.filter(**coming)
    return {
        "editions": sorted(_of(standing, "edition"), key=lambda one: int(one.code)),
        "upcoming": list(upcoming.order_by("last_on", "starts_on", "code")[:MANY]),
        "latest": list(others.exclude(**coming).newest_first()[:MANY]),
        "institutions": sorted(
            _of(standing, "page"), key=lambda one: one.facts["order"]
        ),
    }


def _of(entries: list[Entry], kind: str) -> list[Entry]:
    return [entry for entry in entries if entry.kind == kind]


def _hero(editions: list[Entry], today: dt.date) -> tuple[Entry | None, bool]:
    """The edition that the page begins with, and whether it is still to come.

    That is the next one, else the latest one that took place. Dates decide, since
    numbers need not follow them; an edition without a date counts by its number.
    What is postponed or cancelled takes place on no date on record, so it is neither.
    """
    taken_place = [one for one in editions if _has_taken_place(one, today)]
    latest = max(taken_place, key=_by_date, default=None)
    coming = [one for one in editions if _is_to_come(one, today)]
    dated = [one for one in coming if one.starts_on]
    after = int(latest.code) if latest else 0
    undated = [one for one in coming if not one.starts_on and int(one.code) > after]
    soonest = min(dated or undated, key=_by_date, default=None)
    return (soonest, True) if soonest else (latest, False)


def _is_to_come(edition: Entry, today: dt.date) -> bool:
    """Planned and not over, or dated in the future where no source gives a state."""
    if edition.state == EventState.PLANNED:
        return edition.last_on is None or edition.last_on >= today
    return edition.state == "" and bool(edition.starts_on) and edition.starts_on > today


def _has_taken_place(edition: Entry, today: dt.date) -> bool:
    is_known = edition.state in (EventState.HELD, "")
    return is_known and not _is_to_come(edition, today)


def _by_date(edition: Entry) -> tuple[dt.date, int]:
    """Undated editions first (``sort_on``); those of one day in order of number."""
    return edition.sort_on, int(edition.code)


class SiteMapPage(PublicPage):
    template_name = "portal/site_map.html"

    def get_context_data(self, **kwargs):
        names = names_for([], self.language)
        tiles = country_tiles(names, self.language)
        return super().get_context_data(countries=tiles, **kwargs)
