"""Records as they are named at the desk: by public code and title, in the language of
whoever works there."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import models
from django.db.models import CharField, IntegerField, TextField, Value
from django.db.models.functions import Cast
from modeltranslation.utils import build_localized_fieldname

from portal.publishing.models import Publishable
from portal.translations.shown import choose, languages_read, reader_language

Key = tuple[type[Publishable], int]


def title_columns(model: type[Publishable]) -> dict[str, Cast]:
    """The title in each language that the reader is shown, as columns of a query.

    They are called the same for every kind of record, so that many kinds can be read
    at once.
    """
    title = model.written_fields[0]
    return {
        f"found_title_{number}": Cast(
            build_localized_fieldname(title, code), TextField()
        )
        for number, code in enumerate(languages_read(reader_language()))
    }


def name_of(code: str, titles: Sequence[str | None]) -> str:
    """``SEM-0001 Sample seminar``: the public code, and of ``titles`` (as
    :func:`title_columns` has them) the one for the reader, if there is any."""
    language = reader_language()
    texts = dict(zip(languages_read(language), titles, strict=True))
    title = choose(texts, language)
    return f"{code} {title}" if title else code


def names_of(wanted: Mapping[type[Publishable], Iterable[int]]) -> dict[Key, str]:
    """Model and primary key → name, of the records that are there; one query, however
    many there are and of however many kinds."""
    found_models = list(wanted)
    arms = [
        _arm(model, place, wanted[model]) for place, model in enumerate(found_models)
    ]
    rows = arms[0].union(*arms[1:], all=True) if arms else []
    return {
        (found_models[place], pk): name_of(code, titles)
        for place, pk, code, *titles in rows
    }


def _arm(model: type[Publishable], place: int, pks: Iterable[int]) -> models.QuerySet:
    titles = title_columns(model)
    found = models.QuerySet(model).filter(pk__in=pks).order_by()
    return found.annotate(
        found_kind=Value(place, IntegerField()),
        found_code=Cast(model.code_field, CharField()),
        **titles,
    ).values_list("found_kind", "pk", "found_code", *titles)
