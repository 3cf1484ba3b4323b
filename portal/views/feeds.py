"""The calendar to subscribe to, and the feeds of what is new; the filters of lists."""

import json

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.catalogue.filters import BadFilter
from portal.catalogue.models import Entry
from portal.catalogue.querysets import InOrder
from portal.changes.models import Change
from portal.directory.cards import names_for
from portal.feeds import atom, jsonfeed
from portal.feeds.calendars import calendar
from portal.feeds.entries import events_of, items_of, names_in
from portal.feeds.news import Feed, Tombstone, latest
from portal.feeds.selection import Selection, event_kinds, news_kinds, selected
from portal.translations.interface import interface_text, whole_text
from portal.translations.shown import Shown, reader_language

# The newest events: a subscriber's program reads the whole file each time.
_EVENTS = 1000
_ITEMS = 50


@login_not_required
@require_safe
def calendar_file(request):
    """Events known to the day, as iCalendar."""
    selection, language = _asked(request), reader_language()
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
def atom_feed(request):
    """The newest changes, as Atom."""
    feed = _feed(request, "feed-atom")
    text = atom.atom(feed, request.build_absolute_uri)
    return HttpResponse(text, content_type=atom.CONTENT_TYPE)


@login_not_required
@require_safe
def json_feed(request):
    """The newest changes, as JSON Feed."""
    feed = _feed(request, "feed-json")
    document = jsonfeed.json_feed(feed, request.build_absolute_uri)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=jsonfeed.CONTENT_TYPE)


def _feed(request, address: str) -> Feed:
    selection, language = _asked(request), reader_language()
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


def _asked(request) -> Selection:
    try:
        return selected(request.GET)
    except BadFilter as problem:
        raise BadRequest(problem) from problem


def _address(name: str, selection: Selection) -> str:
    return reverse(name) + (f"?{selection.query}" if selection.query else "")


def _title(selection: Selection) -> Shown:
    """The name of the site, with the kind asked for."""
    labels = [selection.kind.label_plural] if selection.kind else []
    return whole_text(lambda: selection.named(_site_name()), _site_name(), *labels)


def _site_name() -> str:
    return _("China-ASEAN Prosecutors-General Conference")
