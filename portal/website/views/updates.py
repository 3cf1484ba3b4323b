"""Page of the records that were published or changed last."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.content.catalogue.models import Entry
from portal.website.base_views import Breadcrumb, PublicView
from portal.website.cards import Card, build_cards, load_card_names
from portal.website.lists import (
    Pager,
    link_parameters,
    parameters,
    parse_page_number,
)

UPDATES_PER_PAGE = 50


@dataclass(frozen=True)
class Update:
    """The last change of a public record.

    ``is_new``: the record has not changed since its publication.
    """

    card: Card
    is_new: bool


class UpdatesView(PublicView):
    """List of all public records, those that changed last first, by day."""

    template_name = "portal/updates.html"

    def get_context_data(self, **kwargs):
        number = parse_page_number(parameters(self.request))
        public_pages = Entry.objects.exclude(path="")
        localized_entries = public_pages.with_total().with_texts_for(self.language)
        start = (number - 1) * UPDATES_PER_PAGE
        entries = list(
            localized_entries.latest_change_first()[start : start + UPDATES_PER_PAGE]
        )
        if not entries and number > 1:
            raise Http404
        heading = _("Recently updated")
        return super().get_context_data(
            page_title=heading,
            breadcrumbs=[Breadcrumb(heading)],
            days=self._group_by_day(entries),
            pager=Pager(
                link_parameters(self.request, {}),
                number,
                entries[0].total if entries else 0,
                UPDATES_PER_PAGE,
            ),
            **kwargs,
        )

    def _group_by_day(self, entries: list[Entry]) -> list[tuple[dt.date, list[Update]]]:
        """Return the updates of each day in the office's time zone, latest first."""
        names = load_card_names(entries, self.language)
        cards = build_cards(entries, names, self.language)
        days: dict[dt.date, list[Update]] = {}
        for entry, card in zip(entries, cards, strict=True):
            day = timezone.localtime(entry.changed_at).date()
            is_new = entry.changed_at <= entry.published_at
            days.setdefault(day, []).append(Update(card, is_new))
        return list(days.items())
