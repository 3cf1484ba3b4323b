"""Audit entries of imports and of their undo."""

from django.db import models
from modeltranslation.fields import TranslationField

from portal.content.spreadsheets.columns import Column
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import get_direct_columns
from portal.core.audit import operations as audit
from portal.core.audit.diff import FieldChange


def build_row_entry(
    resource: Resource,
    record: models.Model,
    verb: str,
    *,
    before: dict[str, object],
    after: dict[str, object],
    note: str,
) -> audit.PendingAuditEntry:
    """Return the audit entry of a change to one record.

    ``before`` and ``after`` are values by field name; unchanged fields are left out.
    """
    changes = [
        _change(column, record, before.get(column.field), after.get(column.field))
        for column in get_direct_columns(resource)
        if column.field in before or column.field in after
    ]
    changes = [change for change in changes if change.old != change.new]
    return audit.build_pending_entry(record, verb, changes=changes, reason=note)


def _change(column: Column, record: models.Model, before, after) -> FieldChange:
    name, language = get_audited_field(type(record), column)
    is_personal = name in getattr(record, "personal_fields", ())
    return FieldChange(
        name, language, _text(column, before), _text(column, after), is_personal
    )


def get_audited_field(model: type[models.Model], column: Column) -> tuple[str, str]:
    """Return name and language ("" if not translated) of the field of ``column``."""
    field = model._meta.get_field(column.model_field)
    if isinstance(field, TranslationField):
        return field.translated_field.name, field.language
    return column.model_field, getattr(column, "language", "")


def _text(column: Column, value) -> str:
    return "" if value is None else column.format_cell(value)
