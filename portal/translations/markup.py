"""Rich text: plain text, or HTML of a small closed vocabulary.

A text without any element of HTML is plain: it is kept to the letter, a blank line
parts its paragraphs, and it is escaped when shown. Any other is cleaned by nh3 when it
comes in, and once more when it goes out.
"""

import html
import re

import nh3
from django.utils.encoding import iri_to_uri

_BLOCKS = ("p", "h2", "h3", "ul", "ol", "blockquote")
_TAGS = {*_BLOCKS, "li", "br", "a", "strong", "em"}
_DROPPED_WITH_CONTENT = {"script", "style", "template", "noscript", "title"}
# What makes a text HTML: elements that people paste, not just any “<”. What is none of
# them, such as <https://example.org>, stays a sign of a plain text.
_ELEMENT = re.compile(
    r"</?(?:p|br|h[1-6]|ul|ol|li|a|strong|em|blockquote|b|i|u|s|div|span|font|table|"
    r"thead|tbody|tr|t[dh]|img|script|style|template|noscript|title|iframe|object|embed|"
    r"svg|math|form|input|button|html|head|body|meta|link|video|audio|sup|sub|hr|pre|"
    r"code|section|article|header|footer|center)(?=[\s/>])",
    re.IGNORECASE,
)
# Elements outside the vocabulary that end a line. They are dropped, their words stay,
# and would run together with those before and after them.
_CELLS = re.compile(r"\s*(</t[dh]\s*>)\s*(?=<t[dh][\s>])", re.IGNORECASE)
_FOREIGN_BLOCK = re.compile(
    r"</?(?:h[14-6]|table|thead|tbody|tr|div|section|article|header|footer|center|form|"
    r"pre|hr)(?=[\s/>])",
    re.IGNORECASE,
)
_MOST_ROUNDS = 9
_BLOCK = re.compile(rf"<(?:{'|'.join(_BLOCKS)})[ >]")
_BREAK = re.compile(r"<br>\n?")
_END = re.compile(rf"</(?:{'|'.join(_BLOCKS)})>|<(?=(?:{'|'.join(_BLOCKS)})[ >])")


def is_marked_up(text: str) -> bool:
    """Whether ``text`` is HTML rather than plain."""
    return bool(_ELEMENT.search(text))


def clean_markup(text: str) -> str:
    """``text`` as it may be kept: a plain one as it is, HTML in the vocabulary.

    HTML without any block is parted into paragraphs by its blank lines, and so are the
    rows of a table and other blocks that the vocabulary has not; cells of a row have a
    dot between them. To clean a cleaned text changes nothing.
    """
    if not is_marked_up(text):
        return text
    text = _FOREIGN_BLOCK.sub(r"\n\n\g<0>", _CELLS.sub(r" · \1", text))
    # What is nested as it may not be is parted only when the whole is read once more.
    for _round in range(_MOST_ROUNDS):
        before, text = text, _in_blocks(_cleaned(text).strip())
        if text == before:
            break
    return text


def _in_blocks(cleaned: str) -> str:
    if _BLOCK.search(cleaned):
        return cleaned
    parts = [part.strip() for part in re.split(r"\n\s*\n", cleaned)]
    return "\n".join(f"<p>{part}</p>" for part in parts if part)


def markup_shown(text: str, tag: str = "") -> str:
    """HTML that may stand in a page. ``tag``, a BCP 47 one, marks each block with its
    language."""
    marks = {name: {"lang": tag} for name in _BLOCKS} if tag else {}
    return _cleaned(
        clean_markup(text),
        link_rel="noopener noreferrer",
        set_tag_attribute_values=marks,
    )


def words_without_markup(text: str) -> str:
    """``text`` as plain text: a blank line between blocks, a line for each entry."""
    if not is_marked_up(text):
        return text
    cleaned = _BREAK.sub("\n", clean_markup(text).replace("</li>", "\n"))
    cleaned = re.sub(r"<[^>]*>", "", _END.sub(_blank_line, cleaned))
    lines = [line.strip() for line in html.unescape(cleaned).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _blank_line(found: re.Match) -> str:
    return "\n\n<" if found.group() == "<" else "\n\n"


def _cleaned(text: str, *, link_rel: str | None = None, **more) -> str:
    return nh3.clean(
        text,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes={"http", "https"},
        link_rel=link_rel,
        **more,
    )


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """In ASCII: what is converted for a reader of a text is no part of an address."""
    if name != "href":
        return value
    address = value.strip()
    # What a browser would take for another host without saying so.
    is_hidden = re.match(r"[/\\]{2}|/?\\", address)
    return None if is_hidden else iri_to_uri(address)
