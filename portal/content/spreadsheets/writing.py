"""Writing of import plans in a few SQL statements per model.

All records that an import writes are drafts, regardless of the user's permissions.
Changes of published records are proposed (``portal.content.spreadsheets.proposing``).
"""

import datetime as dt
from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing import numbering
from portal.content.publishing.dependencies import (
    is_stale,
    lock_rows,
)
from portal.content.publishing.models import (
    Contribution,
    ImportBatch,
    ImportedRow,
    Publishable,
)
from portal.content.spreadsheets.audit_entries import build_row_entry
from portal.content.spreadsheets.columns import KeyIndex
from portal.content.spreadsheets.import_plan import (
    CREATED,
    PROPOSED,
    UPDATED,
    ImportPlan,
    RowPlan,
    may_be_used,
)
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import get_direct_columns
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction
from portal.core.translations.fields import name_keys_fields
from portal.core.translations.localized_text import written_languages

# Maximum number of rows per SQL statement.
_BATCH_SIZE = 200


class RecordChangedError(ValueError):
    """Raised when a record was changed between the check and the write."""


@transaction.atomic
def write_plans(
    batch: ImportBatch,
    plans: list[ImportPlan],
    keys: KeyIndex,
    *,
    by,
    at: dt.datetime,
    on_progress: Callable[[int], None],
) -> tuple[list[audit.PendingAuditEntry], list[models.Model]]:
    """Save the created and updated records of ``plans``, in order, all or nothing.

    Records whose change will be proposed are only locked. Returns the audit entries, to
    be appended at the end of the transaction, because from then on it locks the audit
    log for all others; and the saved records that published records may use, whose
    refresh has to be enqueued after that. Raises IntegrityError if another transaction
    wrote conflicting rows, RecordChangedError if a record was saved, or its status
    changed, since the plans were made. ``on_progress`` is called with the number of
    further rows done.
    """
    locked_actions = (UPDATED, PROPOSED)
    _lock([row for plan in plans for row in plan.rows if row.action in locked_actions])
    imported_rows: list[ImportedRow] = []
    entries, referenced_records = [], []
    for plan in plans:
        touched = [row for row in plan.rows if row.action in (CREATED, UPDATED)]
        _write_plan(plan, keys, by=by, at=at)
        imported_rows += _build_imported_rows(batch, plan, touched, len(imported_rows))
        entries += [_build_import_entry(plan, row, str(batch)) for row in touched]
        referenced_records += [row.record for row in touched if may_be_used(row)]
        on_progress(len(plan.rows) - plan.count_rows(PROPOSED))
    ImportedRow.objects.bulk_create(imported_rows, batch_size=_BATCH_SIZE)
    entries.append(
        audit.build_pending_entry(batch, AuditAction.IMPORTED, reason=batch.file_name)
    )
    return entries, referenced_records


def _lock(rows: list[RowPlan]) -> None:
    """Lock the records to update, or to propose a change of.

    Raises RecordChangedError if one has changed since it was planned. Otherwise a
    record that was submitted or published meanwhile would get content that its reviewer
    did not see.
    """
    locked = lock_rows([row.record for row in rows])
    for row in rows:
        if is_stale(row.record, locked.get(row.record)):
            raise RecordChangedError(
                _(
                    "A colleague changed “%(record)s” during the import, so "
                    "nothing was imported. Import the file again."
                )
                % {"record": row.record}
            )


def _build_import_entry(
    plan: ImportPlan, row: RowPlan, note: str
) -> audit.PendingAuditEntry:
    verb = AuditAction.CREATED if row.action == CREATED else AuditAction.CHANGED
    return build_row_entry(
        plan.resource,
        row.record,
        verb,
        before=row.before,
        after=row.values,
        note=note,
    )


def _write_plan(plan: ImportPlan, keys: KeyIndex, *, by, at: dt.datetime) -> None:
    created = [row for row in plan.rows if row.action == CREATED]
    updated = [row for row in plan.rows if row.action == UPDATED]
    _assign_codes(plan, created)
    for row in [*created, *updated]:
        set_author_and_languages(row, by=by, at=at)
    rows = models.QuerySet(plan.resource.model)
    deferred_fields = get_deferred_fields(plan.resource)
    for row in created:
        for name in deferred_fields:
            # The referenced row may be one of these; the foreign key is set after all
            # are saved.
            setattr(row.record, f"{name}_id", None)
    rows.bulk_create([row.record for row in created], batch_size=_BATCH_SIZE)
    bulk_update_records(plan, updated)
    if plan.resource.key:
        label, key = plan.resource.model._meta.label, plan.resource.key
        for row in created:
            keys.add(label, key, str(getattr(row.record, key)), row.record.pk)
    save_relations(plan.resource, [*created, *updated], keys)
    bulk_add_contributions(plan.resource.model, [*created, *updated], by=by)


def bulk_add_contributions(
    model: type[models.Model], rows: list[RowPlan], *, by
) -> None:
    """Record ``by`` as a contributor of the records, who may not approve them.

    Does nothing for system actors and for models without an approval process.
    """
    if by.is_actor or not issubclass(model, Publishable):
        return
    content_type = ContentType.objects.get_for_model(model)
    Contribution.objects.bulk_create(
        [
            Contribution(content_type=content_type, object_id=row.record.pk, user=by)
            for row in rows
        ],
        batch_size=_BATCH_SIZE,
        ignore_conflicts=True,
    )


def bulk_update_records(plan: ImportPlan, updated: list[RowPlan]) -> None:
    """Save the changed fields of the updated records in bulk."""
    meta = plan.resource.model._meta
    names = {"updated_at", "updated_by", "languages"} | {
        name for row in updated for name in row.values
    }
    names |= {field.name for field in name_keys_fields(plan.resource.model)}
    update_fields = [field.name for field in meta.fields if field.name in names]
    if updated:
        models.QuerySet(plan.resource.model).bulk_create(
            [row.record for row in updated],
            batch_size=_BATCH_SIZE,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=update_fields,
        )


def save_relations(resource: Resource, rows: list[RowPlan], keys: KeyIndex) -> None:
    """Save values that need saved records: relations, sources, child rows.

    Deferred foreign keys are saved here as well.
    """
    for column in get_direct_columns(resource):
        pairs = [
            (row.record, row.values[column.field])
            for row in rows
            if column.field in row.values
        ]
        for start in range(0, len(pairs), _BATCH_SIZE):
            column.bulk_save_relations(pairs[start : start + _BATCH_SIZE], keys)


def get_deferred_fields(resource: Resource) -> list[str]:
    """Return the foreign keys to rows that may come later in the same sheet."""
    model = resource.model
    return [
        column.field
        for column in get_direct_columns(resource)
        if column.is_deferred
        and model._meta.get_field(column.field).related_model is model
    ]


def set_author_and_languages(row: RowPlan, *, by, at: dt.datetime) -> None:
    """Set the author, the timestamps and the language list of the row's record."""
    record = row.record
    record.updated_by, record.updated_at = by, at
    if row.action == CREATED:
        record.created_by, record.created_at = by, at
    if isinstance(record, Publishable):
        record.languages = written_languages(record, record.text_fields)


def _assign_codes(plan: ImportPlan, created: list[RowPlan]) -> None:
    """Give new records without a code the next codes of the series, in row order.

    Locks the counter.
    """
    prefix = getattr(plan.resource.model, "code_prefix", "")
    if not prefix or not created:
        return
    entered_codes = [row.record.code for row in created if row.record.code]
    if entered_codes:
        numbering.reserve_codes(entered_codes)
    records_without_code = [row.record for row in created if not row.record.code]
    codes = (
        numbering.next_codes(prefix, count=len(records_without_code))
        if records_without_code
        else []
    )
    for record, code in zip(records_without_code, codes, strict=True):
        record.code = code


def _build_imported_rows(
    batch: ImportBatch, plan: ImportPlan, touched: list[RowPlan], position: int
) -> list[ImportedRow]:
    content_type = ContentType.objects.get_for_model(plan.resource.model)
    columns = {column.field: column for column in get_direct_columns(plan.resource)}
    return [
        ImportedRow(
            batch=batch,
            position=position + number,
            number=row.number,
            content_type=content_type,
            object_id=row.record.pk,
            resource=plan.resource.code(),
            action=row.action,
            before={
                name: columns[name].value_to_json(value)
                for name, value in row.before.items()
            },
            revision=getattr(row.record, "revision", 0),
        )
        for number, row in enumerate(touched)
    ]
