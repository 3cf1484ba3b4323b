"""Planning of an import: decides for each row whether to create or update a record.

Nothing is saved here, and all errors are collected. Changes of a published record
become a proposal, which another person approves. A sheet cannot change a record in the
approval process, and not a published one that has an open proposal already.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal, Publishable
from portal.content.spreadsheets.columns import (
    Column,
    DateColumn,
    ForeignKeyColumn,
    InvalidCellError,
)
from portal.content.spreadsheets.constraint_validation import (
    find_field_errors,
    find_model_errors,
)
from portal.content.spreadsheets.headings import SheetTable
from portal.content.spreadsheets.import_plan import (
    CREATED,
    PROPOSED,
    UNCHANGED,
    UPDATED,
    ImportPlan,
    RowPlan,
)
from portal.content.spreadsheets.questions import Answers
from portal.content.spreadsheets.record_finders import (
    AlreadyReportedError,
    KeyRecordFinder,
    RecordFinder,
)
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import (
    ParsedRow,
    RowParser,
    get_direct_columns,
    is_same_cell,
)
from portal.content.spreadsheets.unique_constraints import UniqueConstraintChecker

ProgressCallback = Callable[[int], None]
# Number of rows between two progress reports.
_PROGRESS_STEP = 200
_REQUIRED_REMEDY = gettext_lazy("This cell cannot be blank. Enter a value.")


@dataclass
class MatchedRecord:
    """Record that a row matches, with its column values before the import."""

    record: models.Model
    values: dict[str, object]


def plan_table(
    resource: Resource,
    table: SheetTable,
    *,
    file: str,
    answers: Answers | None = None,
    on_progress: ProgressCallback = lambda rows: None,
) -> tuple[list[ImportPlan], RowParser]:
    """Return the plans for ``table`` in writing order, and the row parser.

    ``file`` is the file name in errors, ``answers`` are the user's answers from an
    earlier check. ``on_progress`` is called with the number of further rows done.
    Errors are in the plans, warnings and questions in the row parser.
    """
    row_parser = RowParser(resource, table, file, answers)
    parsed_rows = row_parser.normalize_rows()
    planner = plan_rows(ImportPlanner, row_parser, parsed_rows, on_progress)
    planner.plan.errors += table.errors
    return [*planner.finder.plans, planner.plan], row_parser


def plan_rows(
    planner_class: Callable[..., "ImportPlanner"],
    row_parser: RowParser,
    parsed_rows: list[ParsedRow],
    on_progress: ProgressCallback,
) -> "ImportPlanner":
    """Parse and plan normalised rows; return the planner with the plan."""
    for parsed_row in parsed_rows:
        row_parser.parse_row(parsed_row)
    resource = row_parser.resource
    finder = (resource.finder_class or KeyRecordFinder)(row_parser, parsed_rows)
    planner = planner_class(resource, row_parser, finder)
    for count, parsed_row in enumerate(parsed_rows, start=1):
        planner.plan_row(parsed_row)
        if not count % _PROGRESS_STEP:
            on_progress(_PROGRESS_STEP)
    on_progress(len(parsed_rows) % _PROGRESS_STEP)
    return planner


class ImportPlanner:
    """Plans rows one by one and collects them in ``plan``."""

    def __init__(self, resource: Resource, row_parser: RowParser, finder: RecordFinder):
        self.resource, self.row_parser, self.finder = resource, row_parser, finder
        self.plan = ImportPlan(resource)
        self._columns = {
            column.field: column for column in get_direct_columns(resource)
        }
        self._required_fields = [
            column.field
            for column in self._columns.values()
            if isinstance(column, ForeignKeyColumn)
            and not resource.model._meta.get_field(column.field).null
        ]
        self._precisions = {
            column.field: column.precision
            for column in self._columns.values()
            if isinstance(column, DateColumn) and column.precision
        }
        self._uniques = UniqueConstraintChecker(resource.model)

    def plan_row(self, parsed_row: ParsedRow) -> RowPlan | None:
        """Plan one row and add it to the plan.

        Returns None if the row is invalid; all errors of its cells are then in
        ``plan.errors``.
        """
        self.plan.errors += parsed_row.errors
        unreadable_fields = self._get_unreadable_fields(parsed_row)
        try:
            match = self._find(parsed_row, unreadable_fields)
        except AlreadyReportedError:
            self._add_field_errors(parsed_row, unreadable_fields)
            return None
        except InvalidCellError as error:
            name = getattr(error, "field", "") or self.resource.key
            self._add_error(parsed_row, name, str(error))
            self._add_field_errors(parsed_row, unreadable_fields | {name})
            return None
        values = {
            name: parsed_row.values[name]
            for name in self._columns
            if name in parsed_row.values
        }
        if not parsed_row.cells.get(self.resource.key):
            # An empty key keeps the code of an existing record; a new record gets a
            # code later.
            values.pop(self.resource.key, None)
        if match is None:
            planned = self._plan_creation(parsed_row, values)
        else:
            planned = self._plan_update(parsed_row, values, MatchedRecord(*match))
        if (
            planned is None
            or self._has_errors(parsed_row, planned, unreadable_fields)
            or parsed_row.invalid_fields
        ):
            return None
        self.plan.rows.append(planned)
        return planned

    def _get_unreadable_fields(self, parsed_row: ParsedRow) -> set[str]:
        """Return the fields of the row that have no usable value.

        The precision field of an invalid date is one of them.
        """
        precision_fields = {
            self._precisions[name]
            for name in parsed_row.invalid_fields & self._precisions.keys()
        }
        return parsed_row.invalid_fields | precision_fields

    def _find(self, parsed_row: ParsedRow, unreadable_fields: set[str]):
        if not unreadable_fields.isdisjoint(
            self.finder.get_identifying_fields(parsed_row)
        ):
            raise AlreadyReportedError
        return self.finder.find(parsed_row)

    def _add_field_errors(
        self, parsed_row: ParsedRow, unreadable_fields: set[str]
    ) -> None:
        """Add the field errors of a row that could not be matched to a record."""
        if not self.finder.treats_blank_as_empty:
            return
        record = self.resource.model()
        names = {
            name for name in self._columns if name in parsed_row.values
        } - unreadable_fields
        if not parsed_row.cells.get(self.resource.key):
            names.discard(self.resource.key)
        for name in names:
            column = self._columns[name]
            if not isinstance(column, ForeignKeyColumn):
                column.set_value(
                    record, parsed_row.values[name], self.row_parser.key_index
                )
            elif name in self._required_fields and not parsed_row.values[name]:
                self._add_error(parsed_row, name, str(_REQUIRED_REMEDY))
        for name, messages in find_field_errors(record, names).items():
            self._add_error(parsed_row, name, " ".join(messages))

    def _plan_creation(self, parsed_row: ParsedRow, values: dict) -> RowPlan:
        record = self.finder.new_instance(parsed_row)
        planned = RowPlan(parsed_row.number, parsed_row.cells, CREATED, record, values)
        self._assign(planned)
        return planned

    def _plan_update(
        self, parsed_row: ParsedRow, values: dict, match: MatchedRecord
    ) -> RowPlan | None:
        changed = self._get_changed_values(parsed_row, values, match)
        action = self._get_action(match.record) if changed else UNCHANGED
        planned = RowPlan(
            parsed_row.number, parsed_row.cells, action, match.record, changed
        )
        if not changed:
            return planned
        for name in changed:
            if remedy := self._get_read_only_reason(match.record, name):
                self._add_error(parsed_row, name, remedy)
                return None
        self._assign(planned)
        with suppress(ValidationError):  # reported by ``_has_errors``
            match.record.clean()
        self._add_first_days(planned, match)
        self._drop_unchanged(planned, match)
        planned.before = {name: match.values[name] for name in planned.values}
        return planned

    def _get_changed_values(
        self, parsed_row: ParsedRow, values: dict, match: MatchedRecord
    ) -> dict[str, object]:
        """Return the items of ``values`` that differ from the record's values."""
        return {
            name: value
            for name, value in values.items()
            if value != match.values[name]
            and not is_same_cell(
                self._columns[name],
                parsed_row.cells[name],
                match.values[name],
                self.row_parser.name_index,
                self.resource.model,
            )
        }

    def _get_action(self, record: models.Model) -> str:
        """Return how the changes of ``record`` are saved."""
        is_published = isinstance(record, Publishable) and record.is_published
        return PROPOSED if is_published else UPDATED

    @cached_property
    def _pks_with_open_proposal(self) -> set[int]:
        content_type = ContentType.objects.get_for_model(self.resource.model)
        proposals = Proposal.objects.open().filter(content_type=content_type)
        return set(proposals.values_list("object_id", flat=True))

    def _get_read_only_reason(self, record: models.Model, name: str) -> str:
        """Return why a sheet may not change the field ``name``, or ""."""
        if self.resource.is_immediately_public:
            return _(
                "Changes to this are public immediately. Edit it in its form instead."
            )
        if isinstance(record, Publishable) and record.is_published:
            if record.pk in self._pks_with_open_proposal:
                return _(
                    "A change to this published record is already open. Edit that "
                    "change in the form of the record, or have it approved or "
                    "discarded first."
                )
        elif isinstance(record, Publishable) and record.status != Status.DRAFT:
            return _(
                "The status of this record is “%(state)s”. Return it to draft first."
            ) % {"state": Status(record.status).label}
        return self._columns[name].get_read_only_reason(record)

    def _assign(self, planned: RowPlan) -> None:
        for name, value in planned.values.items():
            column = self._columns[name]
            if self._is_saved(column, value):
                column.set_value(planned.record, value, self.row_parser.key_index)
            if isinstance(column, ForeignKeyColumn) and column.is_deferred:
                self._set_deferred(planned, column, value)

    def _is_saved(self, column: Column, value) -> bool:
        """Return whether ``value`` is no reference to a row that is not saved yet."""
        if not isinstance(column, ForeignKeyColumn) or not value:
            return True
        keys = self.row_parser.key_index
        return keys.get_pk(column.model, column.key, value) is not None

    def _set_deferred(
        self, planned: RowPlan, column: ForeignKeyColumn, value: str
    ) -> None:
        """Set a deferred foreign key for validation only.

        It is None for a row that is not saved yet; the final value is saved later.
        """
        keys = self.row_parser.key_index
        pk = keys.get_pk(column.model, column.key, value) if value else None
        setattr(planned.record, f"{column.field}_id", pk)

    def _add_first_days(self, planned: RowPlan, match: MatchedRecord) -> None:
        """Add a date that changes only because its precision changed."""
        for name, precision in self._precisions.items():
            day = getattr(planned.record, name)
            if precision in planned.values and day != match.values[name]:
                planned.values.setdefault(name, day)

    def _drop_unchanged(self, planned: RowPlan, match: MatchedRecord) -> None:
        """Remove values that equal the stored ones after cleaning.

        A month, for example, is stored as its first day.
        """
        fields = {field.name for field in self.resource.model._meta.fields}
        for name in [name for name in planned.values if name in fields]:
            column = self._columns[name]
            if isinstance(column, ForeignKeyColumn):
                continue
            if column.get_value(planned.record, {}) == match.values[name]:
                del planned.values[name]
        if not planned.values:
            planned.action = UNCHANGED

    def _has_errors(
        self, parsed_row: ParsedRow, planned: RowPlan, unreadable_fields: set[str]
    ) -> bool:
        if planned.action not in (CREATED, UPDATED, PROPOSED):
            return False
        before = len(self.plan.errors)
        self._add_missing_errors(parsed_row, planned, unreadable_fields)
        name = self.resource.key
        key = {name} if name and not parsed_row.cells.get(name) else set()
        record = planned.record
        # The database checks these constraints when the rows are saved.
        unsaved = {
            name
            for name, value in planned.values.items()
            if not self._is_saved(self._columns[name], value)
        }
        model_errors = find_model_errors(
            record, key | unsaved, unreadable_fields=unreadable_fields
        )
        for name, messages in model_errors.items():
            self._add_error(parsed_row, name, " ".join(messages))
        for name, remedy in self._uniques.find_violations(
            record, parsed_row.number, unreadable_fields | unsaved
        ):
            self._add_error(parsed_row, name, remedy)
        return len(self.plan.errors) > before

    def _add_missing_errors(
        self, parsed_row: ParsedRow, planned: RowPlan, unreadable_fields: set[str]
    ) -> None:
        """Add an error for each required foreign key that the record would not have.

        A change can empty one as well: the database would refuse it when it is saved.
        """
        for name in self._required_fields:
            if (
                name not in unreadable_fields
                and not planned.values.get(name)
                and getattr(planned.record, f"{name}_id") is None
            ):
                self._add_error(parsed_row, name, str(_REQUIRED_REMEDY))

    def _add_error(self, parsed_row: ParsedRow, name: str, remedy: str) -> None:
        self.plan.errors.append(self.row_parser.build_error(parsed_row, name, remedy))
