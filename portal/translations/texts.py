"""The texts of a record by language, for the catalogue: words without markup."""

from collections.abc import Iterable

from django.db import models
from modeltranslation.utils import build_localized_fieldname

from portal.languages import BY_CODE
from portal.translations.markup import words_without_markup
from portal.translations.querysets import translated_fields


def texts_of(
    record: models.Model, *, title: str = "", summary: str = ""
) -> dict[str, tuple[str, str]]:
    """(title, summary) by language, for each in which either is written.

    ``title`` and ``summary`` name translated fields; an empty name gives no text.
    """
    texts = {}
    for code in BY_CODE:
        pair = tuple(
            words_without_markup(
                getattr(record, build_localized_fieldname(name, code)) or ""
            )
            if name
            else ""
            for name in (title, summary)
        )
        if any(pair):
            texts[code] = pair
    return texts


def words_of(record: models.Model, *names: str) -> list[tuple[str, str]]:
    """(language code, text) of the fields ``names``, where anything is written.

    The code is ``""`` for a field that is not translated: a source's own words.
    """
    found = []
    for name in names:
        if name in translated_fields(type(record)):
            columns = [
                (code, build_localized_fieldname(name, code)) for code in BY_CODE
            ]
        else:
            columns = [("", name)]
        found += [
            (code, words_without_markup(text))
            for code, column in columns
            if (text := getattr(record, column))
        ]
    return found


def words_of_all(rows: Iterable[models.Model], *names: str) -> list[tuple[str, str]]:
    """The same of each of ``rows``, the parts of a record."""
    return [words for row in rows for words in words_of(row, *names)]
