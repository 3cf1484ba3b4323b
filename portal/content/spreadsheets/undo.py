"""Undo of an import as a whole, if its records have not been changed since."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from portal.content.publishing.choices import Status
from portal.content.publishing.dependencies import enqueue_refresh_of, lock_rows
from portal.content.publishing.models import (
    Contribution,
    EvidenceOnlyHost,
    ImportBatch,
    ImportedRow,
    Proposal,
)
from portal.content.publishing.review_choices import ProposalState
from portal.content.review import operations as review
from portal.content.review.proposal_references import find_proposed_reference
from portal.content.spreadsheets.audit_entries import build_row_entry
from portal.content.spreadsheets.columns import KeyIndex
from portal.content.spreadsheets.import_plan import (
    CREATED,
    PROPOSED,
    UPDATED,
    ImportPlan,
    RowPlan,
)
from portal.content.spreadsheets.registry import get_resource
from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE
from portal.content.spreadsheets.row_parsing import get_direct_columns
from portal.content.spreadsheets.writing import (
    bulk_add_contributions,
    bulk_update_records,
    get_deferred_fields,
    save_relations,
    set_author_and_languages,
)
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction


class ModifiedSinceImportError(ValueError):
    """Raised when a record has changed since the import.

    The message names the first row concerned.
    """


@dataclass
class _ResourceRows:
    """Rows of an import that belong to one resource, without proposed changes.

    ``records`` and their column values are by primary key.
    """

    code: str
    rows: list[ImportedRow]
    records: dict[int, models.Model]
    values_by_pk: dict[int, dict]

    @property
    def created(self) -> list[int]:
        return [row.object_id for row in self.rows if row.action == CREATED]


def revert_import(batch: ImportBatch, *, by, at: dt.datetime) -> None:
    """Delete the records that the import created and restore those it updated.

    Changes that it proposed are discarded. Raises ModifiedSinceImportError if that is
    impossible. Call it in a transaction, because some records may have been restored by
    then.
    """
    parts = _load_rows_by_resource(batch)
    proposals = _load_open_proposals(batch)
    for part in parts:
        for row in part.rows:
            _check_unmodified(batch, row, part.records.get(row.object_id))
    created = {
        (part.records[pk]._meta.model, pk) for part in parts for pk in part.created
    }
    for part in parts:
        _check_unreferenced(part, created)
    _check_not_proposed(batch, parts, created)
    keys, entries = KeyIndex(), []
    for part in reversed(parts):
        entries += [
            _build_undo_entry(part, row, str(batch)) for row in reversed(part.rows)
        ]
        _restore(part, keys, by=by, at=at)
        _delete(part)
    rows = [(row, part.records[row.object_id]) for part in parts for row in part.rows]
    restored = [
        record
        for row, record in rows
        if row.action == UPDATED or isinstance(record, EvidenceOnlyHost)
    ]
    entries.append(
        audit.build_pending_entry(
            batch, AuditAction.IMPORT_UNDONE, reason=batch.file_name
        )
    )
    entries += review.revoke_proposals(
        proposals, by=by, at=at, reason=_("The import was undone.")
    )
    audit.append_entries(entries, by=by, at=at)
    enqueue_refresh_of(restored, at=at)


def _build_undo_entry(
    part: _ResourceRows, row: ImportedRow, note: str
) -> audit.PendingAuditEntry:
    """Return the audit entry for undoing one row; call it before the undo."""
    record, resource = part.records[row.object_id], get_resource(part.code)
    columns = {column.field: column for column in get_direct_columns(resource)}
    names = row.before if row.action == UPDATED else columns
    current_values = part.values_by_pk[row.object_id]
    return build_row_entry(
        resource,
        record,
        AuditAction.IMPORT_UNDONE,
        before={name: current_values[name] for name in names},
        after={
            name: columns[name].value_from_json(stored)
            for name, stored in row.before.items()
        },
        note=note,
    )


def _load_rows_by_resource(batch: ImportBatch) -> list[_ResourceRows]:
    """Load the rows and lock their records, also those of proposed changes."""
    rows = list(batch.rows.order_by("position"))
    _lock(rows)
    parts: dict[str, _ResourceRows] = {}
    for row in rows:
        if row.action == PROPOSED:
            continue
        part = parts.setdefault(row.resource, _ResourceRows(row.resource, [], {}, {}))
        part.rows.append(row)
    for part in parts.values():
        resource = get_resource(part.code)
        records = resource.get_queryset()
        pks = [row.object_id for row in part.rows]
        for start in range(0, len(pks), QUERY_BATCH_SIZE):
            batch_pks = pks[start : start + QUERY_BATCH_SIZE]
            batch_records = list(records.filter(pk__in=batch_pks))
            part.records |= {record.pk: record for record in batch_records}
            values_by_record = resource.get_values(batch_records)
            part.values_by_pk |= {
                record.pk: values
                for record, values in zip(batch_records, values_by_record, strict=True)
            }
    return list(parts.values())


def _load_open_proposals(batch: ImportBatch) -> list[Proposal]:
    """Return the open proposals of the import, without those of deleted records.

    Raises ModifiedSinceImportError if one was edited or approved since the import.
    """
    numbers = {
        (row.content_type_id, row.object_id): row.number
        for row in batch.rows.filter(action=PROPOSED)
    }
    undecided = []
    for proposal in batch.proposals.order_by("pk").prefetch_related("record"):
        is_edited = proposal.is_open and proposal.proposed_at != batch.written_at
        if is_edited or proposal.state == ProposalState.ACCEPTED:
            message = (
                _("The change to “%(record)s” in row %(row)s has been edited.")
                if is_edited
                else _("The change to “%(record)s” in row %(row)s has been approved.")
            )
            number = numbers[proposal.content_type_id, proposal.object_id]
            raise ModifiedSinceImportError(
                message % {"record": proposal.record, "row": number}
            )
        if proposal.is_open and proposal.record:
            undecided.append(proposal)
    return undecided


def _lock(rows: Iterable[ImportedRow]) -> None:
    """Lock the records of all resources in the common lock order."""
    lock_rows([get_resource(row.resource).model(pk=row.object_id) for row in rows])


def _check_unmodified(batch: ImportBatch, row: ImportedRow, record) -> None:
    if record is None:
        raise ModifiedSinceImportError(
            _("The record imported from row %(row)s no longer exists.")
            % {"row": row.number}
        )
    is_unmodified = (
        record.updated_at == batch.written_at
        and record.updated_by_id == batch.written_by_id
        and getattr(record, "revision", 0) == row.revision
        and getattr(record, "status", Status.DRAFT) == Status.DRAFT
    )
    if not is_unmodified:
        raise ModifiedSinceImportError(
            _("“%(record)s” in row %(row)s was changed after the import.")
            % {"record": record, "row": row.number}
        )


def _check_unreferenced(part: _ResourceRows, created: set) -> None:
    """Raise ModifiedSinceImportError if later rows refer to a created record.

    Deleting the record would delete such rows as well.
    """
    model = get_resource(part.code).model
    column_fields = {
        column.model_field for column in get_direct_columns(get_resource(part.code))
    }
    numbers = {row.object_id: row.number for row in part.rows}
    for relation in model._meta.related_objects:
        if relation.name in column_fields:
            continue
        for pk, referencing_pk in _find_referencing_rows(relation, part.created):
            if (relation.related_model, referencing_pk) not in created:
                raise _used_error(part.records[pk], numbers[pk], relation.related_model)


def _check_not_proposed(
    batch: ImportBatch, parts: list[_ResourceRows], created: set
) -> None:
    """Raise ModifiedSinceImportError if another open proposal refers to a created
    record.

    No foreign key exists for it yet, and the proposal could not be approved without the
    record. The proposals of ``batch`` are discarded with it.
    """
    if not created:
        return
    others = Proposal.objects.open().exclude(import_batch=batch)
    reference = find_proposed_reference(others, created)
    if reference is None:
        return
    for part in parts:
        for row in part.rows:
            record = part.records[row.object_id]
            if (record._meta.model, record.pk) == reference:
                raise _used_error(record, row.number, Proposal)


def _used_error(
    record: models.Model, number: int, user: type[models.Model]
) -> ModifiedSinceImportError:
    return ModifiedSinceImportError(
        _("“%(record)s” in row %(row)s is now used by another item (%(user)s).")
        % {"record": record, "row": number, "user": user._meta.verbose_name}
    )


def _find_referencing_rows(relation, pks: list[int]) -> list[tuple[int, int]]:
    """Return (record's primary key, referring row's primary key) of ``relation``."""
    pairs: list[tuple[int, int]] = []
    name = relation.field.name
    for start in range(0, len(pks), QUERY_BATCH_SIZE):
        lookup = {f"{name}__in": pks[start : start + QUERY_BATCH_SIZE]}
        rows = models.QuerySet(relation.related_model).filter(**lookup)
        pairs += rows.order_by("pk").values_list(name, "pk")
    return [(pk, referencing_pk) for pk, referencing_pk in pairs if pk in set(pks)]


def _restore(part: _ResourceRows, keys: KeyIndex, *, by, at: dt.datetime) -> None:
    resource = get_resource(part.code)
    columns = {column.field: column for column in get_direct_columns(resource)}
    plan = ImportPlan(resource)
    for row in part.rows:
        if row.action != UPDATED:
            continue
        record = part.records[row.object_id]
        values = {
            name: columns[name].value_from_json(stored)
            for name, stored in row.before.items()
        }
        try:
            for name, value in values.items():
                columns[name].set_value(record, value, keys)
        except KeyError as error:
            raise _missing_reference_error(row) from error
        plan.rows.append(RowPlan(row.number, {}, UPDATED, record, values))
    for row in plan.rows:
        set_author_and_languages(row, by=by, at=at)
    bulk_update_records(plan, plan.rows)
    try:
        save_relations(resource, plan.rows, keys)
    except KeyError as error:
        raise _missing_reference_error(part.rows[0]) from error
    bulk_add_contributions(resource.model, plan.rows, by=by)


def _missing_reference_error(row: ImportedRow) -> ModifiedSinceImportError:
    return ModifiedSinceImportError(
        _("A record that row %(row)s previously referred to no longer exists.")
        % {"row": row.number}
    )


def _delete(part: _ResourceRows) -> None:
    rows = models.QuerySet(get_resource(part.code).model)
    contributions = Contribution.objects.filter(
        content_type=part.rows[0].content_type_id
    )
    created = part.created
    deferred_fields = dict.fromkeys(get_deferred_fields(get_resource(part.code)))
    for start in range(0, len(created) if deferred_fields else 0, QUERY_BATCH_SIZE):
        # Created records may refer to one another.
        rows.filter(pk__in=created[start : start + QUERY_BATCH_SIZE]).update(
            **deferred_fields
        )
    for start in range(0, len(created), QUERY_BATCH_SIZE):
        pks = created[start : start + QUERY_BATCH_SIZE]
        rows.filter(pk__in=pks).delete()
        contributions.filter(object_id__in=pks).delete()
