"""Planning of the files of the public record.

They are sheets with strict headings and cells, and may change published records.
"""

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from portal.content.spreadsheets.columns import DateColumn, KeyIndex
from portal.content.spreadsheets.headings import SheetTable
from portal.content.spreadsheets.import_plan import SKIPPED, ImportPlan, RowPlan
from portal.content.spreadsheets.planning import ImportPlanner, plan_rows
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import StrictRowParser


def plan_record_files(
    files: list[tuple[Resource, SheetTable]],
    *,
    by,
    on_progress: Callable[[int], None],
) -> list[tuple[ImportPlan, StrictRowParser]]:
    """Return the plan and the row parser of each file; nothing is saved.

    Rows can refer to rows of all files. ``on_progress`` is called with the number of
    further rows done.
    """
    keys, files_to_plan = KeyIndex(), []
    for resource, table in files:
        resource.natural_key = ()  # each row has a key
        row_parser = StrictRowParser(resource, table, resource.file, key_index=keys)
        files_to_plan.append((row_parser, row_parser.normalize_rows()))
    create_planner = partial(RecordFilePlanner, by=by)
    return [
        (plan_rows(create_planner, row_parser, rows, on_progress).plan, row_parser)
        for row_parser, rows in files_to_plan
    ]


class RecordFilePlanner(ImportPlanner):
    """Planner that also changes published records.

    A record whose last change was made by another user than ``by`` is skipped.
    """

    def __init__(self, *arguments, by):
        super().__init__(*arguments)
        self._by = by

    def _plan_update(self, parsed_row, values, match):
        if match.record.updated_by_id == self._by.pk:
            return super()._plan_update(parsed_row, values, match)
        return RowPlan(parsed_row.number, parsed_row.cells, SKIPPED, match.record, {})

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
        for name, value in parsed_row.values.items():
            if isinstance(self._columns.get(name), DateColumn):
                day = getattr(planned.record, name)
                if day != value:
                    remedy = _("Write %(day)s: the date is not exact to the day.")
                    self._add_error(parsed_row, name, remedy % {"day": day.isoformat()})
        return len(self.plan.errors) > before
