"""Template tags for localised texts, with ``lang`` on texts in other languages."""

from django import template
from django.templatetags.i18n import BlockTranslateNode
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import trim_whitespace

from portal.content.publishing.corrections import CorrectionNote, correction_notes
from portal.core.translations.interface_language import (
    interface_text,
    is_partly_english,
    message_language,
)
from portal.core.translations.lists import join_names
from portal.core.translations.localized_text import LocalizedText, get_active_language
from portal.core.translations.localized_text import localized as get_localized_text
from portal.core.translations.markup import is_html, render_markup
from portal.core.translations.single_line import on_single_line
from portal.website.unbroken_words import mark_unbroken_words

register = template.Library()


@register.simple_tag
def localized(record, name: str):
    """Return the translated field ``name`` of ``record`` as HTML, "" if it is empty."""
    return with_lang(get_localized_text(record, name, get_active_language()))


@register.filter
def with_lang(text: LocalizedText | str | None):
    """Return a text as HTML, with ``lang`` if its language is not the page's.

    ``text`` is a LocalizedText of a record, or an interface text as gettext returned
    it: ``{% translate "Search"|with_lang %}``, ``{{ kind.label|capfirst|with_lang }}``.
    Line breaks of a record's text become ``<br>``.
    """
    if not text:
        return ""
    if not isinstance(text, LocalizedText) and not is_partly_english(
        get_active_language()
    ):
        return mark_unbroken_words(text)
    message = text if isinstance(text, LocalizedText) else interface_text(text)
    if not message.is_fallback:
        return _with_line_breaks(message.text)
    return format_html(
        '<span lang="{}">{}</span>',
        message.tag,
        _with_line_breaks(message.text),
    )


@register.filter
def unbroken(title: LocalizedText | str) -> SafeString:
    """Return a title whose element has its ``lang`` as HTML.

    Listed words of some languages are not divided between two lines (see
    ``unbroken_words``); texts with the filter ``with_lang`` have that too.
    """
    return mark_unbroken_words(str(title))


@register.filter
def in_message(text: str):
    """Return an interface text as HTML, for use as a value in a translated message.

    If the page's language lacks messages, the text always has a ``lang``: the message
    around it may be in English.
    """
    return _mark_in_message(text, text)


def _mark_in_message(message: str, text: str) -> SafeString:
    """Return ``text`` as HTML for use in a message; its language is ``message``'s."""
    if not is_partly_english(get_active_language()):
        return conditional_escape(text)
    tag = interface_text(message).tag
    return format_html('<span lang="{}">{}</span>', tag, text)


@register.filter
def in_list(labels: list[str]):
    """Return interface texts as one list, for use as a value in a translated message.

    ``["Summary", "Remark"]`` becomes ``Summary and remark``: only the first keeps its
    capital.
    """
    first, *others = map(str, labels)
    items = [_mark_in_message(first, first)]
    items += [
        _mark_in_message(label, label[:1].lower() + label[1:]) for label in others
    ]
    language = get_active_language()
    text = mark_safe(join_names(items, language))  # noqa: S308 escaped
    if not is_partly_english(language):
        return text
    # "and" is from CLDR: in the page's language, also in a message in English.
    return format_html('<span lang="{}">{}</span>', language.tag, text)


class MarkedNode(template.Node):
    """Template node of a translated message; adds ``lang`` if it is in English.

    A message is in English if the catalogue of the page's language lacks it.
    """

    def __init__(self, nodelist: template.NodeList, message: BlockTranslateNode):
        self.nodelist = nodelist
        self.context = message.message_context
        self.msgid = _msgid(message, message.singular)
        self.plural = _msgid(message, message.plural) if message.plural else None

    def render(self, context):
        page_language = get_active_language()
        name = self.context.resolve(context) if self.context else None
        language = message_language(
            page_language, self.msgid, context=name, plural=self.plural
        )
        html = self.nodelist.render(context)
        if language is page_language:
            return html
        return format_html('<span lang="{}">{}</span>', language.tag, html)


@register.tag("marked")
def do_marked(parser, token):
    """Parse a ``marked`` block, which adds ``lang`` to a message with values.

    ``{% marked %}{% blocktranslate %}…{% endblocktranslate %}{% endmarked %}``

    If the message is translated, the output is that of ``blocktranslate`` alone. Raise
    TemplateSyntaxError unless the block contains exactly one ``blocktranslate``.
    """
    nodelist = parser.parse(("endmarked",))
    parser.delete_first_token()
    messages = nodelist.get_nodes_by_type(BlockTranslateNode)
    if len(messages) != 1:
        message = "“marked” needs exactly one “blocktranslate” in it."
        raise template.TemplateSyntaxError(message)
    return MarkedNode(nodelist, messages[0])


def _msgid(message: BlockTranslateNode, tokens) -> str:
    text = message.render_token_list(tokens)[0]
    return trim_whitespace(text) if message.trimmed else text


@register.filter
def paragraphs(text: LocalizedText | None):
    """Return a plain text as ``<p>`` elements; a blank line separates paragraphs.

    Single line breaks become ``<br>``.
    """
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
def rich_text(text: LocalizedText | None):
    """Return a rich text as sanitised HTML, or a plain text as paragraphs."""
    if not text or not is_html(text.text):
        return paragraphs(text)
    tag = text.tag if text.is_fallback else ""
    return mark_safe(render_markup(text.text, tag))  # noqa: S308 sanitised by render_markup


@register.filter
def lines(text: LocalizedText | None) -> list[LocalizedText]:
    """Return the lines of a text, each a LocalizedText in the language of the text."""
    if not text:
        return []
    return [
        LocalizedText(line, text.language, text.is_fallback, text.is_converted)
        for line in text.text.splitlines()
        if line.strip()
    ]


@register.filter
def single_line(text: LocalizedText | None) -> str:
    """Return a text as one line, its lines and paragraphs separated by punctuation."""
    return on_single_line(text).text if text else ""


@register.simple_tag
def localized_text(record, name: str) -> LocalizedText | None:
    """Return the translated field ``name`` as a LocalizedText, for the filters above.

    None if no language that the reader is shown has a text.
    """
    return get_localized_text(record, name, get_active_language())


def _with_line_breaks(text: str) -> SafeString:
    lines = map(mark_unbroken_words, text.split("\n") if "\n" in text else [text])
    return mark_safe("<br>".join(lines))  # noqa: S308 escaped


@register.simple_tag
def corrections(record) -> list[CorrectionNote]:
    """Return the record's correction notes that this reader can read, latest first."""
    return correction_notes(record, get_active_language())
