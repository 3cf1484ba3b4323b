"""Fields of records that people edited, which loading the public record keeps."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models

from portal.content.spreadsheets.audit_entries import get_audited_field
from portal.content.spreadsheets.columns import Column, DateColumn
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import get_direct_columns
from portal.core.audit.field_edits import FieldEdit, FieldKey, load_field_edits

_BASIS_SUFFIX = "_basis"


def find_edited_fields(
    resource: Resource, records: list[models.Model], *, program
) -> dict[int, dict[str, FieldEdit]]:
    """Return the fields that other users than ``program`` edited or propose to edit.

    The result maps the primary key of a record to its edits by the field of a column.
    With a field, all fields that state the same fact count as edited.
    """
    columns = get_direct_columns(resource)
    groups = get_joint_fields(resource)
    edited_fields = {}
    for pk, edits in load_field_edits(records, program=program).items():
        by_field = {
            column.field: edit
            for column in columns
            if (edit := _find_edit(resource.model, column, edits))
        }
        for group in groups:
            edited = [by_field[name] for name in group if name in by_field]
            by_field = {**{name: edited[0] for name in group if edited}, **by_field}
        edited_fields[pk] = by_field
    return edited_fields


def get_joint_fields(resource: Resource) -> list[tuple[str, ...]]:
    """Return the groups of fields of ``resource`` that state one fact together."""
    fields = {column.header: column.field for column in resource.columns}
    bases = [
        (fields[header.removesuffix(_BASIS_SUFFIX)], name)
        for header, name in fields.items()
        if header.endswith(_BASIS_SUFFIX)
        and header.removesuffix(_BASIS_SUFFIX) in fields
    ]
    dates = [
        (column.field, column.precision)
        for column in resource.columns
        if isinstance(column, DateColumn) and column.precision
    ]
    return [*resource.joint_fields, *dates, *bases]


def _find_edit(
    model: type[models.Model], column: Column, edits: dict[FieldKey, FieldEdit]
) -> FieldEdit | None:
    """Return the edit of the field or, for a relation, of the child rows of a column.

    Imports of sheets record the child rows as one field of the record.
    """
    field = model._meta.get_field(column.model_field)
    edit = edits.get(get_audited_field(model, column))
    if edit is None and (isinstance(field, GenericRelation) or field.one_to_many):
        edit = edits.get((field.related_model._meta.label_lower, ""))
    return edit
