"""Rich text: plain text, or HTML with a small set of elements.

A text without HTML elements is plain: it is stored unchanged, blank lines separate its
paragraphs, and it is escaped on display. Other texts are sanitized by nh3 both before
they are stored and before they are displayed.
"""

import html
import re

import nh3
from django.utils.encoding import iri_to_uri

_BLOCKS = ("p", "h2", "h3", "ul", "ol", "blockquote")
_TAGS = {*_BLOCKS, "li", "br", "a", "strong", "em"}
_DROPPED_WITH_CONTENT = {"script", "style", "template", "noscript", "title"}
# A text is HTML if it contains one of these elements, which occur in pasted text. Any
# other “<”, as in <https://example.org>, is a character of a plain text.
_ELEMENT = re.compile(
    r"</?(?:p|br|h[1-6]|ul|ol|li|a|strong|em|blockquote|b|i|u|s|div|span|font|table|"
    r"thead|tbody|tr|t[dh]|img|script|style|template|noscript|title|iframe|object|embed|"
    r"svg|math|form|input|button|html|head|body|meta|link|video|audio|sup|sub|hr|pre|"
    r"code|section|article|header|footer|center)(?=[\s/>])",
    re.IGNORECASE,
)
# Elements that end a line but are not allowed. Their tags are dropped and their text is
# kept, so a separator is needed between it and the text around it.
_CELLS = re.compile(r"\s*(</t[dh]\s*>)\s*(?=<t[dh][\s>])", re.IGNORECASE)
_FOREIGN_BLOCK = re.compile(
    r"</?(?:h[14-6]|table|thead|tbody|tr|div|section|article|header|footer|center|form|"
    r"pre|hr)(?=[\s/>])",
    re.IGNORECASE,
)
_MAX_PASSES = 9
_BLOCK = re.compile(rf"<(?:{'|'.join(_BLOCKS)})[ >]")
_BREAK = re.compile(r"<br>\n?")
_BLOCK_BOUNDARY = re.compile(
    rf"</(?:{'|'.join(_BLOCKS)})>|<(?=(?:{'|'.join(_BLOCKS)})[ >])"
)


def is_html(text: str) -> bool:
    """Return whether ``text`` is HTML rather than plain text."""
    return bool(_ELEMENT.search(text))


def clean_markup(text: str) -> str:
    """Return ``text`` as it may be stored: plain text unchanged, HTML sanitized.

    HTML without block elements is split into paragraphs at blank lines. Rows of tables
    and other blocks that are not allowed become paragraphs; table cells are separated
    by a dot. Cleaning a text twice changes nothing.
    """
    if not is_html(text):
        return text
    text = _FOREIGN_BLOCK.sub(r"\n\n\g<0>", _CELLS.sub(r" · \1", text))
    # Invalid nesting is resolved only when the result is parsed again.
    for _round in range(_MAX_PASSES):
        before, text = text, _wrap_in_paragraphs(_sanitize(text).strip())
        if text == before:
            break
    return text


def _wrap_in_paragraphs(cleaned: str) -> str:
    if _BLOCK.search(cleaned):
        return cleaned
    parts = [part.strip() for part in re.split(r"\n\s*\n", cleaned)]
    return "\n".join(f"<p>{part}</p>" for part in parts if part)


def render_markup(text: str, tag: str = "") -> str:
    """Return sanitized HTML that can be inserted into a page.

    ``tag`` is the BCP 47 tag of the text; if given, each block gets it as ``lang``.
    """
    attribute_values = {name: {"lang": tag} for name in _BLOCKS} if tag else {}
    return _sanitize(
        clean_markup(text),
        link_rel="noopener noreferrer",
        set_tag_attribute_values=attribute_values,
    )


def strip_markup(text: str) -> str:
    """Return ``text`` as plain text.

    Blocks are separated by a blank line; each list item is a line.
    """
    if not is_html(text):
        return text
    cleaned = _BREAK.sub("\n", clean_markup(text).replace("</li>", "\n"))
    cleaned = re.sub(
        r"<[^>]*>", "", _BLOCK_BOUNDARY.sub(_replace_block_boundary, cleaned)
    )
    lines = [line.strip() for line in html.unescape(cleaned).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _replace_block_boundary(match: re.Match) -> str:
    return "\n\n<" if match.group() == "<" else "\n\n"


def _sanitize(text: str, *, link_rel: str | None = None, **options) -> str:
    return nh3.clean(
        text,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"a": {"href"}},
        attribute_filter=_filter_attribute,
        url_schemes={"http", "https"},
        link_rel=link_rel,
        **options,
    )


def _filter_attribute(_tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute, or None to remove it (callback of nh3).

    URLs are converted to ASCII, so that conversions of the text for display, such as
    that to traditional Chinese, do not change them.
    """
    if name != "href":
        return value
    url = value.strip()
    # Browsers read these as URLs of another host, although they look like paths.
    is_hidden = re.match(r"[/\\]{2}|/?\\", url)
    return None if is_hidden else iri_to_uri(url)
