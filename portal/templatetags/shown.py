"""Texts in the reader's language, marked when they are in another one."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from portal.publishing.corrections import CorrectionNote, correction_notes
from portal.translations.interface import interface_language
from portal.translations.markup import is_marked_up, markup_shown
from portal.translations.shown import Shown, reader_language
from portal.translations.shown import shown as shown_text

register = template.Library()


@register.simple_tag
def shown(record, name: str):
    """The translated field ``name`` of ``record``, escaped; empty when not written."""
    return marked(shown_text(record, name, reader_language()))


@register.filter
def marked(text: Shown | None):
    """A shown text as HTML, in a ``span`` with its ``lang`` where in doubt."""
    if not text:
        return ""
    if _needs_no_mark(text):
        return format_html("{}", text.text)
    return format_html('<span lang="{}">{}</span>', text.tag, text.text)


@register.filter
def paragraphs(text: Shown | None):
    """A plain text as paragraphs: a blank line parts them."""
    if not text:
        return ""
    parts = [part.strip() for part in text.text.split("\n\n") if part.strip()]
    if _needs_no_mark(text):
        return format_html_join("\n", "<p>{}</p>", ((part,) for part in parts))
    marked_parts = ((text.tag, part) for part in parts)
    return format_html_join("\n", '<p lang="{}">{}</p>', marked_parts)


@register.filter
def rich(text: Shown | None):
    """A rich text: its own blocks, or the paragraphs of a plain one."""
    if not text or not is_marked_up(text.text):
        return paragraphs(text)
    tag = "" if _needs_no_mark(text) else text.tag
    return mark_safe(markup_shown(text.text, tag))  # noqa: S308 cleaned this moment


@register.filter
def lines(text: Shown | None) -> list[Shown]:
    """The lines of a text, each shown in the language of the whole."""
    if not text:
        return []
    return [
        Shown(line, text.language, text.is_fallback, text.is_converted)
        for line in text.text.splitlines()
        if line.strip()
    ]


@register.simple_tag
def shown_of(record, name: str) -> Shown | None:
    """The translated field ``name`` as a shown text, for the filters above."""
    return shown_text(record, name, reader_language())


def _needs_no_mark(text: Shown) -> bool:
    """In the page's language, and no part of the interface is in another one."""
    language = reader_language()
    return not text.is_fallback and interface_language(language) is language


@register.simple_tag
def corrections(record) -> list[CorrectionNote]:
    """The correction notes of ``record`` that this reader can read, latest first."""
    return correction_notes(record, reader_language())
