"""Planning of the files of the public record.

They are sheets with strict headings and cells, and may change published records. What a
person edited is kept, field by field.
"""

import copy
from collections.abc import Callable, Collection
from functools import partial

from django.utils.translation import gettext as _

from portal.content.spreadsheets.absent_records import keep_deletions
from portal.content.spreadsheets.code_conflicts import resolve_codes
from portal.content.spreadsheets.columns import DateColumn, KeyIndex
from portal.content.spreadsheets.edited_fields import find_edited_fields
from portal.content.spreadsheets.former_keys import replace_former_keys
from portal.content.spreadsheets.headings import SheetTable
from portal.content.spreadsheets.import_plan import (
    CREATED,
    SKIPPED,
    UNCHANGED,
    UPDATED,
    ImportPlan,
    KeptField,
    RowPlan,
)
from portal.content.spreadsheets.planning import (
    ImportPlanner,
    MatchedRecord,
    plan_rows,
)
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import ParsedRow, StrictRowParser
from portal.core.audit.field_edits import load_deletions


def plan_record_files(
    files: list[tuple[Resource, SheetTable]],
    *,
    by,
    on_progress: Callable[[int], None],
    adopt: Collection[str] = (),
    renumber: Collection[str] = (),
) -> list[tuple[ImportPlan, StrictRowParser]]:
    """Return the plan and the row parser of each file.

    Nothing is saved but the counters of the codes ``renumber``. Rows can refer to rows
    of all files. ``by`` is the user of the load: what other users edited is kept.
    ``on_progress`` is called with the number of further rows done. For ``adopt`` and
    ``renumber`` see :mod:`portal.content.spreadsheets.code_conflicts`.
    """
    keys, files_to_plan = KeyIndex(), []
    for resource, table in files:
        resource.natural_key = ()  # each row has a key
        row_parser = StrictRowParser(resource, table, resource.file, key_index=keys)
        files_to_plan.append((row_parser, row_parser.normalize_rows()))
    resolve_codes(files_to_plan, program=by, adopt=adopt, renumber=renumber)
    planned_files = []
    for row_parser, rows in files_to_plan:
        replace_former_keys(row_parser, rows, program=by)
        create_planner = partial(RecordFilePlanner, by=by)
        planner = plan_rows(create_planner, row_parser, rows, on_progress)
        planner.find_deletions()
        planner.skip_similar()
        planned_files.append((planner.plan, row_parser))
    keep_deletions([plan for plan, _row_parser in planned_files])
    return planned_files


class RecordFilePlanner(ImportPlanner):
    """Planner that also changes published records.

    Fields that another user than ``by`` edited are kept. ``plan_row`` first checks the
    row as it is in the file, so that an invalid row is an error whatever was edited. If
    the values of the file and the kept values are invalid together, the whole record is
    kept.
    """

    def __init__(self, *arguments, by):
        super().__init__(*arguments)
        self._by = by
        self._edited_fields = find_edited_fields(
            self.resource, self.finder.get_records(), program=by
        )

    def plan_row(self, parsed_row):
        planned = super().plan_row(parsed_row)
        if planned:
            planned.file_code = parsed_row.file_code
            planned.left_out = parsed_row.left_out
        return planned

    def find_deletions(self) -> None:
        """Set ``deletion`` of planned creations of rows that another user deleted."""
        created = [row for row in self.plan.rows if row.action == CREATED]
        if not created:
            return
        fields = sorted(self.finder.get_identifying_fields(created[0]))
        by_identity = {
            tuple(row.cells[name] for name in fields): row for row in created
        }
        deletions = load_deletions(
            self.resource.model, fields, by_identity, program=self._by
        )
        for identity, deletion in deletions.items():
            by_identity[identity].deletion = deletion

    def skip_similar(self) -> None:
        """Skip the planned creations of rows that may be a record without a key.

        A row that another user deleted is skipped for that reason only.
        """
        for row in self.plan.rows:
            if row.deletion:
                row.similar = []
            elif row.similar:
                row.action = SKIPPED

    def _plan_creation(self, parsed_row, values):
        planned = super()._plan_creation(parsed_row, values)
        planned.similar = self.finder.find_similar(parsed_row)
        return planned

    def _plan_update(self, parsed_row, values, match):
        if parsed_row.code_owner:
            planned = super()._plan_creation(parsed_row, values)
            planned.action, planned.code_owner = SKIPPED, parsed_row.code_owner
            return planned
        planned = self._plan_unedited(parsed_row, values, match)
        if planned and parsed_row.former_cells:
            self._add_kept_key(parsed_row, planned, match)
        return planned

    def _add_kept_key(
        self, parsed_row: ParsedRow, planned: RowPlan, match: MatchedRecord
    ) -> None:
        """Add the key of the record as kept, because it differs from the file."""
        edits = self._edited_fields.get(match.record.pk, {})
        planned.kept += [
            KeptField(name, match.values[name], cell, edits[name])
            for name, cell in parsed_row.former_cells.items()
            if name in edits and cell != match.values[name]
        ]
        if planned.kept and planned.action == UNCHANGED:
            planned.action = SKIPPED

    def _plan_unedited(
        self, parsed_row: ParsedRow, values: dict, match: MatchedRecord
    ) -> RowPlan | None:
        """Plan the update of the fields that no person edited."""
        edits = self._edited_fields.get(match.record.pk, {})
        changed = self._get_changed_values(parsed_row, values, match)
        kept = [
            KeptField(name, match.values[name], value, edits[name])
            for name, value in changed.items()
            if name in edits
        ]
        if not kept:
            return super()._plan_update(parsed_row, values, match)
        if self._is_file_invalid(parsed_row, values, match):
            return None
        unedited = {name: value for name, value in values.items() if name not in edits}
        planned = super()._plan_update(parsed_row, unedited, match)
        planned.kept = kept
        if reasons := self._find_conflicts(parsed_row, planned):
            planned = RowPlan(
                parsed_row.number, parsed_row.cells, SKIPPED, match.record, {}
            )
            planned.kept = [
                KeptField(
                    *(name, match.values[name], value),
                    edit=edits.get(name),
                    reason="" if name in edits else " ".join(reasons),
                )
                for name, value in changed.items()
            ]
        elif planned.action == UNCHANGED:
            planned.action = SKIPPED
        return planned

    def _is_file_invalid(
        self, parsed_row: ParsedRow, values: dict, match: MatchedRecord
    ) -> bool:
        """Return whether the row would be invalid if no person had edited the record.

        All errors are then in the plan.
        """
        unedited = MatchedRecord(copy.copy(match.record), match.values)
        planned = super()._plan_update(parsed_row, values, unedited)
        unreadable_fields = self._get_unreadable_fields(parsed_row)
        return planned is None or self._has_errors(
            parsed_row, planned, unreadable_fields
        )

    def _find_conflicts(self, parsed_row: ParsedRow, planned: RowPlan) -> list[str]:
        """Return why the record with its kept values is invalid, [] if it is not."""
        before = len(self.plan.errors)
        self._has_errors(parsed_row, planned, self._get_unreadable_fields(parsed_row))
        conflicts = self.plan.errors[before:]
        del self.plan.errors[before:]
        return [error.remedy for error in conflicts]

    def _get_action(self, record):
        return UPDATED

    def _get_read_only_reason(self, record, name):
        return ""

    def _has_errors(self, parsed_row, planned, unreadable_fields):
        if super()._has_errors(parsed_row, planned, unreadable_fields):
            return True
        return planned.action != SKIPPED and self._has_inexact_days(parsed_row, planned)

    def _has_inexact_days(self, parsed_row, planned: RowPlan) -> bool:
        """Add an error for each date that the model's cleaning changed.

        A date known only to the month or year is stored as the first day of that
        period, and the file has to contain that day.
        """
        before = len(self.plan.errors)
        kept = {field.field for field in planned.kept}
        for name, value in parsed_row.values.items():
            if name not in kept and isinstance(self._columns.get(name), DateColumn):
                day = getattr(planned.record, name)
                if day != value:
                    remedy = _(
                        "Enter %(day)s, because the date is not exact to the day."
                    )
                    self._add_error(parsed_row, name, remedy % {"day": day.isoformat()})
        return len(self.plan.errors) > before
