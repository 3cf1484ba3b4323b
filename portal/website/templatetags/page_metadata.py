"""Template tags for the head of a page: metadata, structured data and feed links."""

import html
import re

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import get_active_language
from portal.website import structured_data
from portal.website.feeds.links import FeedLink, feed_links
from portal.website.feeds.selection import canonical_query
from portal.website.page_metadata import alternate_links, open_graph_locale

register = template.Library()

_LINE_TAG = re.compile(r"</?(?:br|dd|div|dt|h[1-6]|li|p|t[dhr])\b", re.IGNORECASE)


@register.simple_tag(takes_context=True)
def block_text(context, *names: str) -> str:
    """Return the text of template blocks of this page, without markup."""
    blocks = context.render_context[BLOCK_CONTEXT_KEY]
    markup = "".join(blocks.get_block(name).render(context) for name in names)
    # A space before each tag that ends a line: otherwise words of two lines would be
    # joined.
    text = html.unescape(strip_tags(_LINE_TAG.sub(r" \g<0>", markup)))
    return " ".join(text.split())


@register.simple_tag(takes_context=True)
def page_feeds(context) -> list[FeedLink]:
    """Return the links to the calendar and feeds of the records that this page lists.

    Three pages have them: a list of one ``kind`` (with a ``pager``, filtered by
    ``filter_values``), a page with a ``selection``, and the home page (all records).
    Empty for any other page.
    """
    language = get_active_language()
    kind, selection = context.get("kind"), context.get("selection")
    if selection is not None:
        return feed_links(language, selection.query)
    if kind is not None and "pager" in context and "record" not in context:
        query = canonical_query(context["filter_values"], kind.code)
        return feed_links(language, query, has_events=kind.is_event)
    if context["request"].path == reverse("home"):
        return feed_links(language)
    return []


@register.simple_tag(takes_context=True)
def list_csv_url(context) -> str:
    """Return the URL of the CSV of the list on this page, "" for any other page."""
    if "kind" not in context or "pager" not in context or "record" in context:
        return ""
    query = canonical_query(context["filter_values"])
    path = f"{context['request'].path.removesuffix('/')}.csv"
    return f"{path}?{query}" if query else path


@register.inclusion_tag("components/metadata.html", takes_context=True)
def metadata(context, title: str, description: str) -> dict:
    """Render links to other languages and feeds, and the Open Graph properties.

    Nothing on an error page: it has no other languages and is not meant to be shared.
    """
    request, language = context["request"], get_active_language()
    if "view" not in context:
        return {}
    is_record = "language_versions" in context
    codes = list(LANGUAGES_BY_CODE)
    if is_record:
        codes = [item["language"].code for item in context["language_versions"]]
    path = request.path.split("/", 2)[2]
    other_languages = [
        LANGUAGES_BY_CODE[code] for code in codes if code != language.code
    ]
    return {
        "request": request,
        # The title in the head of a record also has its date.
        "title": str(context["page_title"]) if is_record else title,
        "description": description,
        "feeds": page_feeds(context),
        "alternates": [
            {
                "hreflang": alternate.hreflang,
                "url": request.build_absolute_uri(alternate.path),
            }
            for alternate in alternate_links(path, codes)
        ],
        "type": "article" if is_record else "website",
        "site_name": _("China-ASEAN Prosecutors-General Conference"),
        "url": context["canonical_url"],
        "image": _share_image_url(context),
        "locale": open_graph_locale(language),
        "other_locales": [open_graph_locale(other) for other in other_languages],
    }


@register.inclusion_tag("components/json_ld.html", takes_context=True)
def json_ld(context) -> dict:
    """Render the page's schema.org data as JSON-LD; nothing on an error page.

    A sample record has no data except its breadcrumbs.
    """
    if "view" not in context:
        return {}
    nodes = []
    if context.get("breadcrumbs"):
        nodes.append(structured_data.breadcrumb_list(_breadcrumb_urls(context)))
    if "record" in context and not context["record"].is_sample:
        node = context["view"].get_structured_data(_page_data(context))
        sources = context["sources_and_files"].sources
        node = structured_data.with_sources(node, sources)
        nodes.append(structured_data.omit_empty(node))
    elif context["request"].path == reverse("home"):
        nodes += _site_nodes(context)
    # Safe: to_script_json escapes every "<".
    text = mark_safe(structured_data.to_script_json(nodes)) if nodes else ""  # noqa: S308
    return {"json": text}


def _breadcrumb_urls(context) -> list[tuple[str, str]]:
    """Return names and absolute URLs of the page's breadcrumbs, home page first."""
    build_absolute_url = context["request"].build_absolute_uri
    home = (pgettext("navigation", "Home"), build_absolute_url(reverse("home")))
    return [
        home,
        *[
            (str(crumb.label), build_absolute_url(crumb.url) if crumb.url else "")
            for crumb in context["breadcrumbs"]
        ],
    ]


def _site_nodes(context) -> list[dict]:
    build_absolute_url, home = context["request"].build_absolute_uri, reverse("home")
    name = _("China-ASEAN Prosecutors-General Conference")
    return structured_data.site_nodes(
        name,
        build_absolute_url(home),
        build_absolute_url(f"{home}search/"),
        get_active_language().tag,
    )


def _page_data(context) -> structured_data.PageData:
    return structured_data.PageData(
        record=context["record"],
        title=context["page_title"],
        language=get_active_language(),
        links=context["links"],
        context=context.flatten(),
        languages=[item["language"].tag for item in context["language_versions"]],
        url=context["page_url"],
        image=_share_image_url(context),
        build_absolute_url=context["request"].build_absolute_uri,
    )


def _share_image_url(context) -> str:
    """Return the absolute URL of the share image of the record, or of the site."""
    request = context["request"]
    folder = request.path if "record" in context else reverse("home")
    return request.build_absolute_uri(f"{folder}card.png")
