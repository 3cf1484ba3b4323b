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
        hero = _hero(found["editions"], today)
        return super().get_context_data(
            **shown,
            hero=shown["editions"][hero] if hero is not None else None,
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


def _hero(editions: list[Entry], today: dt.date) -> int | None:
    """Where the next edition stands in ``editions``, else the latest one held."""
    for place, edition in enumerate(editions):
        is_over = edition.last_on and edition.last_on < today
        if edition.state == "planned" and not is_over:
            return place
    held = [n for n, edition in enumerate(editions) if edition.state in ("held", "")]
    return held[-1] if held else None


class SiteMapPage(PublicPage):
    template_name = "portal/site_map.html"

    def get_context_data(self, **kwargs):
        names = names_for([], self.language)
        tiles = country_tiles(names, self.language)
        return super().get_context_data(countries=tiles, **kwargs)
