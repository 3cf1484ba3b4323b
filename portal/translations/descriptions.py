"""What a record is about in one line, for search engines and where it is shared."""

from django.db import models
from icu4py.breakers import LineBreaker

from portal.languages import Language
from portal.translations.markup import words_without_markup
from portal.translations.querysets import translated_fields
from portal.translations.shown import shown
from portal.translations.single_line import join_lines

_FIELDS = ("summary", "theme", "purpose", "body", "text")
# What search engines show of a description.
_ROOM = 200


def description_of(record: models.Model, language: Language) -> str:
    """The first of the texts that tell it, in the reader's language, cut where a line
    may break; empty when none is written in it: a description carries no mark."""
    written = translated_fields(type(record))
    for name in _FIELDS:
        text = shown(record, name, language) if name in written else None
        if text and not text.is_fallback:
            words = words_without_markup(text.text)
            return _cut(join_lines(words, text.language))
    return ""


def _cut(text: str) -> str:
    if len(text) <= _ROOM:
        return text
    begun = ""
    for piece in LineBreaker(text[: 2 * _ROOM], "en"):
        if len(begun) + len(piece) > _ROOM:
            break
        begun += piece
    return f"{begun.rstrip() or text[:_ROOM]} …"
