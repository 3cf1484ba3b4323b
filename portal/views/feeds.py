"""The calendar to subscribe to, and the feeds of what is new; the filters of lists."""

import json
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.catalogue.models import Entry
from portal.catalogue.querysets import InOrder
from portal.changes.models import Change
from portal.directory.cards import names_for
from portal.directory.listing import parameters
from portal.feeds import atom, jsonfeed
from portal.feeds.calendars import calendar
from portal.feeds.entries import events_of, items_of, names_in
from portal.feeds.news import Feed, Tombstone, latest
from portal.feeds.selection import Selection, event_kinds, news_kinds, selected
from portal.translations.interface import interface_text, whole_text
from portal.translations.shown import Shown, reader_language
from portal.views.errors import refused_filters

# The newest events: a subscriber's program reads the whole file each time.
_EVENTS = 1000
_ITEMS = 50


def of_selection(view):
    """Call ``view`` with the selection of the address; 400 if a filter has an error."""

    @wraps(view)
    def answer(request):
        selection = selected(parameters(request))
        if selection.parsed.errors:
            return refused_filters(selection.parsed.errors)
        return view(request, selection)

    return answer


@login_not_required
@require_safe
@of_selection
def calendar_file(request, selection: Selection):
    """Events known to the day, as iCalendar."""
    language = reader_language()
    found = selection.among(Entry.objects.all(), event_kinds())
    known = found.filter(date_precision="day").newest_first()
    entries = list(known.shown_in(language, with_programme=True)[:_EVENTS])
    names = names_in(entries, language)
    body = calendar(
        events_of(entries, names, language),
        _title(selection).text,
        _address("calendar", selection),
        request.build_absolute_uri,
    )
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


@login_not_required
@require_safe
@of_selection
def atom_feed(request, selection: Selection):
    """The newest changes, as Atom."""
    feed = _feed(selection, "feed-atom")
    text = atom.atom(feed, request.build_absolute_uri)
    return HttpResponse(text, content_type=atom.CONTENT_TYPE)


@login_not_required
@require_safe
@of_selection
def json_feed(request, selection: Selection):
    """The newest changes, as JSON Feed."""
    feed = _feed(selection, "feed-json")
    document = jsonfeed.json_feed(feed, request.build_absolute_uri)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=jsonfeed.CONTENT_TYPE)


def _feed(selection: Selection, address: str) -> Feed:
    language = reader_language()
    allowed = [selection.kind] if selection.kind else news_kinds()
    found = selection.among(Entry.objects.all(), allowed).latest_change_first()
    entries = list(found.shown_in(language)[:_ITEMS])
    names = names_for(entries, language, with_topics=True)
    return Feed(
        title=_title(selection),
        author=interface_text(_site_name()),
        language=language,
        query=selection.query,
        url=_address(address, selection),
        page_url=reverse("home"),
        items=items_of(entries, names, language),
        tombstones=_tombstones([kind.code for kind in allowed]),
    )


def _tombstones(kinds: list[str]) -> list[Tombstone]:
    """What was withdrawn and has not come back. Filters cannot be asked of it any more:
    a reader's program passes over what it never had."""
    public = Entry.objects.filter(kind=OuterRef("kind"), code=OuterRef("code"))
    rows = Change.objects.withdrawals().alias(any_kind=InOrder("kind"))
    gone = rows.filter(~Exists(public), any_kind__in=kinds)
    told = gone.values_list("kind", "code", "changed_at")[: 2 * _ITEMS]
    return latest((Tombstone(*row) for row in told), _ITEMS)


def _address(name: str, selection: Selection) -> str:
    return reverse(name) + (f"?{selection.query}" if selection.query else "")


def _title(selection: Selection) -> Shown:
    """The name of the site, with the kind asked for."""
    labels = [selection.kind.label_plural] if selection.kind else []
    return whole_text(lambda: selection.named(_site_name()), _site_name(), *labels)


def _site_name() -> str:
    return _("China-ASEAN Prosecutors-General Conference")
