"""The calendar: one month at a time, as a table and as a list."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.catalogue.filters import BadFilter, FilterQuery, ListFilters
from portal.catalogue.models import Entry, EntryTag
from portal.directory.cards import Card, cards, names_for
from portal.directory.listing import Field, filter_context, parameters
from portal.directory.names import Names
from portal.directory.pages import Crumb, PublicPage
from portal.feeds.months import (
    Month,
    asked_month,
    first_month,
    month_of,
    month_word,
    weeks_of,
)
from portal.feeds.selection import WORDS, Selection, event_kinds, selected
from portal.translations.dates import in_words
from portal.translations.shown import reader_language
from portal.translations.weeks import weekdays

# More events in one month are found by filters.
_SHOWN = 100


class CalendarPage(PublicPage):
    """The events of a month; those without a known day stand apart."""

    template_name = "portal/calendar.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        month, selection = self._asked(today)
        found = selection.among(Entry.objects.all(), event_kinds())
        # Known days first: of the three precisions "day" is the first by letter too.
        in_order = found.covering(month.first, month.last).order_by(
            "date_precision", "starts_on", "kind", "code"
        )
        entries = list(in_order.shown_in(self.language)[: _SHOWN + 1])
        names = names_for(entries, self.language, with_topics=True)
        shown = cards(entries[:_SHOWN], names, self.language)
        return super().get_context_data(
            page_title=_("Calendar"),
            crumbs=[Crumb(_("Calendar"))],
            selection=selection,
            is_cut=len(entries) > _SHOWN,
            steps=_steps(month, selection, today),
            nearest=[] if entries else _nearest(found, month, selection),
            **self._month(month, shown, today),
            **self._filters(month, selection.parsed, names),
            **kwargs,
        )

    def _asked(self, today: dt.date) -> tuple[Month, Selection]:
        """The month to show and the filters; no filters if there are errors."""
        query = parameters(self.request)
        selection, word = selected(query), month_word(query)
        if not word:
            return first_month(selection.filters, today), selection
        try:
            return asked_month(word), selection
        except BadFilter as error:
            return month_of(today), _unfiltered(selection, error)

    def _month(self, month: Month, shown: list[Card], today: dt.date) -> dict:
        """The table and the three lists: by day, and what is known less exactly."""
        by = {word: [] for word in ("day", "month", "year")}
        for card in shown:
            by[card.period.precision].append(card)
        days = weekdays(self.language)
        return {
            "month_words": in_words(month.first, None, "month", self.language),
            "year_words": in_words(month.first, None, "year", self.language),
            "weekdays": days,
            "weeks": weeks_of(month, by["day"], today, days[0].number),
            "entries": by["day"],
            "of_month": by["month"],
            "of_year": by["year"],
        }

    def _filters(self, month: Month, query: FilterQuery, names: Names) -> dict:
        """The filters of all kinds of event, and the month before them."""
        choices = {
            word: kind for one in event_kinds() for word, kind in one.choices.items()
        }
        named = [(kind.code, capfirst(kind.label_plural)) for kind in event_kinds()]
        choices["kind"] = SimpleNamespace(choices=named)
        # What has no date is in no month.
        words = [word for word in WORDS if word != "dated" or word in query.values]
        all_kinds = SimpleNamespace(filters=words, choices=choices)
        own_kinds = _own_kinds(query.used.get("kind", ""))
        context = filter_context(
            all_kinds, query, self.request, names, also_known={"kind": own_kinds}
        )
        error = query.errors.get("month")
        value = error.value if error else month.word
        field = Field("month", _("Month"), "month", value, [], query.remedy("month"))
        return {
            **context,
            "filter_form": [field, *context["filter_form"]],
            "filter_errors": [*([field] if error else []), *context["filter_errors"]],
        }


def _unfiltered(selection: Selection, error: BadFilter) -> Selection:
    """Return an unfiltered selection with the errors of ``selection`` and ``error``."""
    parsed = selection.parsed
    errors = {error.word: error, **parsed.errors}
    query = FilterQuery(ListFilters(), parsed.values, errors)
    return replace(selection, filters=ListFilters(), kind=None, query="", parsed=query)


def _own_kinds(value: str) -> set[str]:
    """``value``, if events have it as the kind within their kind of record.

    The form does not offer these; links of calendars and feeds filter by them.
    """
    events = [kind.code for kind in event_kinds()]
    if not value or value in events:
        return set()
    tags = EntryTag.objects.filter(axis="kind", value=value, kind__in=events)
    return {value} if tags.exists() else set()


def _steps(month: Month, selection: Selection, today: dt.date) -> dict:
    """Addresses of the month before, the month after, and this one."""
    ways = {"previous": month.after(-1), "next": month.after(1)}
    ways["today"] = month_of(today) if month_of(today) != month else None
    return {name: _address(to, selection) for name, to in ways.items() if to}


def _nearest(found, month: Month, selection: Selection) -> list[dict]:
    """The last month before and the first after an empty one that have events."""
    before = found.filter(last_on__lt=month.first).order_by("-last_on")
    after = found.filter(sort_on__gt=month.last).order_by("sort_on")
    days = [
        before.values_list("last_on", flat=True).first(),
        after.values_list("sort_on", flat=True).first(),
    ]
    months = [month_of(day).after(0) for day in days if day]
    language = reader_language()
    return [
        {
            "url": _address(one, selection),
            "words": in_words(one.first, None, "month", language),
        }
        for one in months
        if one
    ]


def _address(month: Month, selection: Selection) -> str:
    return f"?month={month.word}" + (f"&{selection.query}" if selection.query else "")
