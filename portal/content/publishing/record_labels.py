"""Labels of records in the staff admin: public code and title in the active
language."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import models
from django.db.models import CharField, IntegerField, TextField, Value
from django.db.models.functions import Cast
from modeltranslation.utils import build_localized_fieldname

from portal.content.publishing.models import Publishable
from portal.core.translations.localized_text import (
    choose_localized_text,
    get_active_language,
    get_fallback_chain,
)

RecordKey = tuple[type[Publishable], int]


def build_title_annotations(model: type[Publishable]) -> dict[str, Cast]:
    """Return query annotations for the title in each fallback language of the active
    language.

    The names of the annotations are the same for all record models, so that queries can
    be combined in a union.
    """
    title = model.text_fields[0]
    return {
        f"record_title_{number}": Cast(
            build_localized_fieldname(title, code), TextField()
        )
        for number, code in enumerate(get_fallback_chain(get_active_language()))
    }


def format_record_label(code: str, titles: Sequence[str | None]) -> str:
    """Return a record label such as ``SEM-0001 Sample seminar``.

    ``titles`` are the values of :func:`build_title_annotations`; the label is the code
    alone if no title is available in a fallback language.
    """
    language = get_active_language()
    texts = dict(zip(get_fallback_chain(language), titles, strict=True))
    title = choose_localized_text(texts, language)
    return f"{code} {title}" if title else code


def load_record_labels(
    pks_by_model: Mapping[type[Publishable], Iterable[int]],
) -> dict[RecordKey, str]:
    """Return the labels of records of any number of models, by model and primary key.

    Runs one query; records that were deleted have no key in the result.
    """
    record_models = list(pks_by_model)
    subqueries = [
        _build_subquery(model, model_index, pks_by_model[model])
        for model_index, model in enumerate(record_models)
    ]
    rows = subqueries[0].union(*subqueries[1:], all=True) if subqueries else []
    return {
        (record_models[model_index], pk): format_record_label(code, titles)
        for model_index, pk, code, *titles in rows
    }


def _build_subquery(
    model: type[Publishable], model_index: int, pks: Iterable[int]
) -> models.QuerySet:
    titles = build_title_annotations(model)
    records = models.QuerySet(model).filter(pk__in=pks).order_by()
    return records.annotate(
        kind_index=Value(model_index, IntegerField()),
        record_code=Cast(model.code_field, CharField()),
        **titles,
    ).values_list("kind_index", "pk", "record_code", *titles)
