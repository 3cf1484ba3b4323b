"""Template tags for facts, missing values, links to records and reported numbers."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.content.publishing.choices import Qualifier
from portal.content.publishing.links import Link
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import get_active_language
from portal.website.templatetags.localized import with_lang

register = template.Library()


@register.simple_block_tag
def fact(content, label: str, css_class: str = ""):
    """Return a row of a ``dl`` element: a label and the value between the tags.

    ``{% fact _("Date") %}{% period record.period %}{% endfact %}``

    ``label`` is an interface text; ``css_class`` is a class of the ``dd`` element.
    """
    return format_html(
        "<div><dt>{}</dt><dd{}>{}</dd></div>",
        with_lang(label),
        format_html(' class="{}"', css_class) if css_class else "",
        content,
    )


@register.simple_tag
def missing_value(text: str = ""):
    """Return the marker of a missing value, "Not on record" unless ``text`` is given.

    Templates show it in place of an empty value.
    """
    marker_text = interface_text(text or _("Not known"))
    return format_html(
        '<span class="missing-value" data-print="muted" lang="{}">{}</span>',
        marker_text.tag,
        marker_text.text,
    )


@register.inclusion_tag("components/links.html")
def link_list(*groups: list[Link]):
    """Render links to related records, or the missing-value marker if there are none.

    Each link has the language of its name.
    """
    links = [link for group in groups for link in group]
    return {"items": [{"link": link, "url": _link_url(link)} for link in links]}


@register.inclusion_tag("components/links.html")
def topic_list(topics: list[Link]):
    """Render links to the pages of topics, or the missing-value marker without topics.

    A topic of the record shown is a topic of a published record, so it has a page.
    """
    return {
        "items": [
            {"link": link, "url": reverse("directory:topic", kwargs={"key": link.key})}
            for link in topics
        ]
    }


@register.inclusion_tag("components/links.html")
def links_or_recorded(as_recorded: str, *groups: list[Link]):
    """Render links, else the wording of the source, else the missing-value marker.

    ``as_recorded`` is that wording; its language is unknown, so it has ``lang=""``.
    """
    return {**link_list(*groups), "as_recorded": as_recorded}


@register.simple_tag
def link_or_missing_value(link: Link | None):
    """Return one link as HTML, or the missing-value marker if there is none.

    ``link`` may be None or have no name.
    """
    if link is None or link.name is None:
        return missing_value()
    url = _link_url(link)
    if not url:
        return format_html('<span lang="{}">{}</span>', link.name.tag, link.name.text)
    return format_html(
        '<a href="{}" lang="{}">{}</a>', url, link.name.tag, link.name.text
    )


@register.simple_tag
def number_with_qualifier(number: int | None, qualifier: str):
    """Return ``190``, ``about 80`` or ``over 60``; the missing-value marker for None.

    ``qualifier`` is a value of ``Qualifier``.
    """
    if number is None:
        return missing_value()
    if qualifier == Qualifier.ABOUT:
        return with_lang(interface_text(_("about %(number)s"), {"number": number}))
    if qualifier == Qualifier.OVER:
        return with_lang(interface_text(_("more than %(number)s"), {"number": number}))
    return str(number)


def _link_url(link: Link) -> str:
    """Return the URL of a link in the current language, "" if it has no page."""
    return f"/{get_active_language().code}/{link.url_path}" if link.url_path else ""
