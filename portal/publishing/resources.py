"""Rows of a spreadsheet and what is to be done with them.

A resource says which columns a file has. It serves the record's own files
(:mod:`portal.publishing.loading`, by ``plan``) and those of the office
(:mod:`portal.publishing.spreadsheets`), which clerks write in their own way.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.languages import DEFAULT
from portal.publishing.columns import BadCell, Column, Day, Keys, Reference
from portal.publishing.judging import problems_of
from portal.publishing.links import load_links
from portal.publishing.models import EvidenceOnlyHost
from portal.publishing.plans import (
    CREATED,
    KEPT,
    UNCHANGED,
    UPDATED,
    LoadRefused,
    Plan,
    RowError,
    RowPlan,
)
from portal.publishing.rich_text import as_kept
from portal.publishing.spreadsheets.registry import spreadsheet

# So many records are asked for in one query.
AT_ONCE = 500


class Resource:
    """Rows of one kind of record.

    The rest is for the office's own sheets. A row without its ``key`` is known again by
    ``natural_key``, the fields that the row has of them; where ``key`` is "" the
    ``finder`` knows them (:mod:`portal.publishing.spreadsheets.finding`). ``needs`` are
    the models that such a sheet writes: to bring it in one has to be allowed to add and
    change all of them. ``is_seen_at_once``: what is changed shows on public pages, with
    no one to approve it. ``office_columns`` are those of such sheets alone.
    """

    file: ClassVar[str]
    model: ClassVar[type[models.Model]]
    key: ClassVar[str]
    columns: ClassVar[list[Column]]
    office_columns: ClassVar[list[Column]] = []
    natural_key: ClassVar[tuple[str, ...]] = ()
    is_seen_at_once: ClassVar[bool] = False
    finder: ClassVar[type | None] = None

    @classmethod
    def code(cls) -> str:
        """What the resource is called in addresses: the name of its file."""
        return cls.file.removesuffix(".csv")

    @classmethod
    def needs(cls) -> tuple[type[models.Model], ...]:
        return (cls.model,)

    @property
    def key_column(self) -> Column:
        return next(column for column in self.columns if column.field == self.key)

    def defaults(self, values: dict) -> dict:
        """What a new record is given beside the columns; ``values`` are its cells'."""
        return {}

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
        present = self.present([row[self.key_column.header] for row in rows])
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

    def present(self, keys: list[str]) -> dict[str, tuple[models.Model, dict]]:
        """The records that have these keys, each with its values, by key."""
        typed, found = self._typed(keys), {}
        for start in range(0, len(typed), AT_ONCE):
            some = {f"{self.key}__in": typed[start : start + AT_ONCE]}
            records = list(self.records().filter(**some))
            for record, told in zip(records, self.tell(records), strict=True):
                found[str(getattr(record, self.key))] = record, told
        return found

    def records(self) -> models.QuerySet:
        """All records, with what their columns tell at hand."""
        meta = self.model._meta
        many = {field.name for field in meta.private_fields} | {
            relation.name for relation in meta.related_objects
        }
        related = [_relation_path(self.model, column.field) for column in self.columns]
        listed = [column.field for column in self.columns if column.field in many]
        rows = models.QuerySet(self.model).select_related(*filter(None, related))
        return rows.prefetch_related(*listed)

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
                value = column.read(cell, keys)
                values[column.field] = as_kept(self.model, column.field, value)
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
        relations = {
            field.name for field in self.model._meta.fields if field.is_relation
        }
        for column in self.columns:
            if column.field not in relations:
                column.assign(planned.record, planned.values[column.field], keys)
        found = problems_of(planned.record, relations | {self.key})
        return self._errors(planned, found) or self._inexact_days(planned)

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
                found = self._errors(planned, broken.message_dict)
            raise LoadRefused(found) from problem

    def _errors(self, planned: RowPlan, found: dict[str, list]) -> list[RowError]:
        return [
            self._error(planned.number, name, planned.cells, " ".join(messages))
            for name, messages in found.items()
        ]

    def _error(self, number: int, name: str, row, remedy: str) -> RowError:
        header = next((c.header for c in self.columns if c.field == name), "")
        return RowError(self.file, number, header or "-", row.get(header, ""), remedy)


def _relation_path(model: type[models.Model], path: str) -> str:
    """As much of ``path`` (``person.organ``) as leads over foreign keys, "" if none."""
    found = []
    for name in path.split("."):
        named = model._meta.get_field(name)
        if not isinstance(named, models.ForeignKey):
            break
        found.append(name)
        model = named.related_model
    return "__".join(found)


@spreadsheet
class EvidenceOnlyHostResource(Resource):
    file = "evidence_only_hosts.csv"
    model = EvidenceOnlyHost
    key = "host"
    columns = [Column("host", "host"), Column("reason", "reason")]
