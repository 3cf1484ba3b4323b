"""Workbook with the headings of a kind of record, to fill in and import.

The first sheet has the headings in the active language and drop-down lists, the second
one explains each column.
"""

from typing import BinaryIO

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from portal.content.spreadsheets.columns import Column, DateColumn
from portal.content.spreadsheets.columns.related_field import (
    get_model_field,
    innermost,
)
from portal.content.spreadsheets.headings import get_heading
from portal.content.spreadsheets.people_export import get_width
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.xlsx_writing import SheetLayout, write_workbook

_EXPLANATION_WIDTHS = (26, 12, 48, 36, 40, 30)


def write_blank_workbook(out: BinaryIO, resource: Resource) -> None:
    """Write the workbook of ``resource`` to ``out``."""
    columns = resource.columns
    sheet = SheetLayout(
        name=capfirst(str(resource.model._meta.verbose_name_plural)),
        widths=[get_width(resource.model, column) for column in columns],
        is_for_readers=True,
        choices={
            index: values
            for index, column in enumerate(columns)
            if (values := column.get_allowed_values())
        },
    )
    explanation = SheetLayout(
        name=_("Explanation of the columns"),
        widths=_EXPLANATION_WIDTHS,
        is_for_readers=True,
    )
    headings = [get_heading(resource, column) for column in columns]
    write_workbook(
        out, [([headings], sheet), (_build_explanation(resource), explanation)]
    )


def _build_explanation(resource: Resource) -> list[list[str]]:
    headings = [
        _("Column"),
        _("Required"),
        _("Meaning"),
        _("Allowed values"),
        _("How to write it"),
        _("Example"),
    ]
    return [headings, *(_explain(resource, column) for column in resource.columns)]


def _explain(resource: Resource, column: Column) -> list[str]:
    return [
        get_heading(resource, column),
        _("Yes") if _is_required(resource, column) else _("No"),
        _get_meaning(resource, column),
        "\n".join(column.get_allowed_values()),
        column.describe_format(),
        column.get_example(),
    ]


def _is_required(resource: Resource, column: Column) -> bool:
    """Return whether a new record needs a value in this column."""
    if innermost(column).is_derivable:
        return False
    model_field = get_model_field(resource.model, column)
    if not isinstance(model_field, models.Field) or isinstance(
        model_field, (GenericRelation, models.AutoField)
    ):
        return False
    return not model_field.blank and not model_field.has_default()


def _get_meaning(resource: Resource, column: Column) -> str:
    model_field = get_model_field(resource.model, column)
    is_key = column.field == resource.key or innermost(column).field == "id"
    if is_key and not _is_required(resource, column):
        return _("It identifies a record that exists. Leave it empty for a new record.")
    if innermost(column).is_derivable:
        return _("If it is empty, it is filled from the other columns of the row.")
    if column.field in _get_precisions(resource):
        return _("How exact the date is. Leave it empty: the date itself shows it.")
    if column.field.endswith("_as_recorded"):
        return _("The wording of the source, unchanged.")
    if isinstance(model_field, TranslationField):
        model_field = model_field.translated_field
    return str(getattr(model_field, "help_text", ""))


def _get_precisions(resource: Resource) -> set[str]:
    """Return the fields with the precision of a date."""
    return {
        column.precision
        for column in resource.columns
        if isinstance(column, DateColumn) and column.precision
    }
