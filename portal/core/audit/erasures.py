"""Check whether personal values missing from the audit log were erased on purpose.

An audit entry does not store to which person its values belong. The person is derived
from the changed row and, for a row that was changed or deleted since, from the foreign
keys in earlier entries about that row.
"""

from collections.abc import Iterator

from django.db import models

from portal.core.audit.chain import ChainVerification
from portal.core.audit.choices import AuditAction
from portal.core.audit.display_names import find_model
from portal.core.audit.entries import get_personal_subject
from portal.core.audit.models import Deed


def describe_unexplained_losses(verification: ChainVerification) -> Iterator[str]:
    """Yield a message for each row whose personal values were lost without an erasure.

    A value is lost if it is missing from the database although no later audit entry
    records the erasure of the person's data.
    """
    for (label, object_id), positions in find_unexplained_losses(verification).items():
        numbers = ", ".join(map(str, positions))
        yield (
            f"{label} {object_id}: the personal values of these entries are "
            f"missing and were not erased: {numbers}"
        )


def find_unexplained_losses(
    verification: ChainVerification,
) -> dict[tuple[str, str], list[int]]:
    """Return the positions of entries whose personal values were lost, by row.

    The keys are (model label, primary key as text).
    """
    erasure_positions = _load_erasure_positions() if verification.without_values else {}
    subjects = _Subjects()
    losses = {}
    for (label, object_id), positions in verification.without_values.items():
        last_erasure = max(
            erasure_positions.get(subject, 0)
            for subject in subjects.get(label, object_id)
        )
        lost_positions = [position for position in positions if position > last_erasure]
        if lost_positions:
            losses[label, object_id] = lost_positions
    return losses


def _load_erasure_positions() -> dict[str, int]:
    """Return the position of the last erasure by subject (``people.person:12``)."""
    entries = Deed.objects.filter(verb=AuditAction.ERASED).order_by("position")
    rows = entries.values_list("model", "row", "position").iterator()
    return {f"{label}:{object_id}": position for label, object_id, position in rows}


class _Subjects:
    """Cached lookup of the persons to whom values of a row belong or belonged."""

    def __init__(self):
        self._subjects: dict[tuple[str, str], set[str]] = {}

    def get(self, label: str, object_id: str) -> set[str]:
        if (label, object_id) not in self._subjects:
            # The recursion ends: foreign keys lead towards the person and never back.
            self._subjects[label, object_id] = {f"{label}:{object_id}"}
            self._subjects[label, object_id] |= self._find_subjects(label, object_id)
        return self._subjects[label, object_id]

    def _find_subjects(self, label: str, object_id: str) -> set[str]:
        model = find_model(label)
        if model is None or not hasattr(model, "personal_subject"):
            return set()
        current_row = models.QuerySet(model).filter(pk=object_id).first()
        subjects = {get_personal_subject(current_row)} if current_row else set()
        for foreign_key in _get_subject_foreign_keys(model):
            for pk in _load_recorded_keys(label, object_id, foreign_key.name):
                subjects |= self.get(foreign_key.related_model._meta.label_lower, pk)
        return subjects


def _get_subject_foreign_keys(model: type[models.Model]) -> list[models.ForeignKey]:
    return [
        column
        for column in model._meta.concrete_fields
        if column.is_relation and hasattr(column.related_model, "personal_subject")
    ]


def _load_recorded_keys(label: str, object_id: str, field_name: str) -> set[str]:
    """Return all primary keys that a row has ever had in a foreign key.

    They are read from the audit entries about the row, which store them as ``#12``.
    """
    entries = Deed.objects.filter(model=label, row=object_id).values_list(
        "changes", flat=True
    )
    texts = {
        change.get(side, "")
        for changes in entries
        for change in changes
        if change["field"] == field_name
        for side in ("old", "new")
    }
    return {text[1:] for text in texts if text.startswith("#")}
