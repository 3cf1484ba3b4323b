"""Rows of a table as values: tidied, read, and judged cell by cell."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.publishing.characters import check_readable, is_usual, plain
from portal.publishing.columns import BadCell, Column, Day, Keys, Names
from portal.publishing.columns.cells import NumberText
from portal.publishing.columns.others import Of
from portal.publishing.plans import RowError, RowWarning
from portal.publishing.resources import Resource
from portal.publishing.rich_text import as_kept
from portal.publishing.spreadsheets.headings import Placed, Table, heading
from portal.publishing.spreadsheets.questions import Answers, Question
from portal.translations.cleaning import clean_text

# By the length of a day that is written as exactly as it is known.
_PRECISIONS = {10: "day", 7: "month", 4: "year"}
_FIRST = {10: "", 7: "-01", 4: "-01-01"}
_PARTS_OF_DAY = re.compile("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass
class Told:
    """What one row of a sheet says: tidied ``cells`` and ``values``, by field.

    ``bad`` are the fields whose cells cannot be used; ``errors`` say why.
    """

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)


class Rows:
    """Reads the rows of ``table``; ``file`` is named in errors.

    ``answers`` are the clerk's to the questions of an earlier check. ``warnings`` and
    ``questions`` are added while rows are read and planned.
    """

    def __init__(
        self,
        resource: Resource,
        table: Table,
        file: str,
        answers: Answers | None = None,
    ):
        self.resource, self.table, self.file = resource, table, file
        self.answers = answers or {}
        self.warnings: list[RowWarning] = []
        self.questions: list[Question] = []
        self.keys, self.names = Keys(), Names()
        self._headings = {
            placed.column.field: placed.heading for placed in table.columns
        }
        self._columns = {column.field: column for column in resource.columns}
        self._lines = {
            column.field
            for column in resource.columns
            if _is_line(resource.model, column)
        }

    def tidied(self) -> list[Told]:
        """Every row with its cells; nothing is read of them yet."""
        return [self._tidied(number, cells) for number, cells in self.table.rows]

    def read(self, told: Told) -> None:
        """Read the cells of a row into its values; what cannot be is an error of it."""
        for name, cell in told.cells.items():
            if name in told.bad:
                continue
            try:
                value = self._columns[name].read(cell, self.keys)
                told.values[name] = as_kept(self.resource.model, name, value)
            except BadCell as problem:
                self._refuse(told, name, str(problem))

    def _refuse(self, told: Told, name: str, remedy: str) -> None:
        told.errors.append(self.error(told, name, remedy))
        told.bad.add(name)

    def error(self, told: Told, name: str, remedy: str) -> RowError:
        """An error of the field ``name`` of the row, or of the row as a whole."""
        cell = told.cells.get(name, "")
        return RowError(self.file, told.number, self.heading_of(name), cell, remedy)

    def warn(self, told: Told, name: str, text: str) -> None:
        """Warn of the field ``name`` of the row, or of the row as a whole."""
        cell = told.cells.get(name, "")
        self.warnings.append(RowWarning(told.number, self.heading_of(name), cell, text))

    def ask(self, question: Question) -> str:
        """The clerk's answer; "" when there is none yet, and the question is asked."""
        answer = question.answer(self.answers)
        self.questions.append(question)
        return answer

    def heading_of(self, name: str) -> str:
        """The heading of the field ``name`` in the sheet, "-" for no column."""
        named = self._headings.get(name, "-")
        if named == "-" and name in self._columns:
            named = heading(self.resource, self._columns[name])
        return named

    def _tidied(self, number: int, cells: list[str]) -> Told:
        told = Told(number)
        for placed in self.table.columns:
            name = placed.column.field
            written = cells[placed.position] if placed.position < len(cells) else ""
            if isinstance(written, NumberText) or is_usual(written):
                told.cells[name] = self._tidy(placed, written)
                continue
            written = clean_text(written, is_line=name in self._lines)
            told.cells[name] = self._tidy(placed, written)
            try:
                check_readable(written)
            except ValidationError as problem:
                self._refuse(told, name, problem.message)
        for placed in self.table.columns:
            self._date(told, placed.column)
        return told

    def _tidy(self, placed: Placed, written: str) -> str:
        cell = placed.column.tidy(written, self.names)
        return plain(cell) if placed.column.field == self.resource.key else cell

    def _date(self, told: Told, column: Column) -> None:
        """A month or a year says by itself how exactly it is known."""
        if not isinstance(column, Day) or not column.precision:
            return
        written = told.cells[column.field]
        if column.field in told.bad or not _PARTS_OF_DAY.fullmatch(written):
            return
        known = _PRECISIONS[len(written)]
        asked = told.cells.get(column.precision)
        if known != "day" and asked == "day":
            remedy = _(
                "Only a month or a year is written; write the day, or not “day”."
            )
            self._refuse(told, column.field, remedy)
        told.cells[column.field] = written + _FIRST[len(written)]
        told.cells[column.precision] = asked or known


class PartRows:
    """The rows of a sheet as far as they tell of another record, such as a person.

    ``resource`` is that record's, ``relation`` the way to it; errors name the columns
    of the sheet.
    """

    def __init__(self, rows: Rows, resource: Resource, relation: str):
        self.resource = resource
        self.keys, self.names = rows.keys, rows.names
        self._rows, self._prefix = rows, f"{relation}."

    def part(self, told: Told) -> Told:
        """What a row that was read says of the other record."""
        bad = set(self._of(dict.fromkeys(told.bad)))
        return Told(told.number, self._of(told.cells), self._of(told.values), bad=bad)

    def error(self, told: Told, name: str, remedy: str) -> RowError:
        return self._rows.error(self._whole(told), f"{self._prefix}{name}", remedy)

    def warn(self, told: Told, name: str, text: str) -> None:
        self._rows.warn(self._whole(told), f"{self._prefix}{name}", text)

    def ask(self, question: Question) -> str:
        return self._rows.ask(question)

    def heading_of(self, name: str) -> str:
        return self._rows.heading_of(f"{self._prefix}{name}")

    def _whole(self, told: Told) -> Told:
        cells = {f"{self._prefix}{key}": cell for key, cell in told.cells.items()}
        return Told(told.number, cells)

    def _of(self, told: dict) -> dict:
        return {
            name.removeprefix(self._prefix): value
            for name, value in told.items()
            if name.startswith(self._prefix)
        }


def same_cell(
    column: Column,
    cell: str,
    value,
    names: Names,
    model: type[models.Model] | None = None,
) -> bool:
    """Whether a tidied cell says what ``value`` says, as a clerk would write it.

    ``model`` is that of the record, which says whether a text is one line.

    Values that no cell can hold, such as a line with a semicolon, are left alone so;
    so are invisible characters of a record.
    """
    written = column.cell(value)
    if not isinstance(written, NumberText):
        is_line = model is not None and _is_line(model, column)
        written = clean_text(written, is_line=is_line)
    return cell == column.tidy(written, names)


def _is_line(model: type[models.Model], column: Column) -> bool:
    """Whether ``column`` holds a text without line ends: that of a short text field."""
    while isinstance(column, Of):
        model = model._meta.get_field(column.relation).related_model
        column = column.column
    return isinstance(model._meta.get_field(column.field), models.CharField)


def own_columns(resource: Resource) -> list[Column]:
    """The columns that stand on the record itself or on what hangs on it.

    Its number, which tells it from others, is no column of these: it never changes.
    """
    return [
        column
        for column in resource.columns
        if not isinstance(column, Of) and column.field != "id"
    ]
