"""Proposals of an import: its changes of published records, for approval.

The changed values are written in a transaction that is rolled back, as the form of a
published record does. The difference to the state before becomes the proposal, so
columns need no code of their own for proposals.
"""

import datetime as dt
from collections.abc import Callable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing.models import ImportBatch, ImportedRow, Proposal
from portal.content.review import operations as review
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.content.spreadsheets.columns import KeyIndex
from portal.content.spreadsheets.import_plan import PROPOSED, ImportPlan, RowPlan
from portal.content.spreadsheets.row_parsing import get_direct_columns
from portal.content.spreadsheets.writing import (
    RecordChangedError,
    bulk_update_records,
    save_relations,
    set_author_and_languages,
)
from portal.core.audit.entries import PendingAuditEntry
from portal.core.audit.snapshots import snapshots


@transaction.atomic
def propose_changes(
    batch: ImportBatch,
    plans: list[ImportPlan],
    keys: KeyIndex,
    *,
    by,
    at: dt.datetime,
    on_progress: Callable[[int], None],
) -> list[PendingAuditEntry]:
    """Propose the planned changes of published records, one proposal for each.

    The records must be locked, and the other rows of the plans saved. Returns the audit
    entries as ``write_plans``. Raises IntegrityError if the changed records violate a
    constraint, RecordChangedError if a colleague proposed a change since the plans were
    made. ``on_progress`` is called with the number of further rows done.
    """
    entries: list[PendingAuditEntry] = []
    for plan in plans:
        rows = [row for row in plan.rows if row.action == PROPOSED]
        if not rows:
            continue
        content_type = ContentType.objects.get_for_model(plan.resource.model)
        _require_no_open_proposals(content_type, rows)
        changes = _build_changes(plan, rows, keys, by=by, at=at)
        proposals, new_entries = review.propose_import(
            batch, changes=_iterate_with_progress(changes, on_progress), by=by, at=at
        )
        entries += new_entries
        _save_imported_rows(batch, plan, rows, proposals)
    return entries


def _iterate_with_progress(
    changes: list[review.ProposedChange], on_progress: Callable[[int], None]
) -> Iterator[review.ProposedChange]:
    for change in changes:
        yield change
        on_progress(1)


def _save_imported_rows(
    batch: ImportBatch,
    plan: ImportPlan,
    rows: list[RowPlan],
    proposals: list[Proposal],
) -> None:
    numbers = {row.record.pk: row.number for row in rows}
    position = batch.rows.count()
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                batch=batch,
                position=position + count,
                number=numbers[proposal.object_id],
                content_type_id=proposal.content_type_id,
                object_id=proposal.object_id,
                resource=plan.resource.code(),
                action=PROPOSED,
                revision=proposal.record.revision,
            )
            for count, proposal in enumerate(proposals)
        ]
    )


def _require_no_open_proposals(content_type: ContentType, rows: list[RowPlan]) -> None:
    records = {row.record.pk: row.record for row in rows}
    open_proposals = Proposal.objects.open().filter(content_type=content_type)
    open_proposal = open_proposals.filter(object_id__in=list(records)).first()
    if open_proposal:
        raise RecordChangedError(
            _(
                "A colleague proposed a change to “%(record)s” during the import, so "
                "nothing was imported. Import the file again."
            )
            % {"record": records[open_proposal.object_id].public_code}
        )


def _build_changes(
    plan: ImportPlan, rows: list[RowPlan], keys: KeyIndex, *, by, at: dt.datetime
) -> list[review.ProposedChange]:
    """Return the stored records with their snapshots without and with the changes.

    Nothing is saved but missing rows that the values refer to, such as parties outside
    the directory: the proposals refer to them, too.
    """
    model = plan.resource.model
    pks = [row.record.pk for row in rows]
    records = models.QuerySet(model).in_bulk(pks)
    base = snapshots(list(records.values()), model.child_relations)
    for column in get_direct_columns(plan.resource):
        values = [
            row.values[column.field] for row in rows if column.field in row.values
        ]
        if values:
            column.create_missing_rows(values, keys)
    with rolled_back_transaction():
        for row in rows:
            set_author_and_languages(row, by=by, at=at)
        bulk_update_records(plan, rows)
        save_relations(plan.resource, rows, keys)
        changed = models.QuerySet(model).in_bulk(pks)
        proposed = snapshots(list(changed.values()), model.child_relations)
    return [review.ProposedChange(records[pk], base[pk], proposed[pk]) for pk in pks]
