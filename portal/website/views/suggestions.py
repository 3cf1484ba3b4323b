"""Suggestions while typing a search, and the OpenSearch description of the site."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.content.catalogue.search.suggestions import suggest_entries
from portal.core.translations.localized_text import get_active_language
from portal.core.translations.single_line import on_single_line
from portal.website.cards import build_cards, load_card_names
from portal.website.lists import parameters
from portal.website.site_pages import suggest_site_pages

_MAX_SUGGESTIONS = 8


@login_not_required
@require_safe
def suggestions(request):
    """Serve suggestions for the text ``q`` in the format of OpenSearch.

    The JSON is a list of the text, the titles, their kinds, their URLs, and the
    language tags of the titles, which the format does not have: browsers ignore them. A
    text that is too short, too long or without letters has none.
    """
    texts = parameters(request).getlist("q")
    text = texts[-1] if texts else ""
    language = get_active_language()
    # Title → kind, URL and language tag: of several records with one title, the first
    # is suggested.
    rows = {
        page.plain_title: (
            "",
            request.build_absolute_uri(page.url),
            page.title_language.tag,
        )
        for page in suggest_site_pages(text, language)
    }
    entries = suggest_entries(text)
    names = load_card_names(entries, language) if entries else None
    for card in build_cards(entries, names, language) if names else ():
        if card.url:
            title = on_single_line(card.title)
            url = request.build_absolute_uri(card.url)
            rows.setdefault(title.text, (card.kind_label, url, title.tag))
    shown = [(title, *columns) for title, columns in rows.items()][:_MAX_SUGGESTIONS]
    columns = list(zip(*shown, strict=True)) or [(), (), (), ()]
    return HttpResponse(
        json.dumps([text[:200], *columns], ensure_ascii=False),
        content_type="application/x-suggestions+json; charset=utf-8",
    )


@login_not_required
@require_safe
def opensearch_description(request):
    """Serve the OpenSearch description, by which browsers offer the site's search."""
    return render(
        request,
        "portal/opensearch.xml",
        {
            "search_url": request.build_absolute_uri(reverse("search")),
            "suggestions_url": request.build_absolute_uri(reverse("suggestions")),
        },
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
