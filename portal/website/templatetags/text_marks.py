"""Template tags that mark texts whose wording is the portal's own.

The basis of a text says where its wording comes from. What was formed from facts,
translated or described by the office is not official: the page says so next to the
text, and its footer explains the mark. A conversion between Chinese scripts is said
once: below the record, if a text of the record itself was converted, else in the
footer.
"""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from portal.content.publishing.models import Publishable
from portal.core.translations.localized_text import LocalizedText, get_active_language
from portal.website.cards import Card
from portal.website.fallback_notice import (
    FallbackNotice,
    FallbackParts,
    build_list_notice,
)
from portal.website.templatetags.localized import with_lang
from portal.website.text_origins import describe_text_origins

register = template.Library()

# A text with another basis, "official", "seen" or "", has no mark.
_LABELS = {
    "formed": gettext_lazy("Wording by this website"),
    "translated": gettext_lazy("Translation by this website"),
    "descriptive": gettext_lazy("Description by this website"),
}


@register.simple_tag(takes_context=True)
def text_mark(context, basis: str):
    """Return the mark of a text as HTML, "" if its basis needs none.

    ``{{ page_title }} {% text_mark "formed" %}``

    ``basis`` is ``formed``, ``translated``, ``descriptive`` or any other word. Where a
    mark is shown, the footer of the page explains it.
    """
    label = _LABELS.get(basis)
    if label is None:
        return ""
    _note(context, "has_marks")
    return format_html(
        '<span class="hint" data-print="muted">{}</span>', with_lang(str(label))
    )


@register.simple_tag(takes_context=True)
def text_origins(context, record: Publishable) -> list[str]:
    """Return sentences about the titles, names and themes that are not official.

    Where there are any, the footer of the page links to the explanation.
    """
    sentences = describe_text_origins(record, get_active_language())
    if sentences:
        _note(context, "has_marks")
    return sentences


@register.simple_tag(takes_context=True)
def note_conversion(context, text: LocalizedText | FallbackNotice):
    """Let the footer say that a text of the page was converted, if one was; return "".

    Converted means between Chinese scripts.
    """
    if text.is_converted:
        _note(context, "is_converted")
    return ""


@register.simple_tag
def list_notice(items: Iterable, *, hides_summary: bool = False) -> FallbackNotice:
    """Return what is said once above a list of cards about texts in other languages.

    ``{% list_notice entries as notice %}``

    ``items`` are cards, or objects with a ``card``. ``hides_summary``: the list shows
    the titles only.
    """
    cards = [getattr(item, "card", item) for item in items]
    return build_list_notice(
        card.texts[:1] if hides_summary else card.texts for card in cards
    )


@register.simple_tag(takes_context=True)
def card_notice(
    context, card: Card, above: FallbackNotice | None, *, hides_summary: bool = False
) -> list[FallbackParts]:
    """Return what a card says about its texts in other languages, by language.

    ``{% card_notice entry notice as parts_by_language %}``

    ``above`` is the notice above the list, None or "" for a card that is in no list.
    Where a text was converted between Chinese scripts, the footer says so.
    """
    notice = card.title_notice if hides_summary else card.fallback_notice
    note_conversion(context, notice)
    return notice.without(above) if above else notice.languages


@register.simple_tag(takes_context=True)
def text_notes(context) -> frozenset[str]:
    """Return what the footer has to explain: ``has_marks``, ``is_converted``.

    Only what was rendered before the footer counts.
    """
    notes = _read_notes(context)
    if "conversion_is_stated" in notes:
        return notes - {"conversion_is_stated", "is_converted"}
    return notes


@register.simple_tag(takes_context=True)
def conversion_is_stated(context):
    """Keep the footer from repeating that a text was converted; return ""."""
    _note(context, "conversion_is_stated")
    return ""


def _read_notes(context) -> frozenset[str]:
    return getattr(context.get("request"), "text_notes", frozenset())


def _note(context, note: str) -> None:
    # On the request, because an included template has a context of its own.
    request = context.get("request")
    if request is not None:
        request.text_notes = _read_notes(context) | {note}
