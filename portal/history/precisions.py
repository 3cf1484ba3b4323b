"""How exactly the dates in audit entries were known when the entries were written."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models

from portal.history.models import Deed
from portal.history.naming import model_of

Row = tuple[str, str]


class Precisions:
    """Precisions of the dates that ``deeds`` changed.

    An entry that changed a date and not its precision does not say how exactly the date
    is known: the next entry that changed the precision does, or else the row as it is
    now. Takes a query for the entries and one for each model, and none where no such
    date was changed.
    """

    def __init__(self, deeds: Sequence[Deed]):
        wanted: dict[type[models.Model], set[str]] = defaultdict(set)
        for deed in deeds:
            if model := _dated_model(deed):
                wanted[model].add(deed.row)
        self._changes = _changes_of(wanted)
        self._now = {
            (model._meta.label_lower, str(values["pk"])): values
            for model, rows in wanted.items()
            for values in models.QuerySet(model)
            .filter(pk__in=[int(row) for row in rows if row.isdecimal()])
            .values("pk", *set(model.date_precisions.values()))
        }

    def of(self, deed: Deed, field: str) -> tuple[str, str]:
        """The precision of the date ``field`` before and after ``deed``; "" where its
        dates are always exact."""
        model = model_of(deed.model)
        name = getattr(model, "date_precisions", {}).get(field)
        if name is None:
            return "", ""
        row = deed.model, deed.row
        for position, change in self._changes.get(row, ()):
            if position >= deed.position and change["field"] == name:
                if position == deed.position:
                    return change["old"], change["new"]
                return change["old"], change["old"]
        now = self._now.get(row, {}).get(name, "")
        return now, now


def _dated_model(deed: Deed) -> type[models.Model] | None:
    """The model of the row, if the entry changed one of its dates with a precision."""
    model = model_of(deed.model)
    dates = getattr(model, "date_precisions", {})
    return model if any(one["field"] in dates for one in deed.changes) else None


def _changes_of(
    wanted: dict[type[models.Model], Iterable[str]],
) -> dict[Row, list[tuple[int, dict]]]:
    """The changes of precisions by row, the earliest first."""
    of_rows = models.Q(pk__in=[])
    for model, rows in wanted.items():
        label = model._meta.label_lower
        of_rows |= models.Q(
            record_model=label, record_row__in=rows, model=label, row__in=rows
        )
    found: dict[Row, list[tuple[int, dict]]] = defaultdict(list)
    if not wanted:
        return found
    entries = Deed.objects.filter(of_rows).order_by("position")
    for label, row, position, changes in entries.values_list(
        "model", "row", "position", "changes"
    ):
        names = model_of(label).date_precisions.values()
        found[label, row] += [
            (position, change) for change in changes if change["field"] in names
        ]
    return found
