"""Who edited the fields of rows, according to the audit log.

Used to tell the values that people entered from those that a program wrote.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from django.db import models

from portal.core.audit.choices import AuditAction
from portal.core.audit.display_names import find_model
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
    a child row counts as an edit of all child rows of its model, except a change of
    nothing but ``fields_without_column`` of the model, which no program writes. A child
    row that was moved from one record to another keeps its edits; the move is an edit
    of its foreign key to the record.

    The number of queries does not depend on the number of entries: one for each 500
    rows, and one more if child rows among them were moved.
    """
    edits_by_pk = {}
    for start in range(0, len(rows), _BATCH_SIZE):
        batch = rows[start : start + _BATCH_SIZE]
        entries = _load_entries(batch)
        for row in batch:
            row_entries = _join_moves(row, entries[row.pk])
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


def load_touched_pks(rows: Sequence[models.Model], *, by) -> set[int]:
    """Return the primary keys of those of ``rows`` with an entry by ``by``.

    ``rows`` are records of one model. Entries about their child rows count too.
    """
    pks = set()
    for start in range(0, len(rows), _BATCH_SIZE):
        batch = rows[start : start + _BATCH_SIZE]
        condition = _build_condition(map(_get_row_key, batch))
        entries = Deed.objects.filter(condition, by=by)
        pks |= {int(pk) for pk in entries.values_list("record_row", flat=True)}
    return pks


def _load_entries(rows: Sequence[models.Model]) -> dict[int, list[_Entry]]:
    """Return the entries about each row and its records, by primary key, in order.

    The records of a child row are its record and those that it was moved from.
    """
    label, parent_key = rows[0]._meta.label_lower, _get_parent_key(type(rows[0]))
    records_by_row = {
        str(row.pk): {_get_record_key(row), _get_row_key(row)} for row in rows
    }
    condition = _build_condition(set().union(*records_by_row.values()))
    if parent_key:
        condition |= models.Q(
            record_model=parent_key.related_model._meta.label_lower,
            model=label,
            row__in=list(records_by_row),
        )
    entries = _load_by_record(condition)
    former_records = set()
    for record, record_entries in entries.items():
        for entry in record_entries:
            records = records_by_row.get(entry.row) if entry.model == label else None
            if records and record not in records:
                records.add(record)
                former_records.add(record)
    if former_records:
        entries |= _load_by_record(_build_condition(former_records))
    return {
        row.pk: sorted(
            (
                entry
                for record in records_by_row[str(row.pk)]
                for entry in entries[record]
            ),
            key=attrgetter("position"),
        )
        for row in rows
    }


def _build_condition(records: Iterable[tuple[str, str]]) -> models.Q:
    """Return the condition for the entries of ``records``: label and primary key."""
    ids_by_model: dict[str, set[str]] = defaultdict(set)
    for label, pk in records:
        ids_by_model[label].add(pk)
    condition = models.Q()
    for label, ids in ids_by_model.items():
        condition |= models.Q(record_model=label, record_row__in=ids)
    return condition


def _load_by_record(condition: models.Q) -> dict[tuple[str, str], list[_Entry]]:
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


def _join_moves(row: models.Model, entries: list[_Entry]) -> list[_Entry]:
    """Replace the two entries of each move of ``row`` to another record by one.

    A move is stored as a deletion in one record and a creation in the other one. The
    joined entry has the fields that really changed, and the foreign key to the record.
    """
    own = [entry for entry in entries if (entry.model, entry.row) == _get_row_key(row)]
    deletions = [entry for entry in own if entry.action == AuditAction.DELETED]
    creations = [entry for entry in own if entry.action == AuditAction.CREATED]
    moves: dict[int, _Entry | None] = {}
    # Counted from the end, because the first creation, if any, is that of the row.
    for deletion, creation in zip(
        reversed(deletions), reversed(creations), strict=False
    ):
        if deletion.record != creation.record:
            moves[deletion.position] = None
            moves[creation.position] = _join_move(row, deletion, creation)
    joined = [moves.get(entry.position, entry) for entry in entries]
    return [entry for entry in joined if entry]


def _join_move(row: models.Model, deletion: _Entry, creation: _Entry) -> _Entry:
    old_values, new_values = deletion.get_values(), creation.get_values()
    changes = []
    for key in dict.fromkeys([*old_values, *new_values]):
        old, _nothing = old_values.get(key) or ("", "")
        _nothing, new = new_values.get(key) or ("", "")
        if old != new:
            name, language = key
            changes.append(
                {"field": name, "language": language, "old": old, "new": new}
            )
    if parent_key := _get_parent_key(type(row)):
        records = {"old": deletion.record[1], "new": creation.record[1]}
        changes.append({"field": parent_key.name, "language": "", **records})
    return replace(creation, action=AuditAction.CHANGED, changes=changes)


@dataclass
class _Proposals:
    """Proposals of one record: fields of the open one, and the one accepted last.

    ``acceptance`` is time and user of that acceptance, ``last_author`` the user who
    proposed last.
    """

    proposed: _Edits = field(default_factory=_Edits)
    accepted: dict[FieldKey, FieldEdit] = field(default_factory=dict)
    acceptance: tuple[dt.datetime, int] | None = None
    last_author: str = ""


def _find_edits(
    row: models.Model, entries: list[_Entry], *, program
) -> dict[FieldKey, FieldEdit]:
    """Return the edits of ``row`` that are in effect after ``entries``, in order."""
    edits = _Edits()
    proposals: dict[tuple[str, str], _Proposals] = defaultdict(_Proposals)
    for entry in entries:
        state = proposals[entry.record]
        if entry.action in _DECISIONS:
            if entry.action == AuditAction.ACCEPTED:
                state.accepted = state.proposed.by_field
                state.acceptance = (entry.at, entry.user_id)
            state.proposed = _Edits()
            continue
        is_proposal = entry.action == AuditAction.PROPOSED
        state.last_author = entry.user_name if is_proposal else state.last_author
        for key, values in _get_changed_fields(row, entry).items():
            if is_proposal:
                edit = FieldEdit(entry.user_name, entry.at, is_proposed=True)
                state.proposed.add(key, values, edit)
            elif entry.user_id == program.pk:
                edits.discard(key)
            else:
                author = entry.user_name
                if state.acceptance == (entry.at, entry.user_id):
                    # The entry names who accepted the proposal.
                    accepted = state.accepted.get(key)
                    author = accepted.by if accepted else state.last_author
                edits.add(key, values, FieldEdit(author or entry.user_name, entry.at))
    proposed = proposals[_get_record_key(row)].proposed
    return {**proposed.by_field, **edits.by_field}


def _get_changed_fields(
    row: models.Model, entry: _Entry
) -> dict[FieldKey, tuple[str, str] | None]:
    if (entry.model, entry.row) == _get_row_key(row):
        return entry.get_values()
    if entry.record == _get_row_key(row) and not _has_no_column(entry):
        return {(entry.model, ""): None}
    return {}  # another child row of the same record


def _has_no_column(entry: _Entry) -> bool:
    """Return whether the entry is about fields of a child row without a column."""
    names = getattr(find_model(entry.model), "fields_without_column", ())
    fields = {change["field"] for change in entry.changes}
    return bool(fields) and fields <= set(names)
