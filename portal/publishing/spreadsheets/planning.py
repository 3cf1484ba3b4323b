"""What is to be done with the rows of a sheet. Nothing is saved here.

All bad cells are found at once. A record that readers see, or that is on its way to
them, is not changed by a sheet: it is changed in its form, and approved by another.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from portal.publishing.choices import Status
from portal.publishing.columns import BadCell, Day, Reference
from portal.publishing.judging import problems_of, problems_of_fields
from portal.publishing.models import Publishable
from portal.publishing.plans import CREATED, UNCHANGED, UPDATED, Plan, RowPlan
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.finding import AlreadyTold, Finder, KeyFinder
from portal.publishing.spreadsheets.headings import Table
from portal.publishing.spreadsheets.questions import Answers
from portal.publishing.spreadsheets.rows import Rows, Told, own_columns, same_cell
from portal.publishing.spreadsheets.uniques import Uniques

Advance = Callable[[int], None]
# Rows are told as done in steps of so many.
_STEP = 200


@dataclass
class Found:
    """A record that a row is about, and what it tells before the row is written."""

    record: models.Model
    values: dict[str, object]


def plan_table(
    resource: Resource,
    table: Table,
    *,
    file: str,
    answers: Answers | None = None,
    advance: Advance = lambda rows: None,
) -> tuple[list[Plan], Rows]:
    """The plans for ``table``, those to be written first before the others.

    ``file`` is named in errors; ``answers`` are those to the questions of an earlier
    check; ``advance`` is called with the number of further rows that are done. The
    errors of all rows are those of the plans together; ``warnings`` and ``questions``
    are in the returned rows.
    """
    rows = Rows(resource, table, file, answers)
    tolds = rows.tidied()
    _expect_own_keys(resource, rows, tolds)
    for told in tolds:
        rows.read(told)
    finder = (resource.finder or KeyFinder)(rows, tolds)
    planner = Planner(resource, rows, finder)
    for count, told in enumerate(tolds, start=1):
        planner.add(told)
        if not count % _STEP:
            advance(_STEP)
    advance(len(tolds) % _STEP)
    planner.plan.errors += table.errors
    return [*planner.finder.plans, planner.plan], rows


def _expect_own_keys(resource: Resource, rows: Rows, tolds: list[Told]) -> None:
    """A row may point to another of the same sheet."""
    for told in tolds:
        if key := told.cells.get(resource.key):
            rows.keys.expect(resource.model._meta.label, resource.key, key)


class Planner:
    """Decides row by row; ``plan`` is what it has come to."""

    def __init__(self, resource: Resource, rows: Rows, finder: Finder):
        self.resource, self.rows, self.finder = resource, rows, finder
        self.plan = Plan(resource)
        self._own = {column.field: column for column in own_columns(resource)}
        self._needed = [
            column.field
            for column in self._own.values()
            if isinstance(column, Reference)
            and not resource.model._meta.get_field(column.field).null
        ]
        self._precisions = {
            column.field: column.precision
            for column in self._own.values()
            if isinstance(column, Day) and column.precision
        }
        self._uniques = Uniques(resource.model)

    def add(self, told: Told) -> RowPlan | None:
        """Plan one row; None when it is bad, and the plan has its errors: those of its
        cells, and what can be said of the others all the same."""
        self.plan.errors += told.errors
        unknown = self._unknown(told)
        try:
            found = self._find(told, unknown)
        except AlreadyTold:
            self._refuse_fields(told, unknown)
            return None
        except BadCell as problem:
            name = getattr(problem, "field", "") or self.resource.key
            self._refuse(told, name, str(problem))
            self._refuse_fields(told, unknown | {name})
            return None
        values = {name: told.values[name] for name in self._own if name in told.values}
        if not told.cells.get(self.resource.key):
            # A record keeps the code that it has; a new one is given its own.
            values.pop(self.resource.key, None)
        if found is None:
            planned = self._created(told, values)
        else:
            planned = self._updated(told, values, Found(*found))
        if planned is None or self._has_errors(told, planned, unknown) or told.bad:
            return None
        self.plan.rows.append(planned)
        return planned

    def _unknown(self, told: Told) -> set[str]:
        """The fields of which a row with bad cells says nothing that could be read."""
        by_day = {self._precisions[name] for name in told.bad & self._precisions.keys()}
        return told.bad | by_day

    def _find(self, told: Told, unknown: set[str]):
        if not unknown.isdisjoint(self.finder.told_apart_by(told)):
            raise AlreadyTold
        return self.finder.find(told)

    def _refuse_fields(self, told: Told, unknown: set[str]) -> None:
        """Tell what is wrong with fields by themselves, whatever record is meant."""
        if not self.finder.says_blanks:
            return
        record = self.resource.model()
        names = {name for name in self._own if name in told.values} - unknown
        if not told.cells.get(self.resource.key):
            names.discard(self.resource.key)
        for name in names:
            column = self._own[name]
            if not isinstance(column, Reference):
                column.assign(record, told.values[name], self.rows.keys)
            elif name in self._needed and not told.values[name]:
                self._refuse(told, name, _("Fill in this cell: the record needs it."))
        for name, messages in problems_of_fields(record, names).items():
            self._refuse(told, name, " ".join(messages))

    def _created(self, told: Told, values: dict) -> RowPlan:
        record = self.finder.fresh(told)
        planned = RowPlan(told.number, told.cells, CREATED, record, values)
        self._assign(planned)
        return planned

    def _updated(self, told: Told, values: dict, found: Found) -> RowPlan | None:
        changed = {
            name: value
            for name, value in values.items()
            if value != found.values[name]
            and not same_cell(
                self._own[name],
                told.cells[name],
                found.values[name],
                self.rows.names,
                self.resource.model,
            )
        }
        action = UPDATED if changed else UNCHANGED
        planned = RowPlan(told.number, told.cells, action, found.record, changed)
        if not changed:
            return planned
        for name in changed:
            if remedy := self._why_kept(found.record, name):
                self._refuse(told, name, remedy)
                return None
        self._assign(planned)
        found.record.clean()
        self._add_first_days(planned, found)
        self._drop_unchanged(planned, found)
        planned.before = {name: found.values[name] for name in planned.values}
        return planned

    def _why_kept(self, record: models.Model, name: str) -> str:
        """Why a sheet may not change the field ``name`` of ``record``, or ""."""
        if self.resource.is_seen_at_once:
            return _("Readers see this at once: change it in its form.")
        if isinstance(record, Publishable) and record.status != Status.DRAFT:
            if record.is_published:
                return _("The record is published: change it in its form.")
            return _("The record is %(state)s: return it to draft first.") % {
                "state": Status(record.status).label
            }
        return self._own[name].why_kept(record)

    def _assign(self, planned: RowPlan) -> None:
        for name, value in planned.values.items():
            column = self._own[name]
            if not isinstance(column, Reference) or self._is_there(column, value):
                column.assign(planned.record, value, self.rows.keys)
            if isinstance(column, Reference) and column.is_late:
                self._assign_late(planned, column, value)

    def _is_there(self, column: Reference, value: str) -> bool:
        keys = self.rows.keys
        return not value or keys.pk(column.model, column.key, value) is not None

    def _assign_late(self, planned: RowPlan, column: Reference, value: str) -> None:
        """Only to be judged: what is not written yet has no pk to point to."""
        keys = self.rows.keys
        pk = keys.pk(column.model, column.key, value) if value else None
        setattr(planned.record, f"{column.field}_id", pk)

    def _add_first_days(self, planned: RowPlan, found: Found) -> None:
        """A precision that is changed alone changes the day that is kept, too."""
        for name, precision in self._precisions.items():
            day = getattr(planned.record, name)
            if precision in planned.values and day != found.values[name]:
                planned.values.setdefault(name, day)

    def _drop_unchanged(self, planned: RowPlan, found: Found) -> None:
        """A month is kept as its first day: cleaned, the row may say nothing new."""
        fields = {field.name for field in self.resource.model._meta.fields}
        for name in [name for name in planned.values if name in fields]:
            column = self._own[name]
            if isinstance(column, Reference):
                continue
            if column.value(planned.record, {}) == found.values[name]:
                del planned.values[name]
        if not planned.values:
            planned.action = UNCHANGED

    def _has_errors(self, told: Told, planned: RowPlan, unknown: set[str]) -> bool:
        if planned.action == UNCHANGED:
            return False
        before = len(self.plan.errors)
        if planned.action == CREATED:
            self._refuse_missing(told, planned, unknown)
        name = self.resource.key
        key = {name} if name and not told.cells.get(name) else set()
        record = planned.record
        found = problems_of(record, key, asks=False, unknown=unknown)
        for name, messages in found.items():
            self._refuse(told, name, " ".join(messages))
        for name, remedy in self._uniques.problems(record, told.number, unknown):
            self._refuse(told, name, remedy)
        return len(self.plan.errors) > before

    def _refuse_missing(self, told: Told, planned: RowPlan, unknown: set[str]) -> None:
        for name in self._needed:
            if (
                name not in unknown
                and not planned.values.get(name)
                and getattr(planned.record, f"{name}_id") is None
            ):
                remedy = _("Fill in this cell: the record needs it.")
                self._refuse(told, name, remedy)

    def _refuse(self, told: Told, name: str, remedy: str) -> None:
        self.plan.errors.append(self.rows.error(told, name, remedy))
