"""Labels of records in the staff admin: public code and title in the active
language."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import models

from portal.content.publishing.models import Publishable
from portal.core.translations.localized_text import (
    choose_localized_text,
    get_active_language,
    get_fallback_chain,
    get_localized_columns,
)

RecordKey = tuple[type[Publishable], int]


def get_label_columns(model: type[Publishable]) -> list[str]:
    """Return the columns of a record label: the code, and the title in each fallback
    language of the active language."""
    titles = get_localized_columns(model.text_fields[0], get_active_language())
    return [model.code_field, *titles]


def format_record_label(code: str | int, titles: Sequence[str | None]) -> str:
    """Return a record label such as ``SEM-0001 Sample seminar``.

    The arguments are the values of :func:`get_label_columns`; the label is the code
    alone if no title is available in a fallback language.
    """
    language = get_active_language()
    texts = dict(zip(get_fallback_chain(language), titles, strict=True))
    title = choose_localized_text(texts, language)
    return f"{code} {title}" if title else str(code)


def load_record_labels(
    pks_by_model: Mapping[type[Publishable], Iterable[int]],
) -> dict[RecordKey, str]:
    """Return the labels of records of any number of models, by model and primary key.

    Runs one query per model; records that were deleted have no key in the result.
    """
    return {
        (model, pk): format_record_label(code, titles)
        for model, pks in pks_by_model.items()
        for pk, code, *titles in models.QuerySet(model)
        .filter(pk__in=pks)
        .order_by()
        .values_list("pk", *get_label_columns(model))
    }
