"""What pages say about themselves to machines, and where their feeds are."""

import html
import re

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.feeds import structured
from portal.feeds.addresses import FeedAddress, feed_addresses
from portal.feeds.metadata import alternates, open_graph_locale
from portal.feeds.selection import address_query
from portal.languages import BY_CODE
from portal.translations.shown import reader_language

register = template.Library()

_LINE_TAG = re.compile(r"</?(?:br|dd|div|dt|h[1-6]|li|p|t[dhr])\b", re.IGNORECASE)


@register.simple_tag(takes_context=True)
def text_of_block(context, name: str) -> str:
    """The words of a block of this page, e.g. of its title, without markup."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    # A space for each tag that ends a line, or its words would run together.
    markup = _LINE_TAG.sub(r" \g<0>", block.render(context))
    words = html.unescape(strip_tags(markup))
    return " ".join(words.split())


@register.simple_tag(takes_context=True)
def feeds_here(context) -> list[FeedAddress]:
    """The calendar and the feeds of what this page lists; none where it lists nothing.

    A page lists records of one ``kind`` (with a ``page`` of them, filtered by
    ``filter_values``), what a ``selection`` asks for, or, as the home page, everything.
    """
    language = reader_language()
    kind, selection = context.get("kind"), context.get("selection")
    if selection is not None:
        return feed_addresses(language, selection.query)
    if kind is not None and "page" in context and "record" not in context:
        words = address_query(context["filter_values"], kind.code)
        return feed_addresses(language, words, has_events=kind.is_event)
    if context["request"].path == reverse("home"):
        return feed_addresses(language)
    return []


@register.inclusion_tag("components/metadata.html", takes_context=True)
def metadata(context, title: str, description: str) -> dict:
    """Other languages, feeds, and what is shown where the page is shared.

    On an error page there is nothing to share and no other language to send to.
    """
    request, language = context["request"], reader_language()
    if "view" not in context:
        return {}
    is_record = "available" in context
    codes = list(BY_CODE)
    if is_record:
        codes = [item["language"].code for item in context["available"]]
    path = request.path.split("/", 2)[2]
    others = [BY_CODE[code] for code in codes if code != language.code]
    return {
        "request": request,
        "title": title,
        "description": description,
        "feeds": feeds_here(context),
        "alternates": [
            {"hreflang": one.hreflang, "url": request.build_absolute_uri(one.path)}
            for one in alternates(path, codes)
        ],
        "type": "article" if is_record else "website",
        "site_name": _("China-ASEAN Prosecutors-General Conference"),
        "url": context["canonical_path"],
        "image": _image(context),
        "locale": open_graph_locale(language),
        "other_locales": [open_graph_locale(one) for one in others],
    }


@register.inclusion_tag("components/json_ld.html", takes_context=True)
def json_ld(context) -> dict:
    """The page for machines; nothing on an error page, no word of a sample."""
    if "view" not in context:
        return {}
    nodes = []
    if context.get("crumbs"):
        nodes.append(structured.breadcrumbs(_steps(context)))
    if "record" in context and not context["record"].is_sample:
        nodes.append(structured.record(_record_page(context)))
    elif context["request"].path == reverse("home"):
        nodes += _site(context)
    # Safe: script_text leaves no "<" in it.
    text = mark_safe(structured.script_text(nodes)) if nodes else ""  # noqa: S308
    return {"json": text}


def _steps(context) -> list[tuple[str, str]]:
    absolute = context["request"].build_absolute_uri
    home = (pgettext("navigation", "Home"), absolute(reverse("home")))
    return [
        home,
        *[
            (str(crumb.label), absolute(crumb.url) if crumb.url else "")
            for crumb in context["crumbs"]
        ],
    ]


def _site(context) -> list[dict]:
    absolute, home = context["request"].build_absolute_uri, reverse("home")
    name = _("China-ASEAN Prosecutors-General Conference")
    return structured.site(
        name, absolute(home), absolute(f"{home}search/"), reader_language().tag
    )


def _record_page(context) -> structured.RecordPage:
    return structured.RecordPage(
        kind=context["kind"],
        record=context["record"],
        title=context["page_title"],
        language=reader_language(),
        links=context["links"],
        shown=context.flatten(),
        languages=[item["language"].tag for item in context["available"]],
        url=context["canonical_path"],
        image=_image(context),
        absolute=context["request"].build_absolute_uri,
    )


def _image(context) -> str:
    """The picture of the record, or that of the site in this language."""
    request = context["request"]
    folder = request.path if "record" in context else reverse("home")
    return request.build_absolute_uri(f"{folder}card.png")
