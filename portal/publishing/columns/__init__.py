"""Columns of a spreadsheet: how a cell is read, checked, and told again."""

from portal.publishing.columns.cells import BadCell, Keys, split
from portal.publishing.columns.plain import (
    Choice,
    Codes,
    Column,
    Day,
    Lines,
    Number,
    Translated,
    YesNo,
)
from portal.publishing.columns.related import (
    Items,
    Parties,
    Reference,
    References,
    Sources,
)

__all__ = [
    "BadCell",
    "Choice",
    "Codes",
    "Column",
    "Day",
    "Items",
    "Keys",
    "Lines",
    "Number",
    "Parties",
    "Reference",
    "References",
    "Sources",
    "Translated",
    "YesNo",
    "split",
]
