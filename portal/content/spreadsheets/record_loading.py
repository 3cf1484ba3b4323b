"""Loading of the record CSV files in one transaction."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing import numbering, operations
from portal.content.publishing.bulk_publishing import publish_new_records
from portal.content.publishing.dependencies import (
    enqueue_refresh_of,
    is_stale,
    lock_rows,
)
from portal.content.publishing.models import Proposal, Publishable
from portal.content.publishing.proposal_rebase import (
    lock_open_proposals,
    rebase_proposal,
)
from portal.content.spreadsheets.absent_records import find_absent_records
from portal.content.spreadsheets.headings import SheetTable
from portal.content.spreadsheets.import_plan import (
    CREATED,
    UPDATED,
    ImportPlan,
    RecordLoadError,
    RowError,
    RowPlan,
    may_be_used,
)
from portal.content.spreadsheets.record_planning import plan_record_files
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import RowParser
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction
from portal.core.audit.diff import FieldChange
from portal.core.audit.snapshots import Snapshot, snapshots, take_snapshot


@transaction.atomic
def load_record_files(
    files: list[tuple[Resource, SheetTable]],
    *,
    by,
    at: dt.datetime,
    dry_run: bool = False,
    on_progress: Callable[[int], None] = lambda rows: None,
    adopt: Collection[str] = (),
    renumber: Collection[str] = (),
) -> list[ImportPlan]:
    """Import the rows of all ``files`` and publish the records that are new.

    ``files`` must be ordered so that a file comes after the files it refers to, except
    by deferred columns. With ``dry_run`` everything is done and then rolled back, so
    that errors which only the database finds are reported too. ``on_progress`` is
    called with the number of further rows done; each row counts once when planned and
    once when saved. ``adopt`` and ``renumber`` are codes of rows that have the code of
    a record that a person created: the rows are these records, or they are others and
    get a new code (see :mod:`portal.content.spreadsheets.code_conflicts`).

    Returns the executed plan of each file. Raises RecordLoadError with every invalid
    cell of every file, or UnknownCodesError; nothing is saved then.
    """
    planned_files = plan_record_files(
        files, by=by, on_progress=on_progress, adopt=adopt, renumber=renumber
    )
    plans = [plan for plan, _row_parser in planned_files]
    errors = [error for plan in plans for error in plan.errors]
    if errors:
        raise RecordLoadError(errors)
    _lock(plans)
    proposals = lock_open_proposals(
        [
            *(row.record for plan in plans for row in plan.rows if _is_edit(row)),
            *_get_owners(plans),
        ]
    )
    _reserve_codes(plans)
    before: dict[int, Snapshot] = {}
    for plan in plans:
        before |= _take_snapshots_before(plan)
    owners_before = _snapshot_owners(plans)
    touched = [
        _save_rows(plan, row_parser, by=by, at=at) for plan, row_parser in planned_files
    ]
    for (_plan, row_parser), rows in zip(planned_files, touched, strict=True):
        _save_relations(rows, row_parser)
    new_records = []
    for plan, rows in zip(plans, touched, strict=True):
        if not plan.resource.owner:
            new_records += _write_audit_entries(rows, before, by=by, at=at)
        on_progress(len(plan.rows))
    _write_assignments(plans, by=by, at=at)
    publish_new_records(new_records, by=by, at=at)
    # After publishing, so that the catalogue entries link to the new records.
    edited = {
        row.record: before[id(row)] for rows in touched for row in rows if _is_edit(row)
    }
    own_rows = {row.record for rows in touched for row in rows}
    # A record with a loaded row of its own is registered with that row.
    edited |= {
        owner: snapshot
        for owner, snapshot in owners_before.items()
        if owner not in own_rows
    }
    _register_edits(edited, proposals, by=by, at=at)
    enqueue_refresh_of(
        (row.record for rows in touched for row in rows if _needs_refresh(row)), at=at
    )
    for plan in plans:
        plan.absent = find_absent_records(plan, by=by)
    if dry_run:
        transaction.set_rollback(True)
    return plans


def _register_edits(
    edited: dict[Publishable, Snapshot],
    proposals: dict[Publishable, Proposal],
    *,
    by,
    at: dt.datetime,
) -> None:
    """Register the edits of records and adjust their open proposals.

    ``edited`` has the snapshot of each record before the load.
    """
    for stored, before in edited.items():
        record = type(stored).objects.get(pk=stored.pk)
        if stored in proposals:
            after = take_snapshot(record, record.child_relations)
            rebase_proposal(proposals[stored], before=before, after=after)
        operations.register_edit(record, by=by, at=at, before=before)


def _lock(plans: list[ImportPlan]) -> None:
    """Lock the records to update and reload their status fields.

    Raises RecordLoadError if a record was changed or deleted since the rows were read.
    """
    files = {id(row): plan.resource.file for plan in plans for row in plan.rows}
    rows = [row for plan in plans for row in plan.rows if row.action == UPDATED]
    locked = lock_rows([*(row.record for row in rows), *_get_owners(plans)])
    stale = [row for row in rows if is_stale(row.record, locked.get(row.record))]
    if stale:
        remedy = _(
            "A record was changed while the files were being read. "
            "Load the files again."
        )
        raise RecordLoadError(
            [
                RowError(files[id(row)], row.number, "-", str(row.record), remedy)
                for row in stale
            ]
        )
    for row in rows:
        if isinstance(row.record, Publishable):
            for name in operations.STATUS_FIELDS:
                setattr(row.record, name, getattr(locked[row.record], name))


def _get_owners(plans: list[ImportPlan]) -> list[Publishable]:
    """Return the stored records of which created and updated rows are a part.

    Includes the former record of a row that moves to another one.
    """
    owners = []
    for plan in plans:
        name = plan.resource.owner
        rows = [row for row in plan.rows if row.action in (CREATED, UPDATED)]
        if not name or not rows:
            continue
        field = plan.resource.model._meta.get_field(name)
        pks = {getattr(row.record, field.attname) for row in rows}
        stored = models.QuerySet(plan.resource.model).filter(
            pk__in=[row.record.pk for row in rows if row.action == UPDATED]
        )
        pks |= set(stored.values_list(field.attname, flat=True))
        owners += models.QuerySet(field.related_model).in_bulk(pks - {None}).values()
    return owners


def _snapshot_owners(plans: list[ImportPlan]) -> dict[Publishable, Snapshot]:
    """Return the snapshots of :func:`_get_owners`, by record."""
    return {
        owner: take_snapshot(owner, owner.child_relations)
        for owner in _get_owners(plans)
    }


def _reserve_codes(plans: list[ImportPlan]) -> None:
    """Reserve the codes of new records before anything is saved.

    Lock order: adding a record in the admin locks the counter first, so the counter
    must not be locked after the audit chain head.
    """
    for plan in plans:
        model = plan.resource.model
        if getattr(model, "code_prefix", ""):
            created = [row for row in plan.rows if row.action == CREATED]
            codes = [row.values[model.code_field] for row in created]
            if codes:
                numbering.reserve_codes(codes)


def _save_rows(
    plan: ImportPlan, row_parser: RowParser, *, by, at: dt.datetime
) -> list[RowPlan]:
    """Save the created and updated rows of ``plan`` and return them.

    Deferred columns and relations are saved later by ``_save_relations``, when the rows
    of all files exist.
    """
    touched = [row for row in plan.rows if row.action in (CREATED, UPDATED)]
    resource, keys = plan.resource, row_parser.key_index
    for row in touched:
        record = row.record
        for column in resource.columns:
            if column.field in row.values:
                column.set_value(record, row.values[column.field], keys)
        if row.action == CREATED:
            record.created_by, record.created_at = by, at
        record.updated_by, record.updated_at = by, at
        with _convert_integrity_errors(row, row_parser):
            record.save()
        key = str(getattr(record, resource.key))
        keys.add(resource.model._meta.label, resource.key, key, record.pk)
    return touched


def _save_relations(touched: list[RowPlan], row_parser: RowParser) -> None:
    """Save deferred columns and relations, which need all rows to exist."""
    for row in touched:
        with _convert_integrity_errors(row, row_parser):
            for column in row_parser.resource.columns:
                if column.field in row.values:
                    value = row.values[column.field]
                    column.save_relation(row.record, value, row_parser.key_index)


@contextmanager
def _convert_integrity_errors(row: RowPlan, row_parser: RowParser) -> Iterator[None]:
    """Convert an IntegrityError into a RecordLoadError for the row.

    Context manager for saving a row. Needed for constraints that involve rows of the
    same load, such as an organ that is its own parent.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        messages = [str(error)]
        try:
            row.record.validate_constraints()
        except ValidationError as validation_error:
            messages = validation_error.messages
        remedy = " ".join(messages)
        raise RecordLoadError([row_parser.build_error(row, "", remedy)]) from error


def _needs_refresh(row: RowPlan) -> bool:
    """Return whether records that use the row's record need a refresh job.

    Records with a status need none: registering their edit starts the refresh.
    """
    return may_be_used(row) and not isinstance(row.record, Publishable)


def _take_snapshots_before(plan: ImportPlan) -> dict[int, Snapshot]:
    """Return snapshots of the stored records of updated rows, by ``id()`` of a row."""
    model = plan.resource.model
    updated = [row for row in plan.rows if row.action == UPDATED]
    stored = models.QuerySet(model).in_bulk([row.record.pk for row in updated])
    child_relations = getattr(model, "child_relations", ())
    by_pk = snapshots(list(stored.values()), child_relations)
    return {id(row): by_pk[row.record.pk] for row in updated}


def _is_edit(row: RowPlan) -> bool:
    return row.action == UPDATED and isinstance(row.record, Publishable)


def _write_assignments(plans: list[ImportPlan], *, by, at: dt.datetime) -> None:
    """Record which record a row is, if the operator decided it.

    From then on the record counts as loaded, and a new code is found by the entry.
    """
    entries = []
    for plan in plans:
        for row in plan.rows:
            if not row.file_code:
                continue
            code = row.record.public_code
            changes = [FieldChange(plan.resource.key, "", row.file_code, code)]
            entries.append(
                audit.build_pending_entry(
                    row.record,
                    AuditAction.ROW_ASSIGNED,
                    changes=changes if code != row.file_code else [],
                    reason=f"{plan.resource.file} {row.file_code}",
                )
            )
    audit.append_entries(entries, by=by, at=at)


def _write_audit_entries(
    touched: list[RowPlan], before: dict[int, Snapshot], *, by, at: dt.datetime
) -> list[Publishable]:
    """Write audit entries of saved rows of one model, except edits of records.

    Those are registered later. Returns the new records, which are drafts.
    """
    rows = {row.record.pk: row for row in touched if not _is_edit(row)}
    if not rows:
        return []
    model = type(touched[0].record)
    # Reload, because relations and deferred columns were saved without the instances.
    records = models.QuerySet(model).in_bulk(list(rows))
    after = snapshots(list(records.values()), getattr(model, "child_relations", ()))
    for pk, row in rows.items():
        audit.append_snapshot_diff(
            records[pk], before=before.get(id(row)), after=after[pk], by=by, at=at
        )
    return [records[pk] for pk in rows] if issubclass(model, Publishable) else []
