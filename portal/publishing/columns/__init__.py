"""Columns of a spreadsheet: how a cell is read, checked, and told again."""

from portal.publishing.columns.cells import BadCell, Keys, split
from portal.publishing.columns.names import Names
from portal.publishing.columns.others import Of
from portal.publishing.columns.plain import (
    Choice,
    Codes,
    Column,
    Day,
    Decimals,
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
    "Decimals",
    "Items",
    "Keys",
    "Lines",
    "Names",
    "Number",
    "Of",
    "Parties",
    "Reference",
    "References",
    "Sources",
    "Translated",
    "YesNo",
    "split",
]
