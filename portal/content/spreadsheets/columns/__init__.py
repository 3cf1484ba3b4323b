"""Column classes that parse, normalise and format the cells of a spreadsheet."""

from portal.content.spreadsheets.columns.cell_parsing import (
    InvalidCellError,
    KeyIndex,
    split_list,
)
from portal.content.spreadsheets.columns.name_index import NameIndex
from portal.content.spreadsheets.columns.related_field import RelatedFieldColumn
from portal.content.spreadsheets.columns.relation_columns import (
    ChildTextsColumn,
    ForeignKeyColumn,
    ManyToManyColumn,
    PartiesColumn,
    SourcesColumn,
)
from portal.content.spreadsheets.columns.value_columns import (
    BooleanColumn,
    ChoiceColumn,
    CodeListColumn,
    Column,
    DateColumn,
    DecimalColumn,
    IntegerColumn,
    NullBooleanColumn,
    TextListColumn,
    translated_column,
)

__all__ = [
    "BooleanColumn",
    "ChildTextsColumn",
    "ChoiceColumn",
    "CodeListColumn",
    "Column",
    "DateColumn",
    "DecimalColumn",
    "ForeignKeyColumn",
    "IntegerColumn",
    "InvalidCellError",
    "KeyIndex",
    "ManyToManyColumn",
    "NameIndex",
    "NullBooleanColumn",
    "PartiesColumn",
    "RelatedFieldColumn",
    "SourcesColumn",
    "TextListColumn",
    "split_list",
    "translated_column",
]
