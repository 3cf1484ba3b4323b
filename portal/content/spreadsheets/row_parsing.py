"""Parsing of sheet rows into values: cells are normalised, checked and parsed."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.content.form_fields.characters import (
    check_readable,
    describe_zawgyi,
    is_usual,
    plain,
)
from portal.content.publishing.rich_text import clean_cell_value
from portal.content.spreadsheets.columns import (
    Column,
    DateColumn,
    InvalidCellError,
    KeyIndex,
    NameIndex,
)
from portal.content.spreadsheets.columns.related_field import (
    RelatedFieldColumn,
    get_model_field,
)
from portal.content.spreadsheets.headings import PlacedColumn, SheetTable, get_heading
from portal.content.spreadsheets.import_plan import RowError, RowPlan, RowWarning
from portal.content.spreadsheets.questions import Answers, Question
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.sheet import NumberText
from portal.core.translations.cleaning import clean_text

# By length of the ISO date text: its precision, and the suffix for a full date.
_PRECISION_BY_LENGTH = {10: "day", 7: "month", 4: "year"}
_FIRST_DAY_SUFFIXES = {10: "", 7: "-01", 4: "-01-01"}
_PARTIAL_DATE = re.compile("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass
class ParsedRow:
    """Parsed row of a sheet: normalised ``cells`` and parsed ``values``, by field.

    ``invalid_fields`` are the fields whose cells cannot be used, ``errors`` the
    reasons. ``number`` is the row number in the file. ``former_cells`` are the cells of
    the key in the file if the record has another key. For ``code_owner``, ``file_code``
    and ``left_out`` see :class:`~portal.content.spreadsheets.import_plan.RowPlan`.
    """

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    invalid_fields: set[str] = field(default_factory=set)
    former_cells: dict[str, str] = field(default_factory=dict)
    code_owner: models.Model | None = None
    file_code: str = ""
    left_out: dict[str, str] = field(default_factory=dict)


class RowParser:
    """Parser of the rows of ``table``.

    ``file`` is the file name in errors, ``answers`` the user's answers to questions of
    an earlier check. ``key_index`` is shared by tables that refer to one another.
    ``warnings`` and ``questions`` are collected while rows are parsed and planned.
    """

    def __init__(
        self,
        resource: Resource,
        table: SheetTable,
        file: str,
        answers: Answers | None = None,
        key_index: KeyIndex | None = None,
    ):
        self.resource, self.table, self.file = resource, table, file
        self.answers = answers or {}
        self.warnings: list[RowWarning] = []
        self.questions: list[Question] = []
        self.key_index, self.name_index = key_index or KeyIndex(), NameIndex()
        self._headings = {
            placed.column.field: placed.heading for placed in table.columns
        }
        self._columns = {column.field: column for column in resource.columns}
        self._lines = {
            column.field
            for column in resource.columns
            if _is_line(resource.model, column)
        }

    def normalize_rows(self) -> list[ParsedRow]:
        """Return all rows with normalised cells; ``values`` are still empty.

        The keys of the rows are registered, so that rows can refer to one another.
        """
        parsed_rows = [
            self._normalize_row(number, cells) for number, cells in self.table.rows
        ]
        label, name = self.resource.model._meta.label, self.resource.key
        for parsed_row in parsed_rows:
            if key := parsed_row.cells.get(name):
                self.key_index.register(label, name, key)
        return parsed_rows

    def parse_row(self, parsed_row: ParsedRow) -> None:
        """Parse the cells of a row into its values and collect errors."""
        for name, cell in parsed_row.cells.items():
            if name in parsed_row.invalid_fields:
                continue
            try:
                value = self._columns[name].parse_cell(cell, self.key_index)
                parsed_row.values[name] = clean_cell_value(
                    self.resource.model, name, value
                )
            except InvalidCellError as error:
                self._add_error(parsed_row, name, str(error))

    def _add_error(self, parsed_row: ParsedRow, name: str, remedy: str) -> None:
        parsed_row.errors.append(self.build_error(parsed_row, name, remedy))
        parsed_row.invalid_fields.add(name)

    def build_error(
        self, parsed_row: ParsedRow | RowPlan, name: str, remedy: str
    ) -> RowError:
        """Return an error for the field ``name``.

        The error is for the whole row if no column has that field.
        """
        cell = parsed_row.cells.get(name, "")
        return RowError(
            self.file, parsed_row.number, self.heading_of(name), cell, remedy
        )

    def warn(self, parsed_row: ParsedRow, name: str, text: str) -> None:
        """Add a warning about the field ``name``.

        The warning is about the whole row if no column has that field.
        """
        cell = parsed_row.cells.get(name, "")
        self.warnings.append(
            RowWarning(parsed_row.number, self.heading_of(name), cell, text)
        )

    def ask(self, question: Question) -> str:
        """Add ``question`` and return the user's answer, "" if unanswered."""
        answer = question.answer(self.answers)
        self.questions.append(question)
        return answer

    def heading_of(self, name: str) -> str:
        """Return the heading of the field ``name``, "-" if it has no column."""
        named = self._headings.get(name, "-")
        if named == "-" and name in self._columns:
            named = get_heading(self.resource, self._columns[name])
        return named

    def _normalize_row(self, number: int, cells: list[str]) -> ParsedRow:
        parsed_row = ParsedRow(number)
        for placed in self.table.columns:
            name = placed.column.field
            text = cells[placed.index] if placed.index < len(cells) else ""
            if isinstance(text, NumberText) or is_usual(text):
                parsed_row.cells[name] = self._normalize_cell(placed, text)
                continue
            text = clean_text(text, is_line=name in self._lines)
            parsed_row.cells[name] = self._normalize_cell(placed, text)
            try:
                check_readable(text)
            except ValidationError as error:
                self._add_error(parsed_row, name, error.message)
            if warning := describe_zawgyi(text):
                self.warn(parsed_row, name, warning)
        for placed in self.table.columns:
            self._complete_date(parsed_row, placed.column)
        return parsed_row

    def _normalize_cell(self, placed: PlacedColumn, text: str) -> str:
        cell = placed.column.normalize_cell(text, self.name_index)
        return plain(cell) if placed.column.field == self.resource.key else cell

    def _complete_date(self, parsed_row: ParsedRow, column: Column) -> None:
        """Complete a partial date, such as a year, and set its precision field."""
        if not isinstance(column, DateColumn) or not column.precision:
            return
        text = parsed_row.cells[column.field]
        if column.field in parsed_row.invalid_fields or not _PARTIAL_DATE.fullmatch(
            text
        ):
            return
        precision = _PRECISION_BY_LENGTH[len(text)]
        entered_precision = parsed_row.cells.get(column.precision)
        if precision != "day" and entered_precision == "day":
            remedy = _(
                "The date contains only a month or a year. Enter the full "
                "date, or choose a date precision other than “day”."
            )
            self._add_error(parsed_row, column.field, remedy)
        parsed_row.cells[column.field] = text + _FIRST_DAY_SUFFIXES[len(text)]
        parsed_row.cells[column.precision] = entered_precision or precision


class StrictRowParser(RowParser):
    """Parser of rows whose cells have the spelling that the columns accept."""

    def _normalize_row(self, number: int, cells: list[str]) -> ParsedRow:
        return ParsedRow(
            number,
            {placed.column.field: cells[placed.index] for placed in self.table.columns},
        )


class RelatedRowParser:
    """View of parsed rows restricted to the columns of a related record.

    The related record is, for example, the person of a participant. ``resource``
    describes it and ``relation`` is the lookup path to it. Errors and warnings refer to
    the columns of the sheet.
    """

    def __init__(self, row_parser: RowParser, resource: Resource, relation: str):
        self.resource = resource
        self.key_index, self.name_index = row_parser.key_index, row_parser.name_index
        self._row_parser, self._prefix = row_parser, f"{relation}."

    def extract(self, parsed_row: ParsedRow) -> ParsedRow:
        """Return the part of a parsed row that belongs to the related record."""
        invalid_fields = set(
            self._strip_prefix(dict.fromkeys(parsed_row.invalid_fields))
        )
        return ParsedRow(
            parsed_row.number,
            self._strip_prefix(parsed_row.cells),
            self._strip_prefix(parsed_row.values),
            invalid_fields=invalid_fields,
        )

    def build_error(self, related_row: ParsedRow, name: str, remedy: str) -> RowError:
        return self._row_parser.build_error(
            self._to_sheet_row(related_row), f"{self._prefix}{name}", remedy
        )

    def warn(self, related_row: ParsedRow, name: str, text: str) -> None:
        self._row_parser.warn(
            self._to_sheet_row(related_row), f"{self._prefix}{name}", text
        )

    def ask(self, question: Question) -> str:
        return self._row_parser.ask(question)

    def heading_of(self, name: str) -> str:
        return self._row_parser.heading_of(f"{self._prefix}{name}")

    def _to_sheet_row(self, related_row: ParsedRow) -> ParsedRow:
        cells = {
            f"{self._prefix}{key}": cell for key, cell in related_row.cells.items()
        }
        return ParsedRow(related_row.number, cells)

    def _strip_prefix(self, by_field: dict) -> dict:
        return {
            name.removeprefix(self._prefix): value
            for name, value in by_field.items()
            if name.startswith(self._prefix)
        }


def is_same_cell(
    column: Column,
    cell: str,
    value,
    names: NameIndex,
    model: type[models.Model],
) -> bool:
    """Return whether a normalised cell has the same meaning as ``value``.

    ``value`` is formatted and normalised like a cell and then compared as text. Stored
    values that a cell cannot express, such as a line with a semicolon or invisible
    characters, therefore count as unchanged. ``model`` is the model of the record; it
    decides whether a text has only one line.
    """
    formatted = column.format_cell(value)
    if not isinstance(formatted, NumberText):
        formatted = clean_text(formatted, is_line=_is_line(model, column))
    return cell == column.normalize_cell(formatted, names)


def _is_line(model: type[models.Model], column: Column) -> bool:
    """Return whether ``column`` holds single-line text: that of a CharField."""
    return isinstance(get_model_field(model, column), models.CharField)


def get_direct_columns(resource: Resource) -> list[Column]:
    """Return the columns stored on the record itself or on its child rows.

    Excludes columns of related records and ``id``, which never changes.
    """
    return [
        column
        for column in resource.columns
        if not isinstance(column, RelatedFieldColumn) and column.field != "id"
    ]
