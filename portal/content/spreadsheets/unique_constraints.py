"""Validation of unique constraints for many rows with one query per constraint."""

from collections import defaultdict
from collections.abc import Collection

from django.db import models

from portal.content.spreadsheets.constraint_validation import satisfies_condition


class UniqueConstraintChecker:
    """Unique constraints of ``model`` and the values that are already in use.

    Existing values are read from the database when the first row is checked.
    """

    def __init__(self, model: type[models.Model]):
        self._constraints = [
            constraint
            for constraint in model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields
        ]
        self._model = model
        self._owners: dict[str, dict[tuple, object]] | None = None

    def find_violations(
        self, record: models.Model, number: int, unreadable_fields: Collection[str] = ()
    ) -> list[tuple[str, str]]:
        """Return (field, message) for each constraint that ``record`` violates.

        The record's values then count as used by row ``number``. Constraints on
        ``unreadable_fields``, whose cells could not be parsed, and constraints whose
        condition the record does not satisfy are skipped.
        """
        if not self._constraints:
            return []
        if self._owners is None:
            self._owners = self._read()
        violations = []
        for constraint in self._constraints:
            values = self._values(record, constraint)
            if None in values or not set(constraint.fields).isdisjoint(
                unreadable_fields
            ):
                continue
            condition = constraint.condition
            if condition is not None and not satisfies_condition(condition, record):
                continue
            owner = record.pk or f"row {number}"
            existing_owner = self._owners[constraint.name].setdefault(values, owner)
            if existing_owner != owner:
                message = str(constraint.get_violation_error_message())
                violations.append((constraint.fields[-1], message))
        return violations

    def _read(self) -> dict[str, dict[tuple, object]]:
        owners: dict[str, dict[tuple, object]] = defaultdict(dict)
        for constraint in self._constraints:
            rows = models.QuerySet(self._model)
            if constraint.condition is not None:
                rows = rows.filter(constraint.condition)
            for pk, *values in rows.values_list("pk", *constraint.fields):
                owners[constraint.name][tuple(values)] = pk
        return owners

    def _values(self, record: models.Model, constraint) -> tuple:
        meta = record._meta
        return tuple(
            getattr(record, meta.get_field(name).attname) for name in constraint.fields
        )
