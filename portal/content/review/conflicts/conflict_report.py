"""Descriptions of edit conflicts for the form page: field, values, user and time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import yesno
from django.utils.text import capfirst
from modeltranslation.utils import build_localized_fieldname

from portal.content.publishing.choices import Precision
from portal.content.review.conflicts.baseline import FormValues
from portal.content.review.conflicts.form_values import Value
from portal.content.review.conflicts.merge import FieldConflict
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.core.audit.presentation import get_field_label
from portal.core.audit.snapshots import get_column_language, get_field_name
from portal.core.translations.dates import format_known_date

# Maximum number of audit entries that are searched, newest first, for the author of a
# change.
_MAX_ENTRIES = 500


@dataclass(frozen=True)
class ConflictDescription:
    """Display texts of one difference between the saved and the submitted form.

    ``baseline`` is the value when the form was opened, ``theirs`` the value that
    ``changed_by`` saved at ``changed_at``, and ``yours`` the submitted value.
    ``uses_theirs`` is True if the form now contains ``theirs``. ``name`` is the form
    field, "" for a whole inline row.
    """

    name: str
    label: str
    baseline: str
    theirs: str
    yours: str
    uses_theirs: bool
    changed_by: object
    changed_at: dt.datetime | None


class ConflictReporter:
    """Converts the conflicts found in the form of ``record`` into display texts.

    ``since`` is the time of the record's last change before the form was opened, None
    if unknown. Needs one query for the audit entries and one for each relation with a
    conflict, however many rows there are.
    """

    def __init__(self, record: models.Model, *, since: dt.datetime | None):
        self.record = record
        entries = Deed.objects.for_record(record).select_related("by")
        if since is not None:
            entries = entries.filter(at__gt=since)
        self.audit_entries = list(entries[:_MAX_ENTRIES])
        self.authors = _collect_authors(self.audit_entries)
        self.names: dict[tuple[type, str], dict[str, str]] = {}

    @property
    def latest_change(self) -> tuple[object, dt.datetime | None]:
        """User and time of the last change of the record."""
        if self.audit_entries:
            return self.audit_entries[0].by, self.audit_entries[0].at
        return self.record.updated_by, self.record.updated_at

    def describe(self, conflicts: Sequence[FieldConflict]) -> list[ConflictDescription]:
        self.names = _load_related_names(conflicts)
        return [self._describe_conflict(conflict) for conflict in conflicts]

    def _describe_conflict(self, conflict: FieldConflict) -> ConflictDescription:
        user, changed_at = self._find_author(conflict)
        label = (
            _get_field_label(conflict.form, conflict.field_name)
            if conflict.field_name
            else ""
        )
        return ConflictDescription(
            conflict.field_name,
            " · ".join(filter(None, (conflict.title, label))),
            self._format_values(conflict, conflict.baseline, is_gone=False),
            self._format_values(conflict, conflict.theirs, is_gone=True),
            self._format_values(
                conflict, conflict.yours, is_gone=conflict.baseline is not None
            ),
            conflict.uses_theirs,
            user,
            changed_at,
        )

    def _find_author(
        self, conflict: FieldConflict
    ) -> tuple[object, dt.datetime | None]:
        model = getattr(conflict.form, "instance", self.record)._meta.label_lower
        row_key = str(self.record.pk) if conflict.row_key is None else conflict.row_key
        for name in (conflict.field_name, ""):
            if (model, row_key, name) in self.authors:
                return self.authors[model, row_key, name]
        return self.latest_change

    def _format_values(
        self, conflict: FieldConflict, values: FormValues | None, *, is_gone: bool
    ) -> str:
        if values is None:
            return (
                f"({AuditAction.DELETED.label})"
                if is_gone and not conflict.field_name
                else ""
            )
        if conflict.field_name:
            return self._format_value(conflict.form, conflict.field_name, values)
        texts = {
            _get_field_label(conflict.form, name): self._format_value(
                conflict.form, name, values
            )
            for name in values
            if name in conflict.form.fields
        }
        return "\n".join(f"{label}: {text}" for label, text in texts.items() if text)

    def _format_value(self, form: forms.BaseForm, name: str, values: FormValues) -> str:
        field, value = form.fields[name], values[name]
        model = getattr(form, "instance", None)
        precision = values.get(getattr(model, "date_precisions", {}).get(name))
        if precision in (Precision.MONTH, Precision.YEAR):
            return _format_known_date(value, precision)
        if isinstance(field, forms.ModelChoiceField):
            names_by_pk = self.names.get((type(form), name), {})
            return "; ".join(names_by_pk.get(pk, f"#{pk}") for pk in _as_list(value))
        return _format_field_value(field, value)


def _format_field_value(field: forms.Field, value: Value) -> str:
    if isinstance(field, forms.MultiValueField):
        parts = zip(field.fields, value, strict=False)
        return " ".join(
            filter(None, (_format_field_value(inner, part) for inner, part in parts))
        )
    if isinstance(field, forms.ChoiceField):
        labels = {
            str(key): str(label) for key, label in _flatten_choices(field.choices)
        }
        return "; ".join(labels.get(key, key) for key in _as_list(value))
    if isinstance(field, forms.BooleanField):
        return yesno(value == "True")
    if isinstance(field, (forms.DateField, forms.TimeField, forms.DateTimeField)):
        return _format_moment(field, value)
    return str(value)


def _format_known_date(value: str, precision: str) -> str:
    try:
        return format_known_date(dt.date.fromisoformat(value), precision)
    except ValueError:
        return value


def _format_moment(field: forms.Field, value: str) -> str:
    try:
        return str(field.widget.format_value(field.to_python(value)) or "")
    except forms.ValidationError:
        return value


def _flatten_choices(choices) -> list[tuple]:
    flat_choices = []
    for key, label in choices:
        flat_choices += label if isinstance(label, (list, tuple)) else [(key, label)]
    return flat_choices


def _as_list(value: Value) -> list[str]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _load_related_names(
    conflicts: Sequence[FieldConflict],
) -> dict[tuple[type, str], dict[str, str]]:
    """Return labels of related rows by (form class, field name) and primary key.

    Only rows in the queryset of the form field are loaded.
    """
    keys: dict[tuple[type, str], set[str]] = {}
    fields: dict[tuple[type, str], forms.ModelChoiceField] = {}
    for conflict in conflicts:
        for values in filter(
            None, (conflict.baseline, conflict.theirs, conflict.yours)
        ):
            for name, value in values.items():
                field = conflict.form.fields.get(name)
                if isinstance(field, forms.ModelChoiceField):
                    fields[type(conflict.form), name] = field
                    keys.setdefault((type(conflict.form), name), set()).update(
                        pk for pk in _as_list(value) if pk.isdecimal() and len(pk) < 19
                    )
    return {
        key: {
            str(row.pk): field.label_from_instance(row)
            for row in field.queryset.filter(pk__in=keys[key])
        }
        for key, field in fields.items()
        if keys[key]
    }


def _collect_authors(entries: Sequence[Deed]) -> dict[tuple[str, str, str], tuple]:
    """Return the user and time of the last change by (model, row, field name).

    The field name "" stands for any change of the row. The audit entries must be
    ordered newest first.
    """
    authors = {}
    for entry in entries:
        author = (entry.by, entry.at)
        for change in entry.changes:
            field, language = change["field"], change["language"]
            name = build_localized_fieldname(field, language) if language else field
            authors.setdefault((entry.model, entry.row, name), author)
        authors.setdefault((entry.model, entry.row, ""), author)
    return authors


def _get_field_label(form: forms.BaseForm, name: str) -> str:
    """Return the label of a form field, with its language if it is translated."""
    instance = getattr(form, "instance", None)
    try:
        column = instance._meta.get_field(name)
    except (AttributeError, FieldDoesNotExist):
        return capfirst(str(form.fields[name].label or name))
    model = type(instance)
    if column.many_to_many:
        return get_field_label(model, name, "")
    return get_field_label(model, get_field_name(column), get_column_language(column))
