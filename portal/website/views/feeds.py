"""Views of the iCalendar file, the Atom feed and the JSON feed, with list filters."""

import json
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.content.catalogue.models import Entry
from portal.content.catalogue.querysets import WithoutIndex
from portal.content.changes.models import Change
from portal.core.translations.interface_language import interface_text, whole_text
from portal.core.translations.localized_text import LocalizedText, get_active_language
from portal.website.cards import load_card_names
from portal.website.feeds import atom, jsonfeed
from portal.website.feeds.calendar import render_calendar
from portal.website.feeds.conversion import build_events, build_items, load_feed_names
from portal.website.feeds.feed import Feed, Tombstone, latest_withdrawals
from portal.website.feeds.selection import (
    Selection,
    event_kinds,
    feed_kinds,
    parse_selection,
)
from portal.website.lists import parameters
from portal.website.views.errors import invalid_filters_response

# Maximum number of events: calendar programs download the whole file each time.
_MAX_EVENTS = 1000
_MAX_ITEMS = 50


def with_selection(view):
    """Decorate a view to get the parsed Selection; 400 if a filter is invalid."""

    @wraps(view)
    def wrapped_view(request):
        selection = parse_selection(parameters(request))
        if selection.parsed.errors:
            return invalid_filters_response(selection.parsed.errors)
        return view(request, selection)

    return wrapped_view


@login_not_required
@require_safe
@with_selection
def calendar_file(request, selection: Selection):
    """Serve the newest events with a known day as iCalendar."""
    language = get_active_language()
    matching_entries = selection.filter_entries(Entry.objects.all(), event_kinds())
    dated_entries = matching_entries.filter(date_precision="day").newest_first()
    entries = list(
        dated_entries.with_texts_for(language, with_programme=True)[:_MAX_EVENTS]
    )
    names = load_feed_names(entries, language)
    body = render_calendar(
        build_events(entries, names, language),
        _build_title(selection).text,
        _build_selection_url("calendar", selection),
        request.build_absolute_uri,
    )
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


@login_not_required
@require_safe
@with_selection
def atom_feed(request, selection: Selection):
    """Serve the latest changes of records as an Atom feed."""
    feed = _build_feed(selection, "feed-atom")
    text = atom.render_atom(feed, request.build_absolute_uri)
    return HttpResponse(text, content_type=atom.CONTENT_TYPE)


@login_not_required
@require_safe
@with_selection
def json_feed(request, selection: Selection):
    """Serve the latest changes of records as a JSON Feed."""
    feed = _build_feed(selection, "feed-json")
    document = jsonfeed.build_json_feed(feed, request.build_absolute_uri)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=jsonfeed.CONTENT_TYPE)


def _build_feed(selection: Selection, url_name: str) -> Feed:
    """Build the feed of a selection; ``url_name`` is the URL name of the feed."""
    language = get_active_language()
    kinds = [selection.kind] if selection.kind else feed_kinds()
    matching_entries = selection.filter_entries(
        Entry.objects.all(), kinds
    ).latest_change_first()
    entries = list(matching_entries.with_texts_for(language)[:_MAX_ITEMS])
    names = load_card_names(entries, language, with_topics=True)
    return Feed(
        title=_build_title(selection),
        author=interface_text(_get_site_name()),
        language=language,
        query=selection.query,
        url=_build_selection_url(url_name, selection),
        page_url=reverse("home"),
        items=build_items(entries, names, language),
        tombstones=_load_tombstones([kind.code for kind in kinds]),
    )


def _load_tombstones(kinds: list[str]) -> list[Tombstone]:
    """Return the records that were withdrawn and are not public again, latest first.

    The selection's filters other than the kind cannot be applied: nothing is known
    about a withdrawn record. Feed readers ignore tombstones of entries that they never
    had.
    """
    public = Entry.objects.filter(kind=OuterRef("kind"), code=OuterRef("code"))
    all_withdrawals = Change.objects.withdrawals().alias(any_kind=WithoutIndex("kind"))
    withdrawals = all_withdrawals.filter(~Exists(public), any_kind__in=kinds)
    withdrawal_rows = withdrawals.values_list("kind", "code", "changed_at")[
        : 2 * _MAX_ITEMS
    ]
    return latest_withdrawals((Tombstone(*row) for row in withdrawal_rows), _MAX_ITEMS)


def _build_selection_url(name: str, selection: Selection) -> str:
    return reverse(name) + (f"?{selection.query}" if selection.query else "")


def _build_title(selection: Selection) -> LocalizedText:
    """Return the title of a feed: name of the site and the selected kind, if any."""
    labels = [selection.kind.label_plural] if selection.kind else []
    return whole_text(
        lambda: selection.title_for(_get_site_name()), _get_site_name(), *labels
    )


def _get_site_name() -> str:
    return _("China-ASEAN Prosecutors-General Conference")
