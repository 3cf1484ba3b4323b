"""What an import and its undoing tell the history, row by row."""

from django.db import models
from modeltranslation.fields import TranslationField

from portal.history import operations as history
from portal.history.comparing import FieldChange
from portal.publishing.columns import Column
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.rows import own_columns


def deed(
    resource: Resource,
    record: models.Model,
    verb: str,
    *,
    before: dict[str, object],
    after: dict[str, object],
    note: str,
) -> history.Told:
    """The deed done to one record, with its ``before`` and ``after`` by field."""
    changes = [
        _change(column, record, before.get(column.field), after.get(column.field))
        for column in own_columns(resource)
        if column.field in before or column.field in after
    ]
    changes = [change for change in changes if change.old != change.new]
    return history.tell(record, verb, changes=changes, note=note)


def _change(column: Column, record: models.Model, before, after) -> FieldChange:
    named = record._meta.get_field(column.field)
    name, language = column.field, ""
    if isinstance(named, TranslationField):
        name, language = named.translated_field.name, named.language
    is_personal = name in getattr(record, "personal_fields", ())
    return FieldChange(
        name, language, _text(column, before), _text(column, after), is_personal
    )


def _text(column: Column, value) -> str:
    return "" if value is None else column.cell(value)
