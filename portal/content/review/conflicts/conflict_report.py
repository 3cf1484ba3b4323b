"""Descriptions of edit conflicts for the form page: label and values as text."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.utils.html import format_html_join
from django.utils.text import capfirst

from portal.content.review.conflicts.baseline import FormValues
from portal.content.review.conflicts.form_values import Value
from portal.content.review.conflicts.merge import Conflict
from portal.core.audit.choices import AuditAction
from portal.core.audit.presentation import get_field_label
from portal.core.audit.snapshots import get_column_language, get_field_name
from portal.core.audit.value_formatting import ValueFormatter


@dataclass(frozen=True)
class ConflictDescription:
    """Display texts of one difference between the saved and the submitted form.

    ``baseline`` is the value when the form was opened, ``theirs`` the saved value and
    ``yours`` the submitted value. ``uses_theirs`` is True if the form now contains
    ``theirs``. ``name`` is the form field, "" for a whole inline row.
    """

    name: str
    label: str
    baseline: str
    theirs: str
    yours: str
    uses_theirs: bool


def describe(conflicts: Sequence[Conflict], *, viewer) -> list[ConflictDescription]:
    """Return display texts of ``conflicts`` for the user ``viewer``.

    Values are formatted as in the audit log. The names of related rows are loaded with
    one query for each model.
    """
    stored_values = (
        (conflict.model, name, _spell(conflict, name, value))
        for conflict in conflicts
        for values in (conflict.baseline, conflict.theirs, conflict.yours)
        for name, value in (values or {}).items()
        if name in conflict.form.fields
    )
    formatter = ValueFormatter(stored_values, viewer)
    return [_describe_conflict(conflict, formatter) for conflict in conflicts]


def _describe_conflict(
    conflict: Conflict, formatter: ValueFormatter
) -> ConflictDescription:
    name, labels = conflict.field_name, [conflict.title]
    versions = (conflict.baseline, conflict.theirs, conflict.yours)
    if name:
        labels.append(_get_label(conflict, name))
        texts = [
            _format_value(conflict, name, values, formatter) for values in versions
        ]
    else:
        texts = [_format_row(conflict, values, formatter) for values in versions]
    if conflict.baseline is None:
        texts[0] = ""
    return ConflictDescription(
        name, " · ".join(filter(None, labels)), *texts, conflict.uses_theirs
    )


def _format_row(conflict: Conflict, values: FormValues | None, formatter) -> str:
    """Return all values of an inline row, or that it was deleted."""
    if values is None:
        was_added = conflict.baseline is None and conflict.theirs is not None
        return "" if was_added else f"({AuditAction.DELETED.label})"
    texts = (
        (_get_label(conflict, name), _format_value(conflict, name, values, formatter))
        for name in values
        if name in conflict.form.fields
    )
    return format_html_join("\n", "{}: {}", (row for row in texts if row[1]))


def _format_value(
    conflict: Conflict, name: str, values: FormValues | None, formatter: ValueFormatter
) -> str:
    if values is None or name not in values:
        return ""
    precision_field = getattr(conflict.model, "date_precisions", {}).get(name)
    text, precision = _spell(conflict, name, values[name]), values.get(precision_field)
    return formatter.format(conflict.model, name, text, precision or "")


def _spell(conflict: Conflict, name: str, value: Value) -> str:
    """Return the value of a form field as it is spelled in the audit log."""
    field, parts = conflict.form.fields[name], value
    if not isinstance(value, list):
        parts = [value]
    parts = [str(part) for part in parts if part]
    if isinstance(field, forms.ModelChoiceField):
        parts = [f"#{part}" for part in parts]
    return (" " if isinstance(field, forms.MultiValueField) else "; ").join(parts)


def _get_label(conflict: Conflict, name: str) -> str:
    """Return the label of a form field, with its language if it is translated."""
    try:
        column = conflict.model._meta.get_field(name)
    except FieldDoesNotExist:
        return capfirst(str(conflict.form.fields[name].label or name))
    field_name, language = get_field_name(column), get_column_language(column)
    return get_field_label(conflict.model, field_name, language)
