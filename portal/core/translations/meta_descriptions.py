"""Descriptions of records in one line, for search engines and link previews."""

from django.db import models
from icu4py.breakers import LineBreaker

from portal.core.languages import Language
from portal.core.translations.localized_text import localized
from portal.core.translations.markup import strip_markup
from portal.core.translations.single_line import join_lines

# Search engines show about this many characters of a description.
_MAX_LENGTH = 200


def get_meta_description(record: models.Model, language: Language) -> str:
    """Return a short description of ``record`` in ``language``, or "".

    The description is the first text of the model's ``description_fields`` that is
    written in ``language``. It is shortened at a possible line break. Fallback
    languages are not used, because a description cannot be marked with its language.
    """
    for name in record.description_fields:
        text = localized(record, name, language)
        if text and not text.is_fallback:
            return shorten_description(strip_markup(text.text), text.language)
    return ""


def shorten_description(text: str, language: Language) -> str:
    """Return a plain text in ``language`` as one line of the length of a description.

    Each line of the text is an item.
    """
    return _truncate_at_line_break(join_lines(text, language))


def _truncate_at_line_break(text: str) -> str:
    if len(text) <= _MAX_LENGTH:
        return text
    shortened = ""
    for piece in LineBreaker(text[: 2 * _MAX_LENGTH], "en"):
        if len(shortened) + len(piece) > _MAX_LENGTH:
            break
        shortened += piece
    return f"{shortened.rstrip() or text[:_MAX_LENGTH]} …"
