"""The passage of a record in which a hit stands, cut to a line or two."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.catalogue.models import Entry
from portal.catalogue.search.highlighting import Found, found_in, marked, may_have_any
from portal.catalogue.search.tokens import Term
from portal.languages import BY_CODE, UNDETERMINED, Language
from portal.translations.conversion import to_traditional
from portal.translations.shown import Shown, languages_read
from portal.translations.single_line import join_lines

# Grapheme clusters shown before the first hit and in all.
_BEFORE, _LENGTH = 40, 220


@dataclass(frozen=True)
class Snippet:
    """A passage as HTML with its hits marked, and the language it is in."""

    html: SafeString
    text: Shown


def snippet(
    entry: Entry, terms: list[Term], language: Language, told: Iterable[str]
) -> Snippet | None:
    """The passage that has most of what ``told`` (texts shown anyway) has not.

    None when they have it all, or when no passage is kept that has any of it: a name of
    a place, the end of a long file.
    """
    seen = frozenset().union(*(found_in(text, terms).terms for text in told))
    missing = [term for number, term in enumerate(terms) if number not in seen]
    best: tuple[int, Shown, Found] | None = None
    for code, text in _passages(entry, language) if missing else ():
        if best and best[0] == len(missing):
            break
        if not may_have_any(text, missing):
            continue
        passage = _shown(code, text, language)
        count = len(found_in(passage.text, missing).terms)
        if count > (best[0] if best else 0):
            best = (count, passage, found_in(passage.text, terms))
    return _cut(best[1], best[2], missing) if best else None


def _passages(entry: Entry, language: Language) -> list[tuple[str, str]]:
    """What is kept of the entry's texts, in the order of the reader's languages."""
    texts = [
        (text.language, join_lines(part, BY_CODE[text.language]))
        for text in entry.texts_read
        for part in (text.title, text.summary)
        if part
    ]
    order = {code: place for place, code in enumerate(languages_read(language))}
    passages = [*texts, *map(tuple, entry.search_row.passages)]
    return sorted(passages, key=lambda passage: order.get(passage[0], len(order)))


def _shown(code: str, text: str, language: Language) -> Shown:
    if language.code == "zh-hant" and code == "zh-hans":
        return Shown(to_traditional(text), language, is_converted=True)
    written = BY_CODE.get(code, UNDETERMINED)
    return Shown(text, written, is_fallback=written is not language)


def _cut(passage: Shown, found: Found, missing: list[Term]) -> Snippet:
    first = found_in(passage.text, missing).spans[0][0]
    start = _space_before(found.clusters, max(0, first - _BEFORE), first)
    end = min(len(found.clusters), start + _LENGTH)
    html = marked(found, start, end)
    before = "… " if start else ""
    after = " …" if end < len(found.clusters) else ""
    return Snippet(format_html("{}{}{}", before, html, after), passage)


def _space_before(parts: list[str], start: int, first: int) -> int:
    """The next beginning of a word, where words are parted by spaces."""
    if start == 0:
        return 0
    spaces = [at for at in range(start, first) if parts[at].isspace()]
    return spaces[0] + 1 if spaces else start
