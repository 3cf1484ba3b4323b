"""Differences between two texts by words, for pages that compare versions."""

import difflib
import re
from collections.abc import Iterator
from html import unescape

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.core.translations.markup import is_html

# Texts of more parts than this are compared without marks: the comparison takes
# quadratic time.
_MAX_PARTS = 4000
# A word is a run of letters with their combining marks. Chinese, Thai, Lao, Khmer and
# Burmese have no spaces between words: each character, with its marks, is a part.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3400-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_PART = re.compile(
    rf"[{_UNSPACED}][\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
    rf"\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3]*"
    rf"|(?:(?![{_UNSPACED}])\w)+|\s+|.",
    re.DOTALL,
)
_LINE_END = re.compile(r"<br ?/?>\n?|</(?:p|h2|h3|li|blockquote)>\n?")
_LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def mark_differences(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return both texts as HTML, with removed words in ``del`` and added ones in
    ``ins``.

    Values that are safe HTML already are returned unchanged. Rich text is compared as
    plain text, with the address after each link; if only its formatting differs, its
    HTML source is compared.
    """
    if hasattr(old, "__html__") or hasattr(new, "__html__"):
        return _as_lines(old), _as_lines(new)
    plain_old, plain_new = _to_plain_text(old), _to_plain_text(new)
    if plain_old == plain_new:
        plain_old, plain_new = old, new
    old_parts, new_parts = _PART.findall(plain_old), _PART.findall(plain_new)
    is_comparable = plain_old and plain_new
    if not is_comparable or max(len(old_parts), len(new_parts)) > _MAX_PARTS:
        return _as_lines(plain_old), _as_lines(plain_new)
    matcher = difflib.SequenceMatcher(None, old_parts, new_parts, autojunk=False)
    old_html, new_html = [], []
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        removed = "".join(old_parts[old_start:old_end])
        added = "".join(new_parts[new_start:new_end])
        if tag == "equal":
            old_html.append(escape(removed))
            new_html.append(escape(added))
            continue
        old_html.extend(_wrap("del", removed))
        new_html.extend(_wrap("ins", added))
    return _join_lines("".join(old_html)), _join_lines("".join(new_html))


def _wrap(element: str, text: str) -> Iterator[str]:
    if text:
        yield format_html("<{}>{}</{}>", mark_safe(element), text, mark_safe(element))  # noqa: S308 name of an element


def _to_plain_text(text: str) -> str:
    if not is_html(text):
        return text
    text = _LINK.sub(r"\2 (\1)", text)
    return unescape(_TAG.sub("", _LINE_END.sub("\n", text))).strip()


def _as_lines(text: str) -> SafeString:
    return _join_lines(conditional_escape(text))


def _join_lines(html: str) -> SafeString:
    """Return escaped HTML with its line ends as ``br`` elements."""
    return mark_safe(html.replace("\r\n", "\n").replace("\n", "<br>"))  # noqa: S308 escaped by the callers
