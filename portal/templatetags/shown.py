"""Texts in the reader's language, marked when they are in another one."""

from django import template
from django.templatetags.i18n import BlockTranslateNode
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import trim_whitespace

from portal.publishing.corrections import CorrectionNote, correction_notes
from portal.translations.interface import (
    interface_text,
    is_partly_english,
    message_language,
)
from portal.translations.markup import is_marked_up, markup_shown
from portal.translations.shown import Shown, reader_language
from portal.translations.shown import shown as shown_text
from portal.translations.single_line import on_single_line

register = template.Library()


@register.simple_tag
def shown(record, name: str):
    """The translated field ``name`` of ``record``, escaped; empty when not written."""
    return marked(shown_text(record, name, reader_language()))


@register.filter
def marked(text: Shown | str | None):
    """A text as HTML, in a ``span`` with its ``lang`` if it is not in the page's.

    ``text`` is a shown text of a record, or a text of the interface as gettext returned
    it: ``{% translate "Search"|marked %}``, ``{{ kind.label|capfirst|marked }}``. Line
    breaks of a record's text are kept.
    """
    if not text:
        return ""
    if not isinstance(text, Shown) and not is_partly_english(reader_language()):
        return conditional_escape(text)
    shown_text = text if isinstance(text, Shown) else interface_text(text)
    if not shown_text.is_fallback:
        return _with_line_breaks(shown_text.text)
    return format_html(
        '<span lang="{}">{}</span>', shown_text.tag, _with_line_breaks(shown_text.text)
    )


@register.filter
def in_message(text: str):
    """A text of the interface as a value of a message.

    Where the page's language lacks messages, it is marked in any language: the message
    around it may be in English.
    """
    if not is_partly_english(reader_language()):
        return conditional_escape(text)
    value = interface_text(text)
    return format_html('<span lang="{}">{}</span>', value.tag, value.text)


class MarkedNode(template.Node):
    """A message, with its ``lang`` where the page's language lacks it."""

    def __init__(self, nodelist: template.NodeList, message: BlockTranslateNode):
        self.nodelist = nodelist
        self.context = message.message_context
        self.msgid = _msgid(message, message.singular)
        self.plural = _msgid(message, message.plural) if message.plural else None

    def render(self, context):
        reader = reader_language()
        name = self.context.resolve(context) if self.context else None
        language = message_language(
            reader, self.msgid, context=name, plural=self.plural
        )
        html = self.nodelist.render(context)
        if language is reader:
            return html
        return format_html('<span lang="{}">{}</span>', language.tag, html)


@register.tag("marked")
def do_marked(parser, token):
    """``{% marked %}{% blocktranslate %}…{% endblocktranslate %}{% endmarked %}``: the
    filter ``marked`` for a message with values.

    Without a missing message the output is that of ``blocktranslate`` alone.
    """
    nodelist = parser.parse(("endmarked",))
    parser.delete_first_token()
    messages = nodelist.get_nodes_by_type(BlockTranslateNode)
    if len(messages) != 1:
        problem = "“marked” needs exactly one “blocktranslate” in it."
        raise template.TemplateSyntaxError(problem)
    return MarkedNode(nodelist, messages[0])


def _msgid(message: BlockTranslateNode, tokens) -> str:
    text = message.render_token_list(tokens)[0]
    return trim_whitespace(text) if message.trimmed else text


@register.filter
def paragraphs(text: Shown | None):
    """A plain text as paragraphs: a blank line parts them, and lines stay lines."""
    if not text:
        return ""
    parts = [
        _with_line_breaks(part.strip())
        for part in text.text.split("\n\n")
        if part.strip()
    ]
    if not text.is_fallback:
        return format_html_join("\n", "<p>{}</p>", ((part,) for part in parts))
    marked_parts = ((text.tag, part) for part in parts)
    return format_html_join("\n", '<p lang="{}">{}</p>', marked_parts)


@register.filter
def rich(text: Shown | None):
    """A rich text: its own blocks, or the paragraphs of a plain one."""
    if not text or not is_marked_up(text.text):
        return paragraphs(text)
    tag = text.tag if text.is_fallback else ""
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


@register.filter
def single_line(text: Shown | None) -> str:
    """A text as one line, its lines and paragraphs separated by punctuation."""
    return on_single_line(text).text if text else ""


@register.simple_tag
def shown_of(record, name: str) -> Shown | None:
    """The translated field ``name`` as a shown text, for the filters above."""
    return shown_text(record, name, reader_language())


def _with_line_breaks(text: str) -> SafeString:
    lines = map(conditional_escape, text.split("\n") if "\n" in text else [text])
    return mark_safe("<br>".join(lines))  # noqa: S308 escaped


@register.simple_tag
def corrections(record) -> list[CorrectionNote]:
    """The correction notes of ``record`` that this reader can read, latest first."""
    return correction_notes(record, reader_language())
