"""Small parts of pages that every template may use."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.publishing.choices import Qualifier
from portal.publishing.links import Link
from portal.templatetags.shown import marked
from portal.translations.interface import interface_text
from portal.translations.shown import reader_language

register = template.Library()


@register.simple_tag
def gap(words: str = ""):
    """A gap in the record, shown as one; never a blank."""
    text = interface_text(words or _("Not on record"))
    return format_html('<span class="gap" lang="{}">{}</span>', text.tag, text.text)


@register.inclusion_tag("components/links.html")
def links(*groups: list[Link]):
    """Links of a record, each in the language it is really in; the gap when none."""
    found = [link for group in groups for link in group]
    return {"found": [{"link": link, "url": _address(link)} for link in found]}


@register.inclusion_tag("components/links.html")
def links_or_recorded(recorded: str, *groups: list[Link]):
    """Links, else the source's own words, whose language is not on record; the gap."""
    return {**links(*groups), "recorded": recorded}


@register.simple_tag
def link_or_gap(link: Link | None):
    """One link, or the gap."""
    if link is None or link.name is None:
        return gap()
    url = _address(link)
    if not url:
        return format_html('<span lang="{}">{}</span>', link.name.tag, link.name.text)
    return format_html(
        '<a href="{}" lang="{}">{}</a>', url, link.name.tag, link.name.text
    )


@register.simple_tag
def number_with_qualifier(number: int | None, qualifier: str):
    """``190``, ``about 80``, ``over 60``; the gap when it is not on record."""
    if number is None:
        return gap()
    if qualifier == Qualifier.ABOUT:
        return marked(interface_text(_("about %(number)s"), {"number": number}))
    if qualifier == Qualifier.OVER:
        return marked(interface_text(_("over %(number)s"), {"number": number}))
    return str(number)


def _address(link: Link) -> str:
    return f"/{reader_language().code}/{link.path}" if link.path else ""
