"""Bringing rows of a spreadsheet into the record: check everything, then write it.

A resource says which columns a file has. ``plan`` reads rows and saves nothing: every
bad cell is found at once. ``portal.publishing.loading`` carries the plans out.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.languages import DEFAULT
from portal.publishing.columns import BadCell, Column, Day, Keys, Reference
from portal.publishing.links import load_links
from portal.publishing.models import EvidenceOnlyHost
from portal.translations.querysets import translated_fields

CREATED, UPDATED, UNCHANGED, KEPT = "created", "updated", "unchanged", "kept"


@dataclass(frozen=True)
class RowError:
    """Why a row cannot be used: where it stands, what stands there, what to do."""

    file: str
    row: int
    column: str
    value: str
    remedy: str

    def __str__(self):
        return _(
            "%(file)s, row %(row)s, column %(column)s, “%(value)s”: %(remedy)s"
        ) % {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value[:100],
            "remedy": self.remedy,
        }


class LoadRefused(ValueError):
    """Some rows are bad, so nothing was loaded. ``errors`` has a RowError for each."""

    def __init__(self, errors: list[RowError]):
        self.errors = errors
        super().__init__(
            _("%(count)s cells are bad. Nothing was loaded.") % {"count": len(errors)}
        )


@dataclass
class RowPlan:
    """What will be done with a row: ``record`` is unsaved when it is to be created."""

    number: int
    cells: dict[str, str]
    action: str
    record: models.Model
    values: dict[str, object]


@dataclass
class Plan:
    """What will be done with one file."""

    resource: "Resource"
    rows: list[RowPlan] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def count(self, action: str) -> int:
        return sum(1 for row in self.rows if row.action == action)


class Resource:
    """Rows of one kind of record."""

    file: ClassVar[str]
    model: ClassVar[type[models.Model]]
    key: ClassVar[str]
    columns: ClassVar[list[Column]]

    @property
    def key_column(self) -> Column:
        return next(column for column in self.columns if column.field == self.key)

    def defaults(self, values: dict) -> dict:
        """What a new record is given beside the columns; ``values`` are its cells'."""
        return {}

    def follow(self, record: models.Model, *, at: dt.datetime) -> None:
        """What follows when a row has changed a record, beside what is told of it."""

    def check_headings(self, headings: list[str]) -> list[RowError]:
        """An error for each heading that is missing, unknown or there twice."""
        known = [column.header for column in self.columns]
        errors = [
            RowError(self.file, 1, heading, "", _("Add this column."))
            for heading in known
            if heading not in headings
        ]
        errors += [
            RowError(self.file, 1, heading, "", _("Remove this column: it is unknown."))
            for heading in headings
            if heading not in known
        ]
        return errors or [
            RowError(self.file, 1, heading, "", _("Give this column once."))
            for heading in set(headings)
            if headings.count(heading) > 1
        ]

    def expect(self, rows: Iterable[dict[str, str]], keys: Keys) -> None:
        """Let the other files of a load point to the rows of this one."""
        for row in rows:
            keys.expect(self.model._meta.label, self.key, row[self.key_column.header])

    def plan(self, rows: list[dict[str, str]], keys: Keys, *, by) -> Plan:
        """What is to be done with ``rows`` (heading → cell) on behalf of ``by``.

        Row numbers in errors count the heading as row 1. A record that anyone but
        ``by`` changed last is kept as it is.
        """
        plan = Plan(self)
        present = self._present(rows)
        seen: set[str] = set()
        for number, row in enumerate(rows, start=2):
            values, errors = self._read(row, number, keys)
            key = row[self.key_column.header]
            if not errors and (not key or key in seen):
                errors = [
                    self._error(
                        number, self.key, row, _("Give each row a key of its own.")
                    )
                ]
            seen.add(key)
            if not errors:
                action, record = self._action(values, present.get(key), by=by)
                planned = RowPlan(number, row, action, record, values)
                if action in (CREATED, UPDATED):
                    errors = self._check(planned, keys)
                plan.rows.append(planned)
            plan.errors += errors
        return plan

    def tell(self, records: list[models.Model]) -> list[dict[str, object]]:
        """The values of every column for each of ``records``, by field name."""
        links = load_links(records, DEFAULT)
        return [
            {
                column.field: column.value(record, links[record.pk])
                for column in self.columns
            }
            for record in records
        ]

    def _present(self, rows) -> dict[str, tuple[models.Model, dict]]:
        keys = [row[self.key_column.header] for row in rows]
        found = list(self._records().filter(**{f"{self.key}__in": self._typed(keys)}))
        told = self.tell(found)
        return {
            str(getattr(record, self.key)): (record, values)
            for record, values in zip(found, told, strict=True)
        }

    def _records(self):
        direct = [column.field for column in self.columns if hasattr(column, "is_late")]
        names = {field.name for field in self.model._meta.fields if field.is_relation}
        related = [name for name in direct if name in names]
        return self.model.objects.select_related(*related, "updated_by")

    def _typed(self, keys: list[str]) -> list:
        key_field = self.model._meta.get_field(self.key)
        if isinstance(key_field, models.IntegerField):
            # Longer than any number the database holds: no record has it.
            return [int(key) for key in keys if re.fullmatch("[0-9]{1,18}", key)]
        return keys

    def _read(self, row, number, keys) -> tuple[dict, list[RowError]]:
        values, errors = {}, []
        for column in self.columns:
            cell = row[column.header]
            try:
                self._require(column, cell)
                values[column.field] = column.read(cell, keys)
            except BadCell as problem:
                errors.append(
                    RowError(self.file, number, column.header, cell, str(problem))
                )
        return values, errors

    def _require(self, column: Column, cell: str) -> None:
        """A reference that the model cannot do without has to be there."""
        if cell or not isinstance(column, Reference):
            return
        if not self.model._meta.get_field(column.field).null:
            raise BadCell(_("Fill in this cell: the record needs it."))

    def _action(self, values: dict, present, *, by) -> tuple[str, models.Model]:
        if present is None:
            return CREATED, self.model(**self.defaults(values))
        record, told = present
        if record.updated_by_id != by.pk:
            return KEPT, record
        return UNCHANGED if told == values else UPDATED, record

    def _check(self, planned: RowPlan, keys: Keys) -> list[RowError]:
        """What the model itself has against the row; nothing is saved."""
        relations = {
            field.name for field in self.model._meta.fields if field.is_relation
        }
        # Of a translated field only the columns of its languages are judged.
        left_out = relations | set(translated_fields(self.model))
        for column in self.columns:
            if column.field not in relations:
                column.assign(planned.record, planned.values[column.field], keys)
        try:
            planned.record.clean_fields(exclude=left_out)
            planned.record.clean()
            planned.record.validate_constraints(exclude=relations | {self.key})
        except ValidationError as problem:
            return self._errors(planned, problem)
        return self._inexact_days(planned)

    def _inexact_days(self, planned: RowPlan) -> list[RowError]:
        """Days that the model would keep otherwise: not the first of their month."""
        kept = {
            column.field: getattr(planned.record, column.field)
            for column in self.columns
            if isinstance(column, Day)
        }
        return [
            self._error(
                planned.number,
                name,
                planned.cells,
                _("Write %(day)s: the date is not exact to the day.")
                % {"day": day.isoformat()},
            )
            for name, day in kept.items()
            if day != planned.values[name]
        ]

    @contextmanager
    def refusing(self, planned: RowPlan) -> Iterator[None]:
        """What the database has against the row is told as an error of the row.

        For promises that take other rows to judge, such as a number used twice.
        """
        try:
            with transaction.atomic():
                yield
        except IntegrityError as problem:
            found = [self._error(planned.number, "", planned.cells, str(problem))]
            try:
                planned.record.validate_constraints()
            except ValidationError as broken:
                found = self._errors(planned, broken)
            raise LoadRefused(found) from problem

    def _errors(self, planned: RowPlan, problem: ValidationError) -> list[RowError]:
        return [
            self._error(planned.number, name, planned.cells, " ".join(messages))
            for name, messages in problem.message_dict.items()
        ]

    def _error(self, number: int, name: str, row, remedy: str) -> RowError:
        header = next((c.header for c in self.columns if c.field == name), "")
        return RowError(self.file, number, header or "-", row.get(header, ""), remedy)


class EvidenceOnlyHostResource(Resource):
    file = "evidence_only_hosts.csv"
    model = EvidenceOnlyHost
    key = "host"
    columns = [Column("host", "host"), Column("reason", "reason")]
