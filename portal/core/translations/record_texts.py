"""Texts of a record by language and without markup, for the catalogue."""

from collections.abc import Iterable

from django.db import models
from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import get_texts
from portal.core.translations.markup import strip_markup
from portal.core.translations.querysets import translated_fields


def get_texts_by_language(
    record: models.Model, *, title: str = "", summary: str = ""
) -> dict[str, tuple[str, str]]:
    """Return (title, summary) by language code, for languages with at least one.

    ``title`` and ``summary`` are names of translated fields; without a name the text is
    empty. A native name counts as the name in its own language.
    """
    fields = [
        get_texts(record, name, LANGUAGES_BY_CODE) if name else {}
        for name in (title, summary)
    ]
    texts = {}
    for code in LANGUAGES_BY_CODE:
        pair = tuple(strip_markup(field.get(code) or "") for field in fields)
        if any(pair):
            texts[code] = pair
    return texts


def get_language_texts(record: models.Model, *names: str) -> list[tuple[str, str]]:
    """Return (language code, text) for each non-empty text of the fields ``names``.

    The code is ``""`` for a field that is not translated, such as a source's own words.
    """
    texts = []
    for name in names:
        if name in translated_fields(type(record)):
            columns = [
                (code, build_localized_fieldname(name, code))
                for code in LANGUAGES_BY_CODE
            ]
        else:
            columns = [("", name)]
        texts += [
            (code, strip_markup(text))
            for code, column in columns
            if (text := getattr(record, column))
        ]
    return texts


def get_language_texts_of_rows(
    rows: Iterable[models.Model], *names: str
) -> list[tuple[str, str]]:
    """Return the result of ``get_language_texts`` for all ``rows`` in one list."""
    return [text for row in rows for text in get_language_texts(row, *names)]
