"""Which record a row of a sheet is about."""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.publishing.columns import BadCell
from portal.publishing.plans import Plan
from portal.publishing.resources import AT_ONCE
from portal.publishing.spreadsheets.rows import Rows, Told


class BadRow(BadCell):
    """No record can be found for the row; ``field`` names the column to look at."""

    def __init__(self, remedy: str, field: str = ""):
        self.field = field
        super().__init__(remedy)


class AlreadyTold(BadCell):
    """The row is bad, and the errors of another plan say why."""


class Unanswered(AlreadyTold):
    """Which record the row is about depends on an answer that the clerk has to give."""


class Finder:
    """Finds the records of rows; asks the database when it is made, not row by row.

    ``plans`` are those that have to be written before the rows' own. ``says_blanks``: a
    cell that a row leaves empty says that the record has nothing there.
    """

    plans: list[Plan] = []
    says_blanks = True

    def told_apart_by(self, told: Told) -> set[str]:
        """The fields that have to be read before the record of a row is found."""
        raise NotImplementedError

    def find(self, told: Told) -> tuple[models.Model, dict] | None:
        """The record that the row is about and its values; None for a new one.

        Raises BadCell when that cannot be said, Unanswered when the clerk is asked.
        """
        raise NotImplementedError

    def fresh(self, told: Told) -> models.Model:
        """The new record of a row, unsaved, with nothing of the row's cells on it."""
        raise NotImplementedError


class KeyFinder(Finder):
    """By the key; of a row without one by its natural key, where there is one."""

    def __init__(self, rows: Rows, tolds: list[Told]):
        self.resource = resource = rows.resource
        self.plans = []
        self._seen: dict[tuple, int] = {}
        keys = [told.cells.get(resource.key, "") for told in tolds]
        self._present = resource.present([key for key in keys if key])
        # Every row has the same columns.
        given = tolds[0].cells if tolds else {}
        self._names = [name for name in resource.natural_key if name in given]
        self._alike: dict[tuple, list[tuple[models.Model, dict]]] = defaultdict(list)
        for one in self._records_alike(
            [told for told in tolds if not told.cells.get(resource.key)]
        ):
            self._alike[self._sign(one[1])].append(one)

    def told_apart_by(self, told):
        key = self.resource.key
        return {key} if told.cells.get(key) else set(self._names)

    def find(self, told):
        key = told.cells.get(self.resource.key, "")
        self._see(told, ("key", key) if key else ("alike", *self._sign(told.values)))
        found = self._present.get(key) if key else self._find_alike(told)
        if found:
            self._see(told, ("record", found[0].pk))
        return found

    def fresh(self, told):
        return self.resource.model(**self.resource.defaults(told.values))

    def _find_alike(self, told):
        sign = self._sign(told.values)
        if not any(value and isinstance(value, str) for value in sign):
            raise BadCell(_("Give each row a key of its own."))
        found = self._alike.get(sign, [])
        if len(found) > 1:
            raise BadCell(_("Several records say the same. Give the code of one."))
        return found[0] if found else None

    def _see(self, told: Told, sign: tuple) -> None:
        """Two rows are not about one record."""
        first = self._seen.setdefault(sign, told.number)
        if first == told.number:
            return
        if sign[0] == "key":
            raise BadCell(_("Give each row a key of its own."))
        raise BadCell(
            _("The row says the same as row %(row)s. Remove one of them.")
            % {"row": first}
        )

    def _sign(self, values: dict[str, object]) -> tuple:
        return tuple(values[name] for name in self._names)

    def _records_alike(self, rows: list[Told]) -> list[tuple[models.Model, dict]]:
        """Records that share a text of the natural key with any of ``rows``."""
        found: dict[int, tuple[models.Model, dict]] = {}
        for start in range(0, len(rows), AT_ONCE):
            asked = [
                Q(**{f"{name}__in": texts})
                for name in self.resource.natural_key
                if (texts := _texts(rows[start : start + AT_ONCE], name))
            ]
            if asked:
                some = list(self.resource.records().filter(reduce(or_, asked)))
                told = self.resource.tell(some)
                found |= {
                    record.pk: (record, values)
                    for record, values in zip(some, told, strict=True)
                }
        return list(found.values())


def _texts(rows: list[Told], name: str) -> list[str]:
    return list({row.values[name] for row in rows if _is_text(row, name)})


def _is_text(row: Told, name: str) -> bool:
    value = row.values.get(name)
    return bool(value) and isinstance(value, str)
