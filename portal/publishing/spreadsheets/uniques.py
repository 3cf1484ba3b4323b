"""Promises of a model that take other rows to judge, looked up once for all rows."""

from collections import defaultdict
from collections.abc import Collection

from django.db import models


class Uniques:
    """The unique constraints of ``model`` and what already fills them.

    The rows that are there are read when the first row asks.
    """

    def __init__(self, model: type[models.Model]):
        self._constraints = [
            constraint
            for constraint in model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields
        ]
        self._model = model
        self._taken: dict[str, dict[tuple, object]] | None = None

    def problems(
        self, record: models.Model, number: int, unknown: Collection[str] = ()
    ) -> list[tuple[str, str]]:
        """(field, remedy) for each promise that ``record``, of row ``number``, breaks.

        From then on it counts as one of those that are there. What the row says of the
        fields ``unknown`` could not be read.
        """
        if not self._constraints:
            return []
        if self._taken is None:
            self._taken = self._read()
        found = []
        for constraint in self._constraints:
            values = self._values(record, constraint)
            if None in values or not set(constraint.fields).isdisjoint(unknown):
                continue
            owner = record.pk or f"row {number}"
            taken = self._taken[constraint.name].setdefault(values, owner)
            if taken != owner:
                message = str(constraint.get_violation_error_message())
                found.append((constraint.fields[-1], message))
        return found

    def _read(self) -> dict[str, dict[tuple, object]]:
        found: dict[str, dict[tuple, object]] = defaultdict(dict)
        for constraint in self._constraints:
            rows = models.QuerySet(self._model)
            if constraint.condition is not None:
                rows = rows.filter(constraint.condition)
            for pk, *values in rows.values_list("pk", *constraint.fields):
                found[constraint.name][tuple(values)] = pk
        return found

    def _values(self, record: models.Model, constraint) -> tuple:
        meta = record._meta
        return tuple(
            getattr(record, meta.get_field(name).attname) for name in constraint.fields
        )
