"""Precision (day, month or year) of dates in audit entries at the time of the entry."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models
from django.db.models.functions import Cast

from portal.core.audit.display_names import find_model
from portal.core.audit.models import Deed

# Model label and primary key as text.
RowKey = tuple[str, str]


class Precisions:
    """Lookup of the precisions of the dates that the given audit entries changed.

    An entry that changed a date but not its precision does not contain the precision.
    It is taken from the next entry that changed the precision, or else from the current
    row. The constructor runs one query for entries and one for each model, or none if
    no date with a precision was changed.
    """

    def __init__(self, entries: Sequence[Deed]):
        ids_by_model: dict[type[models.Model], set[str]] = defaultdict(set)
        for entry in entries:
            if model := _get_model_with_changed_dates(entry):
                ids_by_model[model].add(entry.row)
        first = min((entry.position for entry in entries), default=0)
        self._changes = _load_precision_changes(ids_by_model, since=first)
        self._current_values = {
            (model._meta.label_lower, str(values["pk"])): values
            for model, ids in ids_by_model.items()
            for values in models.QuerySet(model)
            .filter(
                pk__in=[int(object_id) for object_id in ids if object_id.isdecimal()]
            )
            .values("pk", *set(model.date_precisions.values()))
        }

    def get(self, entry: Deed, field: str) -> tuple[str, str]:
        """Return the precision of the date ``field`` before and after an audit entry.

        Both are "" for a field whose dates are always exact.
        """
        model = find_model(entry.model)
        precision_field = getattr(model, "date_precisions", {}).get(field)
        if precision_field is None:
            return "", ""
        row_key = entry.model, entry.row
        for position, change in self._changes.get(row_key, ()):
            if position >= entry.position and change["field"] == precision_field:
                if position == entry.position:
                    return change["old"], change["new"]
                return change["old"], change["old"]
        precision = self._current_values.get(row_key, {}).get(precision_field, "")
        return precision, precision


def _get_model_with_changed_dates(entry: Deed) -> type[models.Model] | None:
    """Return the model of the changed row if a date with a precision was changed.

    Otherwise return None.
    """
    model = find_model(entry.model)
    dates = getattr(model, "date_precisions", {})
    return model if any(change["field"] in dates for change in entry.changes) else None


def _load_precision_changes(
    ids_by_model: dict[type[models.Model], Iterable[str]], *, since: int
) -> dict[RowKey, list[tuple[int, dict]]]:
    """Return the precision changes of the given rows from the position ``since`` on.

    The first argument maps models to primary keys as text. The result maps (model
    label, primary key) to (position, change) pairs, the earliest first.
    """
    condition = models.Q(pk__in=[])
    for model, ids in ids_by_model.items():
        label = model._meta.label_lower
        # Most entries of a row change no precision; reading them takes long.
        is_precision = models.Q()
        for field in set(model.date_precisions.values()):
            is_precision |= models.Q(changes_text__contains=f'"{field}"')
        condition |= is_precision & models.Q(
            record_model=label, record_row__in=ids, model=label, row__in=ids
        )
    changes_by_row: dict[RowKey, list[tuple[int, dict]]] = defaultdict(list)
    if not ids_by_model:
        return changes_by_row
    entries = Deed.objects.alias(changes_text=Cast("changes", models.TextField()))
    entries = entries.filter(condition, position__gte=since).order_by("position")
    for label, object_id, position, changes in entries.values_list(
        "model", "row", "position", "changes"
    ):
        precision_fields = find_model(label).date_precisions.values()
        changes_by_row[label, object_id] += [
            (position, change)
            for change in changes
            if change["field"] in precision_fields
        ]
    return changes_by_row
