"""Who edited the fields of rows, according to the audit log.

Used to tell the values that people entered from those that a program wrote.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import models

from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed

# Maximum number of rows whose entries are read by one query.
_BATCH_SIZE = 500
_EDITS = (
    AuditAction.CREATED,
    AuditAction.CHANGED,
    AuditAction.DELETED,
    AuditAction.IMPORT_UNDONE,
)
_DECISIONS = (AuditAction.ACCEPTED, AuditAction.DISCARDED)

# Name and language ("" if not translated) of a field of the row. The key of all child
# rows of one model is the label of the model and "".
FieldKey = tuple[str, str]


@dataclass(frozen=True)
class FieldEdit:
    """Last edit of one field: user name and time.

    The edit of an accepted proposal is that of its author, at the time of acceptance.
    ``is_proposed`` marks an edit that waits for approval and is not in the row yet.
    """

    by: str
    at: dt.datetime
    is_proposed: bool = False


@dataclass(frozen=True)
class _Entry:
    """The columns of an audit entry that are needed here."""

    position: int
    model: str
    row: str
    record: tuple[str, str]
    action: str
    user_id: int
    user_name: str
    at: dt.datetime
    changes: list[dict]

    def get_values(self) -> dict[FieldKey, tuple[str, str] | None]:
        """Return the old and new value of each changed field.

        None stands for personal values, which cannot be compared.
        """
        return {
            (change["field"], change["language"]): (change["old"], change["new"])
            if "old" in change
            else None
            for change in self.changes
        }


class _Edits:
    """Edits that determine the current values, by field.

    A field whose value was restored to the one before the first edit is not edited.
    """

    def __init__(self):
        self._first_values: dict[FieldKey, str | None] = {}
        self.by_field: dict[FieldKey, FieldEdit] = {}

    def add(
        self, key: FieldKey, values: tuple[str, str] | None, edit: FieldEdit
    ) -> None:
        first_value = self._first_values.get(key, values[0] if values else None)
        if values and first_value == values[1]:
            self.discard(key)
            return
        self._first_values[key] = first_value
        self.by_field[key] = edit

    def discard(self, key: FieldKey) -> None:
        self._first_values.pop(key, None)
        self.by_field.pop(key, None)


def load_field_edits(
    rows: Sequence[models.Model], *, program
) -> dict[int, dict[FieldKey, FieldEdit]]:
    """Return the edits by other users than ``program`` that are still in effect.

    ``rows`` are saved rows of one model. The result maps primary keys to the edits by
    field; rows without an edit are left out. An edit is no longer in effect when the
    value before it was restored, as by undoing an import, or when ``program`` wrote the
    field again. Edits of a proposal that waits for approval are included. Any change of
    a child row counts as an edit of all child rows of its model.

    The number of queries does not depend on the number of entries: one for each 500
    rows.
    """
    edits_by_pk = {}
    for start in range(0, len(rows), _BATCH_SIZE):
        batch = rows[start : start + _BATCH_SIZE]
        entries = _load_entries(batch)
        for row in batch:
            records = {_get_record_key(row), _get_row_key(row)}
            row_entries = [entry for record in records for entry in entries[record]]
            row_entries.sort(key=attrgetter("position"))
            if edits := _find_edits(row, row_entries, program=program):
                edits_by_pk[row.pk] = edits
    return edits_by_pk


def load_deletions(
    model: type[models.Model],
    fields: Sequence[str],
    identities: Iterable[tuple[str, ...]],
    *,
    program,
) -> dict[tuple[str, ...], FieldEdit]:
    """Return who deleted the rows of ``model`` that had one of ``identities``.

    An identity has the values of ``fields`` as text. Deletions by ``program`` are left
    out.
    """
    parent_key = _get_parent_key(model)
    record_model = parent_key.related_model if parent_key else model
    entries = Deed.objects.filter(
        record_model=record_model._meta.label_lower,
        model=model._meta.label_lower,
        verb=AuditAction.DELETED,
    )
    wanted, deletions = set(identities), {}
    for entry in _read(entries):
        values = entry.get_values()
        old_values = [values.get((name, "")) or ("", "") for name in fields]
        identity = tuple(old for old, _new in old_values)
        if identity in wanted:
            deletions[identity] = entry
    return {
        identity: FieldEdit(entry.user_name, entry.at)
        for identity, entry in deletions.items()
        if entry.user_id != program.pk
    }


def load_created_pks(model: type[models.Model], *, by) -> list[int]:
    """Return the primary keys of the rows of ``model`` that ``by`` created.

    Rows that were deleted since are included.
    """
    entries = Deed.objects.filter(
        by=by, model=model._meta.label_lower, verb=AuditAction.CREATED
    )
    return [int(row) for row in entries.values_list("row", flat=True)]


def _load_entries(
    rows: Sequence[models.Model],
) -> dict[tuple[str, str], list[_Entry]]:
    """Return the entries about ``rows`` and their records, by record."""
    ids_by_model: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for label, pk in (_get_record_key(row), _get_row_key(row)):
            ids_by_model[label].add(pk)
    condition = models.Q()
    for label, ids in ids_by_model.items():
        condition |= models.Q(record_model=label, record_row__in=ids)
    verbs = (*_EDITS, *_DECISIONS, AuditAction.PROPOSED)
    entries: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
    for entry in _read(Deed.objects.filter(condition, verb__in=verbs)):
        entries[entry.record].append(entry)
    return entries


def _read(entries: models.QuerySet) -> Iterator[_Entry]:
    rows = entries.order_by("position").values_list(
        *("position", "model", "row", "record_model", "record_row"),
        *("verb", "by", "by__username", "at", "changes"),
    )
    for position, model, row, record_model, record_row, *values in rows.iterator():
        yield _Entry(position, model, row, (record_model, record_row), *values)


def _get_row_key(row: models.Model) -> tuple[str, str]:
    return row._meta.label_lower, str(row.pk)


def _get_record_key(row: models.Model) -> tuple[str, str]:
    """Return model and primary key of the record under which ``row`` is audited.

    For a child row it is its parent, for any other row the row itself.
    """
    parent_key = _get_parent_key(type(row))
    if parent_key is None:
        return _get_row_key(row)
    label = parent_key.related_model._meta.label_lower
    return label, str(getattr(row, parent_key.attname))


def _get_parent_key(model: type[models.Model]) -> models.ForeignKey | None:
    """Return the foreign key from a child row to its record, None for a record."""
    for column in model._meta.fields:
        if isinstance(column, models.ForeignKey):
            relations = getattr(column.related_model, "child_relations", ())
            if column.remote_field.get_accessor_name() in relations:
                return column
    return None


def _find_edits(
    row: models.Model, entries: list[_Entry], *, program
) -> dict[FieldKey, FieldEdit]:
    """Return the edits of ``row`` that are in effect after ``entries``, in order."""
    edits, proposed = _Edits(), _Edits()
    accepted, acceptance, last_author = {}, None, None
    for entry in entries:
        if entry.action in _DECISIONS:
            if entry.action == AuditAction.ACCEPTED:
                accepted, acceptance = proposed.by_field, (entry.at, entry.user_id)
            proposed = _Edits()
            continue
        is_proposal = entry.action == AuditAction.PROPOSED
        last_author = entry.user_name if is_proposal else last_author
        for key, values in _get_changed_fields(row, entry).items():
            if is_proposal:
                edit = FieldEdit(entry.user_name, entry.at, is_proposed=True)
                proposed.add(key, values, edit)
            elif entry.user_id == program.pk:
                edits.discard(key)
            else:
                author = entry.user_name
                if acceptance == (entry.at, entry.user_id):
                    # The entry names who accepted the proposal.
                    author = accepted[key].by if key in accepted else last_author
                edits.add(key, values, FieldEdit(author or entry.user_name, entry.at))
    return {**proposed.by_field, **edits.by_field}


def _get_changed_fields(
    row: models.Model, entry: _Entry
) -> dict[FieldKey, tuple[str, str] | None]:
    if (entry.model, entry.row) == _get_row_key(row):
        return entry.get_values()
    if entry.record == _get_row_key(row):
        return {(entry.model, ""): None}
    return {}  # another child row of the same record
