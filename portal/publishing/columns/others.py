"""Columns that tell something of another row, to which the record points."""

from dataclasses import dataclass

from portal.publishing.columns.plain import Column


@dataclass(frozen=True)
class Of(Column):
    """``column`` of the row that the relation ``relation`` names, such as a person.

    It is read and told here, but what it says is planned and written with that row.
    """

    relation: str
    column: Column

    @classmethod
    def each(cls, relation: str, columns: list[Column]) -> list["Of"]:
        """All of ``columns``, told of the row that ``relation`` names."""
        return [
            cls(
                column.header,
                f"{relation}.{column.field}",
                relation,
                column,
                heading_zh=column.heading_zh,
            )
            for column in columns
        ]

    def tidy(self, cell, names):
        return self.column.tidy(cell, names)

    def read(self, cell, keys):
        return self.column.read(cell, keys)

    def cell(self, value):
        return self.column.cell(value)

    def value(self, record, links):
        return self.column.value(getattr(record, self.relation), links)

    def assign(self, record, value, keys):
        """It is the other row's to keep."""


def innermost(column: Column) -> Column:
    """The column of the other row that ``column`` shows, itself where it shows none."""
    while isinstance(column, Of):
        column = column.column
    return column
