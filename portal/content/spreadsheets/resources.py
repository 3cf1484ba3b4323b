"""Base class that maps the columns of a spreadsheet to the fields of a model.

The same resource serves the record CSV files, which it plans itself (:meth:`plan`), and
the spreadsheets that staff upload, whose cells are normalised first and planned by the
spreadsheet package.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing.links import load_links
from portal.content.publishing.models import EvidenceOnlyHost
from portal.content.publishing.rich_text import clean_cell_value
from portal.content.spreadsheets.columns import (
    Column,
    DateColumn,
    ForeignKeyColumn,
    InvalidCellError,
    KeyIndex,
)
from portal.content.spreadsheets.constraint_validation import find_model_errors
from portal.content.spreadsheets.import_plan import (
    CREATED,
    SKIPPED,
    UNCHANGED,
    UPDATED,
    ImportPlan,
    RecordLoadError,
    RowError,
    RowPlan,
)
from portal.content.spreadsheets.registry import register_resource
from portal.core.languages import DEFAULT_LANGUAGE

# Maximum number of records, or of values of an ``IN`` lookup, per query.
QUERY_BATCH_SIZE = 500


class Resource:
    """Columns and import rules of one model.

    ``file`` is the name of its record CSV file and ``key`` the field that identifies a
    row ("" if only ``finder_class`` can match a row to a record). The other attributes
    apply to staff spreadsheets only:

    - ``staff_columns`` are columns that the record CSV files do not have.
    - ``natural_key`` names the fields by which a row with an empty key is matched to a
      record; fields whose column is missing in the sheet are ignored.
    - ``finder_class`` matches rows to records, by default ``KeyRecordFinder``.
    - ``is_immediately_public`` is True if an edit appears on public pages without
      approval.
    """

    file: ClassVar[str]
    model: ClassVar[type[models.Model]]
    key: ClassVar[str]
    columns: ClassVar[list[Column]]
    staff_columns: ClassVar[list[Column]] = []
    natural_key: ClassVar[tuple[str, ...]] = ()
    is_immediately_public: ClassVar[bool] = False
    finder_class: ClassVar[type | None] = None

    @classmethod
    def code(cls) -> str:
        """Return the resource's identifier in URLs: the file name without ``.csv``."""
        return cls.file.removesuffix(".csv")

    @classmethod
    def get_written_models(cls) -> tuple[type[models.Model], ...]:
        """Return the models that an import writes.

        Importing requires add and change permission for each of them.
        """
        return (cls.model,)

    @property
    def key_column(self) -> Column:
        return next(column for column in self.columns if column.field == self.key)

    def get_defaults(self, values: dict) -> dict:
        """Return field values of a new record that have no column in the file.

        ``values`` are the parsed cells of the row, by field name.
        """
        return {}

    def check_headings(self, headings: list[str]) -> list[RowError]:
        """Return an error for each missing, unknown or duplicate column heading."""
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

    def register_keys(self, rows: Iterable[dict[str, str]], keys: KeyIndex) -> None:
        """Register the keys of ``rows`` before the rows are saved.

        Rows of other files of the same load can then refer to them.
        """
        for row in rows:
            keys.register(self.model._meta.label, self.key, row[self.key_column.header])

    def plan(self, rows: list[dict[str, str]], keys: KeyIndex, *, by) -> ImportPlan:
        """Plan how to import the ``rows`` of a record CSV file; nothing is saved.

        Each row maps headings to cells, and ``by`` is the importing user. In errors the
        heading is row 1. A record whose last change was made by another user is skipped
        (action ``SKIPPED``).
        """
        plan = ImportPlan(self)
        present = self.get_existing([row[self.key_column.header] for row in rows])
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
                    errors = self._validate(planned, keys)
                plan.rows.append(planned)
            plan.errors += errors
        return plan

    def get_values(self, records: list[models.Model]) -> list[dict[str, object]]:
        """Return the column values of ``records`` as one dict per record.

        Each dict maps field names to values; the order is that of ``records``.
        """
        links = load_links(records, DEFAULT_LANGUAGE)
        return [
            {
                column.field: column.get_value(record, links[record.pk])
                for column in self.columns
            }
            for record in records
        ]

    def get_existing(self, keys: list[str]) -> dict[str, tuple[models.Model, dict]]:
        """Return the records that have one of ``keys``, by key.

        Each value is a pair of the record and its column values.
        """
        typed, existing = self._typed(keys), {}
        for start in range(0, len(typed), QUERY_BATCH_SIZE):
            lookup = {f"{self.key}__in": typed[start : start + QUERY_BATCH_SIZE]}
            records = list(self.get_queryset().filter(**lookup))
            for record, values in zip(records, self.get_values(records), strict=True):
                existing[str(getattr(record, self.key))] = record, values
        return existing

    def get_queryset(self) -> models.QuerySet:
        """Return a queryset of all records that loads the columns' relations."""
        meta = self.model._meta
        multi_valued = {field.name for field in meta.private_fields} | {
            relation.name for relation in meta.related_objects
        }
        related = [_relation_path(self.model, column.field) for column in self.columns]
        prefetched = [
            column.field for column in self.columns if column.field in multi_valued
        ]
        rows = models.QuerySet(self.model).select_related(*filter(None, related))
        return rows.prefetch_related(*prefetched)

    def _typed(self, keys: list[str]) -> list:
        key_field = self.model._meta.get_field(self.key)
        if isinstance(key_field, models.IntegerField):
            # Longer keys exceed the range of an integer column.
            return [int(key) for key in keys if re.fullmatch("[0-9]{1,18}", key)]
        return keys

    def _read(self, row, number, keys) -> tuple[dict, list[RowError]]:
        values, errors = {}, []
        for column in self.columns:
            cell = row[column.header]
            try:
                self._require(column, cell)
                value = column.parse_cell(cell, keys)
                values[column.field] = clean_cell_value(self.model, column.field, value)
            except InvalidCellError as error:
                errors.append(
                    RowError(self.file, number, column.header, cell, str(error))
                )
        return values, errors

    def _require(self, column: Column, cell: str) -> None:
        """Raise InvalidCellError for an empty reference that is not nullable."""
        if cell or not isinstance(column, ForeignKeyColumn):
            return
        if not self.model._meta.get_field(column.field).null:
            raise InvalidCellError(_("Fill in this cell: the record needs it."))

    def _action(self, values: dict, present, *, by) -> tuple[str, models.Model]:
        if present is None:
            return CREATED, self.model(**self.get_defaults(values))
        record, stored_values = present
        if record.updated_by_id != by.pk:
            return SKIPPED, record
        return UNCHANGED if stored_values == values else UPDATED, record

    def _validate(self, planned: RowPlan, keys: KeyIndex) -> list[RowError]:
        relations = {
            field.name for field in self.model._meta.fields if field.is_relation
        }
        for column in self.columns:
            if column.field not in relations:
                column.set_value(planned.record, planned.values[column.field], keys)
        field_errors = find_model_errors(planned.record, relations | {self.key})
        return self._errors(planned, field_errors) or self._inexact_days(planned)

    def _inexact_days(self, planned: RowPlan) -> list[RowError]:
        """Return errors for dates that the model's cleaning changed.

        A date known only to the month or year is stored as the first day of that
        period, and the file has to contain that day.
        """
        cleaned_days = {
            column.field: getattr(planned.record, column.field)
            for column in self.columns
            if isinstance(column, DateColumn)
        }
        return [
            self._error(
                planned.number,
                name,
                planned.cells,
                _("Write %(day)s: the date is not exact to the day.")
                % {"day": day.isoformat()},
            )
            for name, day in cleaned_days.items()
            if day != planned.values[name]
        ]

    @contextmanager
    def convert_integrity_errors(self, planned: RowPlan) -> Iterator[None]:
        """Convert an IntegrityError into a RecordLoadError for the row.

        Context manager for saving a row. Needed for constraints that involve other
        rows, such as unique constraints.
        """
        try:
            with transaction.atomic():
                yield
        except IntegrityError as error:
            errors = [self._error(planned.number, "", planned.cells, str(error))]
            try:
                planned.record.validate_constraints()
            except ValidationError as validation_error:
                errors = self._errors(planned, validation_error.message_dict)
            raise RecordLoadError(errors) from error

    def _errors(
        self, planned: RowPlan, messages_by_field: dict[str, list]
    ) -> list[RowError]:
        return [
            self._error(planned.number, name, planned.cells, " ".join(messages))
            for name, messages in messages_by_field.items()
        ]

    def _error(self, number: int, name: str, row, remedy: str) -> RowError:
        header = next((c.header for c in self.columns if c.field == name), "")
        return RowError(self.file, number, header or "-", row.get(header, ""), remedy)


def _relation_path(model: type[models.Model], path: str) -> str:
    """Return the leading foreign keys of ``path`` as a ``select_related`` path.

    ``path`` is dotted, such as ``person.organ``. Returns "" if its first field is no
    foreign key.
    """
    names = []
    for name in path.split("."):
        field = model._meta.get_field(name)
        if not isinstance(field, models.ForeignKey):
            break
        names.append(name)
        model = field.related_model
    return "__".join(names)


@register_resource
class EvidenceOnlyHostResource(Resource):
    file = "evidence_only_hosts.csv"
    model = EvidenceOnlyHost
    key = "host"
    columns = [Column("host", "host"), Column("reason", "reason")]
