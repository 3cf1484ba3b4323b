"""The events calendar: one month per page, as a table and as lists."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.catalogue.filters import FilterError, FilterQuery, ListFilters
from portal.content.catalogue.models import Entry, EntryTag
from portal.core.translations.dates import format_period
from portal.core.translations.localized_text import get_active_language
from portal.core.translations.weeks import weekdays
from portal.reference.directory.localized_names import DisplayNames
from portal.website.base_views import Breadcrumb, PublicView
from portal.website.cards import Card, build_cards, load_card_names
from portal.website.feeds.selection import (
    PARAMETERS,
    Selection,
    event_kinds,
    parse_selection,
)
from portal.website.lists import (
    FilterField,
    fields_context,
    filter_context,
    parameters,
)
from portal.website.month_table import (
    Month,
    build_weeks,
    get_month_parameter,
    initial_month,
    month_containing,
    parse_month,
)

# Maximum number of events on a page; filters reach the rest.
_MAX_EVENTS = 100


class CalendarView(PublicView):
    """Calendar page of one month.

    Events whose date is known only to the month or the year are listed separately.
    """

    template_name = "portal/calendar.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        month, selection = self._parse_query(today)
        matching_entries = selection.filter_entries(Entry.objects.all(), event_kinds())
        # Events with a known day first: "day" sorts before "month" and "year".
        month_entries = matching_entries.overlapping(month.first, month.last).order_by(
            "date_precision", "starts_on", "kind", "code"
        )
        entries = list(month_entries.with_texts_for(self.language)[: _MAX_EVENTS + 1])
        names = load_card_names(entries, self.language, with_topics=True)
        cards = build_cards(entries[:_MAX_EVENTS], names, self.language)
        return super().get_context_data(
            page_title=_("Calendar"),
            breadcrumbs=[Breadcrumb(_("Calendar"))],
            selection=selection,
            is_truncated=len(entries) > _MAX_EVENTS,
            month_links=_month_links(month, selection, today),
            nearest_months=[]
            if entries
            else _nearest_months(matching_entries, month, selection),
            **self._month_context(month, cards, today),
            **self._filter_context(month, selection.parsed, names),
            **kwargs,
        )

    def _parse_query(self, today: dt.date) -> tuple[Month, Selection]:
        """Parse the query: return the month to show and the filters.

        If there are errors, there are no filters.
        """
        query = parameters(self.request)
        selection, month_value = parse_selection(query), get_month_parameter(query)
        if not month_value:
            return initial_month(selection.filters, today), selection
        try:
            return parse_month(month_value), selection
        except FilterError as error:
            return month_containing(today), _without_filters(selection, error)

    def _month_context(self, month: Month, cards: list[Card], today: dt.date) -> dict:
        """Return the context of the month table and of the three event lists.

        There is one list per precision of the date: day, month, year.
        """
        cards_by_precision = {precision: [] for precision in ("day", "month", "year")}
        for card in cards:
            cards_by_precision[card.period.precision].append(card)
        days = weekdays(self.language)
        return {
            "month_label": format_period(month.first, None, "month", self.language),
            "year_label": format_period(month.first, None, "year", self.language),
            "weekdays": days,
            "weeks": build_weeks(
                month, cards_by_precision["day"], today, days[0].number
            ),
            "entries": cards_by_precision["day"],
            "month_precision_entries": cards_by_precision["month"],
            "year_precision_entries": cards_by_precision["year"],
        }

    def _filter_context(
        self, month: Month, query: FilterQuery, names: DisplayNames
    ) -> dict:
        """Return the context of the filter form: the month, then all event filters."""
        choices = {
            word: kind for one in event_kinds() for word, kind in one.choices.items()
        }
        kind_choices = [
            (kind.code, capfirst(kind.label_plural)) for kind in event_kinds()
        ]
        choices["kind"] = SimpleNamespace(choices=kind_choices)
        # The calendar shows dated events only: "dated" is offered only if it is already
        # set.
        parameter_names = [
            word for word in PARAMETERS if word != "dated" or word in query.values
        ]
        combined_kind = SimpleNamespace(filters=parameter_names, choices=choices)
        type_values = _get_event_types(query.used.get("kind", ""))
        context = filter_context(
            combined_kind,
            query,
            self.request,
            names,
            language=self.language,
            extra_values={"kind": type_values},
        )
        error = query.errors.get("month")
        value = error.value if error else month.iso
        field = FilterField(
            "month", _("Month"), "month", value, [], query.error_message("month")
        )
        fields = [field, *context["filter_fields"], *context["more_filter_fields"]]
        return {**context, **fields_context(fields)}


def _without_filters(selection: Selection, error: FilterError) -> Selection:
    """Return a selection without filters but with the errors of a wrong query.

    The errors are those of ``selection`` and ``error``, the error of the month.
    """
    parsed = selection.parsed
    errors = {error.parameter: error, **parsed.errors}
    query = FilterQuery(ListFilters(), parsed.values, errors)
    return replace(selection, filters=ListFilters(), kind=None, query="", parsed=query)


def _get_event_types(value: str) -> set[str]:
    """Return ``value`` as a set if an event has it as type within its record kind.

    Such values come from links of calendars and feeds; the form does not offer them.
    """
    events = [kind.code for kind in event_kinds()]
    if not value or value in events:
        return set()
    tags = EntryTag.objects.filter(axis="kind", value=value, kind__in=events)
    return {value} if tags.exists() else set()


def _month_links(month: Month, selection: Selection, today: dt.date) -> dict:
    """Return the URLs of the previous, the next and the current month.

    A month outside the calendar's range is left out, and so is the current month if it
    is the month shown.
    """
    links = {"previous": month.plus(-1), "next": month.plus(1)}
    links["today"] = (
        month_containing(today) if month_containing(today) != month else None
    )
    return {name: _month_url(to, selection) for name, to in links.items() if to}


def _nearest_months(entries, month: Month, selection: Selection) -> list[dict]:
    """Return links to the nearest months with events, before and after ``month``."""
    before = entries.filter(last_on__lt=month.first).order_by("-last_on")
    after = entries.filter(sort_on__gt=month.last).order_by("sort_on")
    days = [
        before.values_list("last_on", flat=True).first(),
        after.values_list("sort_on", flat=True).first(),
    ]
    months = [month_containing(day).plus(0) for day in days if day]
    language = get_active_language()
    return [
        {
            "url": _month_url(nearest_month, selection),
            "label": format_period(nearest_month.first, None, "month", language),
        }
        for nearest_month in months
        if nearest_month
    ]


def _month_url(month: Month, selection: Selection) -> str:
    return f"?month={month.iso}" + (f"&{selection.query}" if selection.query else "")
