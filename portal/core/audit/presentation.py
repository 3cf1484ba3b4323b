"""Presentation of audit entries: field labels, language names and formatted values."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.core.audit.diff import FieldChange
from portal.core.audit.display_names import (
    can_view_model,
    find_model,
    get_model_verbose_name,
    is_personal_data_hidden,
    iterate_display_names,
)
from portal.core.audit.models import Deed, PersonalValue
from portal.core.audit.past_names import load_object_names
from portal.core.audit.precisions import Precisions
from portal.core.audit.value_formatting import StoredValue, ValueFormatter
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.field_labels import build_field_label

# Names are truncated to this many characters.
_MAX_NAME_LENGTH = 80
_PRIMARY_KEY_PATTERN = re.compile("[0-9]{1,18}")

# Displayed in place of a personal value that is no longer in the database.
_ERASED = gettext_lazy("(deleted)")

# None if the model was removed from the code.
ModelOrNone = type[models.Model] | None


@dataclass(frozen=True)
class FormattedChange:
    """Change of one field, formatted for display.

    ``label`` is the field label with the language name. ``old`` and ``new`` are the
    formatted values; safe HTML is a SafeString. ``language`` is the BCP 47 tag of the
    values, "" if the field is not translated. ``key`` identifies the field on pages
    where it can be commented, elsewhere "".
    """

    label: str
    old: str
    new: str
    language: str = ""
    key: str = ""


def format_changes(
    entries: Sequence[Deed], *, viewer
) -> Iterator[tuple[Deed, list[FormattedChange]]]:
    """Yield each audit entry with its changes, formatted for the user ``viewer``.

    Related rows have the names that they had at the time. Erased personal values are
    shown as "(erased)". Changes of personal data that the user may not view are shown
    as "(personal data)" without the values.
    """
    personal_values = {
        (value.deed_id, value.field, value.language): value
        for value in PersonalValue.objects.filter(deed__in=entries)
    }
    precisions = Precisions(entries)
    restored_entries = [
        (
            entry,
            find_model(entry.model),
            [
                _restore_personal_values(entry, change, personal_values, precisions)
                for change in entry.changes
            ],
        )
        for entry in entries
    ]
    values = build_value_formatter(
        (
            (model, change)
            for _entry, model, changes in restored_entries
            for change in changes
        ),
        viewer,
        since=min((entry.position for entry in entries), default=0),
    )
    for entry, model, changes in restored_entries:
        yield (
            entry,
            [
                format_field_change(
                    model, change, values, viewer, position=entry.position
                )
                for change in changes
            ],
        )


def describe_objects(entries: Sequence[Deed], *, viewer) -> list[str]:
    """Return a description of the changed row of each entry, for the user ``viewer``.

    For example ``Seminar session “Opening”``, with the name that the row had after the
    entry. A row without a name, or whose name the
    user may not view, is described by its primary key (``Seminar session #12``). A row
    with personal data that the user may not view is described by its model only.
    """
    models_by_label = _find_models(entries)
    past_names = load_object_names(entries, models_by_label, viewer=viewer)
    ids_by_model: dict[type[models.Model], set[int]] = defaultdict(set)
    for entry in entries:
        model = models_by_label.get(entry.model)
        record = models_by_label.get(entry.record_model)
        if (
            model
            and record
            and can_view_model(viewer, record)
            and _PRIMARY_KEY_PATTERN.fullmatch(entry.row)
        ):
            ids_by_model[model].add(int(entry.row))
    names = {
        (model._meta.label_lower, str(pk)): name
        for model, pks in ids_by_model.items()
        for pk, name in get_display_names(model, pks, viewer=viewer).items()
    }
    descriptions = []
    for entry in entries:
        model = models_by_label.get(entry.model)
        past_name = past_names.get(model, entry.row, entry.position) if model else ""
        name = past_name or names.get((entry.model, entry.row), "")
        descriptions.append(_describe_object(entry, name, viewer))
    return descriptions


def _find_models(entries: Sequence[Deed]) -> dict[str, type[models.Model]]:
    """Return the models of entries and of their records that are still in the code."""
    labels = {label for entry in entries for label in (entry.model, entry.record_model)}
    models_by_label = {label: find_model(label) for label in labels}
    return {label: model for label, model in models_by_label.items() if model}


def get_display_names(
    model: type[models.Model], pks: Iterable[int], *, viewer
) -> dict[int, str]:
    """Return the current display names of rows by primary key.

    Rows without a name, or whose name ``viewer`` may not see, are left out.
    """
    rows = models.QuerySet(model).filter(pk__in=pks)
    return {row.pk: name for row, name in iterate_display_names(rows, viewer)}


def format_object_label(kind: str, name: str) -> str:
    """Return the model's verbose name and the name of a row: ``Seminar “Opening”``.

    Plain text is truncated; safe HTML is not.
    """
    if hasattr(name, "__html__"):
        return format_html("{} “{}”", capfirst(kind), name)
    return f"{capfirst(kind)} “{Truncator(name).chars(_MAX_NAME_LENGTH)}”"


def get_visible_reason(entry: Deed, *, viewer) -> str:
    """Return the reason of an entry, or "" if it may contain hidden personal data.

    This is the case if ``viewer`` may not view personal data of the entry's model.
    """
    model = find_model(entry.model)
    return "" if model and is_personal_data_hidden(model, viewer) else entry.note


def build_value_formatter(
    changes: Iterable[tuple[ModelOrNone, FieldChange]],
    viewer,
    *,
    since: int | None = None,
) -> ValueFormatter:
    """Return a formatter for the values of all ``changes``, for the user ``viewer``.

    Names of related rows are loaded at once, not for each change. ``since`` is the
    position of the first audit entry, None for changes that are in no entry.
    """
    return ValueFormatter(_iterate_visible_values(changes, viewer), viewer, since=since)


def format_field_change(
    model: ModelOrNone,
    change: FieldChange,
    formatter: ValueFormatter,
    viewer,
    *,
    position: int | None = None,
) -> FormattedChange:
    """Format the change of one field of ``model`` for the user ``viewer``.

    ``position`` is that of the audit entry, None if the change is in no entry. The
    values of personal data that the user may not view are replaced.
    """
    label = get_field_label(model, change.field, change.language)
    if _is_hidden(model, change, viewer):
        return FormattedChange(label, _("(personal data)"), _("(personal data)"))
    if change.old is _ERASED:
        return FormattedChange(label, str(_ERASED), str(_ERASED))
    tag = (
        LANGUAGES_BY_CODE[change.language].tag
        if change.language in LANGUAGES_BY_CODE
        else ""
    )
    texts = [change.old, change.new]
    if model:
        texts = [
            formatter.format(model, change.field, value, precision, position=position)
            for value, precision in zip(texts, change.precisions, strict=True)
        ]
    return FormattedChange(label, *texts, tag)


def is_personal_field_hidden(model: type[models.Model], field: str, viewer) -> bool:
    """Return whether a field contains personal data that ``viewer`` may not view.

    This is the case if the model itself, or the model to which the field relates, holds
    personal data.
    """
    try:
        related = model._meta.get_field(field).related_model
    except FieldDoesNotExist:
        related = None
    return is_personal_data_hidden(model, viewer) or bool(
        related and is_personal_data_hidden(related, viewer)
    )


def get_field_label(model: ModelOrNone, field: str, language: str) -> str:
    """Return the label of a field, followed by the name of the language in brackets.

    If the field or its model was removed from the code, the label is the stored name.
    """
    return _build_field_label(model, field, language, get_language())


@lru_cache(maxsize=4096)
def _build_field_label(
    model: ModelOrNone, field: str, language: str, active_language: str | None
) -> str:
    """Return a label in the active language, which is named as a key of the cache.

    An export needs the label of a field for each of many thousand changes.
    """
    try:
        name = str(model._meta.get_field(field).verbose_name)
    except (FieldDoesNotExist, AttributeError):
        name = field  # the field or its model was removed from the code
    label = capfirst(name)
    return (
        build_field_label(label, language) if language in LANGUAGES_BY_CODE else label
    )


def _iterate_visible_values(changes, viewer) -> Iterator[StoredValue]:
    for model, change in changes:
        if (
            model
            and change.old is not _ERASED
            and not _is_hidden(model, change, viewer)
        ):
            yield model, change.field, change.old
            yield model, change.field, change.new


def _is_hidden(model: ModelOrNone, change: FieldChange, viewer) -> bool:
    if change.is_personal and not (model and can_view_model(viewer, model)):
        return True
    return bool(model) and is_personal_field_hidden(model, change.field, viewer)


def _restore_personal_values(
    entry: Deed, change: dict, personal_values: dict, precisions: Precisions
) -> FieldChange:
    """Convert a stored change to a FieldChange.

    Personal values are added from the database, or the change is marked as erased.
    """
    field, language = change["field"], change["language"]
    if "old" in change:
        return FieldChange(
            field,
            language,
            change["old"],
            change["new"],
            precisions=precisions.get(entry, field),
        )
    value = personal_values.get((entry.pk, field, language))
    if value is None:
        return FieldChange(field, language, _ERASED, _ERASED, True)
    return FieldChange(field, language, value.old, value.new, True)


def _describe_object(entry: Deed, name: str, viewer) -> str:
    kind, model = get_model_verbose_name(entry.model), find_model(entry.model)
    if name:
        return format_object_label(kind, name)
    if model and is_personal_data_hidden(model, viewer):
        return capfirst(kind)
    return f"{capfirst(kind)} #{entry.row}"
