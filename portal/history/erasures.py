"""Personal values that are not in the database any more, and whether they were erased.

An entry names no person. Whom its values are about follows from the row, and from the
entries that say to which row it pointed.
"""

from collections.abc import Iterator

from django.db import models

from portal.history.chain import Verdict
from portal.history.choices import Verb
from portal.history.deeds import subject_of
from portal.history.models import Deed
from portal.history.naming import model_of


def values_lost_without_erasure(verdict: Verdict) -> Iterator[str]:
    """Yield a sentence for each row whose personal values were deleted from the audit
    log although no later entry says that the person was erased."""
    erased = _erased_at() if verdict.without_values else {}
    subjects = _Subjects()
    for (label, row), positions in verdict.without_values.items():
        erased_at = max(erased.get(one, 0) for one in subjects.of(label, row))
        lost = [position for position in positions if position > erased_at]
        if lost:
            numbers = ", ".join(map(str, lost))
            yield (
                f"{label} {row}: the personal values of these entries are missing "
                f"and were not erased: {numbers}"
            )


def _erased_at() -> dict[str, int]:
    """Subject (``people.person:12``) → position of its last erasure."""
    deeds = Deed.objects.filter(verb=Verb.ERASED).order_by("position")
    found = deeds.values_list("model", "row", "position").iterator()
    return {f"{label}:{row}": position for label, row, position in found}


class _Subjects:
    """The persons whom values of a row can be about, now or earlier."""

    def __init__(self):
        self._known: dict[tuple[str, str], set[str]] = {}

    def of(self, label: str, row: str) -> set[str]:
        if (label, row) not in self._known:
            # A model points to another one on the way to the person, never back.
            self._known[label, row] = {f"{label}:{row}"}
            self._known[label, row] |= self._found(label, row)
        return self._known[label, row]

    def _found(self, label: str, row: str) -> set[str]:
        model = model_of(label)
        if model is None or not hasattr(model, "personal_subject"):
            return set()
        present = models.QuerySet(model).filter(pk=row).first()
        found = {subject_of(present)} if present else set()
        for key in _keys_to_subjects(model):
            for pk in _keys_in_entries(label, row, key.name):
                found |= self.of(key.related_model._meta.label_lower, pk)
        return found


def _keys_to_subjects(model: type[models.Model]) -> list[models.ForeignKey]:
    return [
        column
        for column in model._meta.concrete_fields
        if column.is_relation and hasattr(column.related_model, "personal_subject")
    ]


def _keys_in_entries(label: str, row: str, name: str) -> set[str]:
    """The primary keys that the foreign key ``name`` of a row had, as the entries of
    the row say it (``#12``)."""
    entries = Deed.objects.filter(model=label, row=row).values_list(
        "changes", flat=True
    )
    texts = {
        change.get(state, "")
        for changes in entries
        for change in changes
        if change["field"] == name
        for state in ("old", "new")
    }
    return {text[1:] for text in texts if text.startswith("#")}
