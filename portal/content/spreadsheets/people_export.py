"""Export of records for people who read or print the list.

Headings, names, dates, choices and the status are written in the active language. Such
a file is not made to be imported again.
"""

from collections.abc import Iterator

from django.db import models
from django.utils.text import capfirst

from portal.content.publishing.links import load_links
from portal.content.publishing.models import Publishable
from portal.content.spreadsheets.columns import (
    ChoiceColumn,
    Column,
    DateColumn,
    DecimalColumn,
    IntegerColumn,
    NameIndex,
    NullBooleanColumn,
)
from portal.content.spreadsheets.columns.related_field import (
    get_model_field,
    innermost,
)
from portal.content.spreadsheets.headings import get_heading_for_readers
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE, Resource
from portal.content.spreadsheets.xlsx_writing import SheetLayout
from portal.core.translations.localized_text import get_active_language

# Column widths in characters, by class of the column; the first match applies.
_WIDTHS = (
    ((IntegerColumn, DecimalColumn, NullBooleanColumn), 10),
    ((DateColumn, ChoiceColumn), 18),
)
_LINE_WIDTH, _TEXT_WIDTH, _STATUS_WIDTH = 26, 48, 12


def build_list_for_readers(
    resource: Resource, pks: list[int]
) -> tuple[list[list[str]], SheetLayout]:
    """Return the headings and rows of the records ``pks``, in order, and their layout.

    Columns without a value in any of the rows are left out, so that the list fits on
    paper. The caller limits the number of records.
    """
    columns, has_status = _get_columns(resource), _has_status(resource)
    headings = [get_heading_for_readers(resource, column) for column in columns]
    widths = [get_width(resource.model, column) for column in columns]
    if has_status:
        status = resource.model._meta.get_field("status")
        headings.append(capfirst(str(status.verbose_name)))
        widths.append(_STATUS_WIDTH)
    rows = list(_iterate_rows(resource, columns, pks, has_status=has_status))
    kept = [
        index
        for index in range(len(headings))
        if not rows or any(row[index] for row in rows)
    ]
    layout = SheetLayout(
        name=capfirst(str(resource.model._meta.verbose_name_plural)),
        widths=[widths[index] for index in kept],
        is_for_readers=True,
    )
    return [[row[index] for index in kept] for row in (headings, *rows)], layout


def _iterate_rows(
    resource: Resource, columns: list[Column], pks: list[int], *, has_status: bool
) -> Iterator[list[str]]:
    names, language = NameIndex(), get_active_language()
    for start in range(0, len(pks), QUERY_BATCH_SIZE):
        batch = pks[start : start + QUERY_BATCH_SIZE]
        records = list(resource.get_queryset().filter(pk__in=batch))
        links = load_links(records, language)
        records_by_pk = {record.pk: record for record in records}
        for record in (records_by_pk[pk] for pk in batch if pk in records_by_pk):
            row = [
                column.format_for_readers(record, links[record.pk], names)
                for column in columns
            ]
            yield [*row, str(record.get_status_display())] if has_status else row


def _get_columns(resource: Resource) -> list[Column]:
    """Return the columns without those of date precisions.

    Dates for readers show how exact they are.
    """
    precisions = {
        column.precision
        for column in resource.columns
        if isinstance(column, DateColumn) and column.precision
    }
    return [column for column in resource.columns if column.field not in precisions]


def _has_status(resource: Resource) -> bool:
    return issubclass(resource.model, Publishable)


def get_width(model: type[models.Model], column: Column) -> int:
    """Return the width of ``column`` in characters."""
    for classes, width in _WIDTHS:
        if isinstance(innermost(column), classes):
            return width
    is_text = isinstance(get_model_field(model, column), models.TextField)
    return _TEXT_WIDTH if is_text else _LINE_WIDTH
