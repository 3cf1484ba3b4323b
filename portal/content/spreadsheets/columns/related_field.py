"""Columns of a record that a foreign key refers to, such as a participant's person."""

from dataclasses import dataclass

from django.db import models

from portal.content.spreadsheets.columns.value_columns import Column


@dataclass(frozen=True)
class RelatedFieldColumn(Column):
    """The column ``column`` of the record that ``relation`` points to.

    Cells are parsed and formatted here, but the value is planned and saved with the
    related record.
    """

    relation: str
    column: Column

    @classmethod
    def for_columns(
        cls, relation: str, columns: list[Column]
    ) -> list["RelatedFieldColumn"]:
        """Return ``columns`` as columns of the record that ``relation`` points to."""
        return [
            cls(
                column.header,
                f"{relation}.{column.field}",
                relation,
                column,
                heading_zh=column.heading_zh,
                other_headings=column.other_headings,
            )
            for column in columns
        ]

    def normalize_cell(self, cell, names):
        return self.column.normalize_cell(cell, names)

    def parse_cell(self, cell, keys):
        return self.column.parse_cell(cell, keys)

    def format_cell(self, value):
        return self.column.format_cell(value)

    def get_allowed_values(self):
        return self.column.get_allowed_values()

    def describe_format(self):
        return self.column.describe_format()

    def get_example(self):
        return self.column.get_example()

    def get_value(self, record, links):
        return self.column.get_value(getattr(record, self.relation), links)

    def format_for_readers(self, record, links, names):
        return self.column.format_for_readers(
            getattr(record, self.relation), links, names
        )

    def set_value(self, record, value, keys):
        """Do nothing: the value is saved with the related record."""


def innermost(column: Column) -> Column:
    """Return the column behind nested related-record columns.

    A column of the record itself is returned unchanged.
    """
    while isinstance(column, RelatedFieldColumn):
        column = column.column
    return column


def get_model_field(model: type[models.Model], column: Column) -> models.Field:
    """Return the field of ``column``, which may be one of a related record."""
    while isinstance(column, RelatedFieldColumn):
        model = model._meta.get_field(column.relation).related_model
        column = column.column
    return model._meta.get_field(column.model_field)
