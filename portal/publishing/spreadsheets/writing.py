"""Writing plans: rows, links, sources and parts, each kind in a few statements.

What is written is a draft, whoever writes it.
"""

import datetime as dt
from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.history import operations as history
from portal.history.choices import Verb
from portal.publishing import numbering
from portal.publishing.columns import Keys
from portal.publishing.dependencies import (
    enqueue_refresh_of,
    is_stale,
    lock_rows,
    may_be_used,
)
from portal.publishing.models import (
    Contribution,
    ImportBatch,
    ImportedRow,
    Publishable,
)
from portal.publishing.plans import CREATED, UPDATED, Plan, RowPlan
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.deeds import deed
from portal.publishing.spreadsheets.rows import own_columns
from portal.translations.fields import name_keys_fields
from portal.translations.shown import written_languages

# So many rows go into one statement.
_ROWS = 200


class RecordChangedError(ValueError):
    """A record was changed after its row was checked and before it was written."""


@transaction.atomic
def write_plans(
    batch: ImportBatch,
    plans: list[Plan],
    keys: Keys,
    *,
    by,
    at: dt.datetime,
    advance: Callable[[int], None],
) -> list[ImportedRow]:
    """Save what the plans create and change, in their order, all or nothing.

    Returns the rows that say what was done. Raises IntegrityError when somebody has
    written the same meanwhile, RecordChangedError when a colleague saved or decided on
    a record since the plans were made.
    """
    _lock([row for plan in plans for row in plan.rows if row.action == UPDATED])
    done: list[ImportedRow] = []
    deeds, used = [], []
    for plan in plans:
        touched = [row for row in plan.rows if row.action in (CREATED, UPDATED)]
        _write(plan, keys, by=by, at=at)
        done += _told(batch, plan, touched, len(done))
        deeds += [_deed(plan, row, str(batch)) for row in touched]
        used += [row.record for row in touched if may_be_used(row)]
        advance(len(plan.rows))
    ImportedRow.objects.bulk_create(done, batch_size=_ROWS)
    deeds.append(history.tell(batch, Verb.IMPORTED, note=batch.file_name))
    history.append_many(deeds, by=by, at=at)
    enqueue_refresh_of(used, at=at)
    return done


def _lock(rows: list[RowPlan]) -> None:
    """Lock the records that are to be changed; raise RecordChangedError if one of them
    is not what the plan was made for.

    Without this a record that was submitted or published meanwhile would get content
    that its reviewer did not see.
    """
    locked = lock_rows([row.record for row in rows])
    for row in rows:
        if is_stale(row.record, locked.get(row.record)):
            raise RecordChangedError(
                _(
                    "“%(record)s” was changed by a colleague while this file was being "
                    "written, so nothing was written. Bring the file in again."
                )
                % {"record": row.record}
            )


def _deed(plan: Plan, row: RowPlan, note: str) -> history.Told:
    verb = Verb.CREATED if row.action == CREATED else Verb.CHANGED
    return deed(
        plan.resource,
        row.record,
        verb,
        before=row.before,
        after=row.values,
        note=note,
    )


def _write(plan: Plan, keys: Keys, *, by, at: dt.datetime) -> None:
    created = [row for row in plan.rows if row.action == CREATED]
    updated = [row for row in plan.rows if row.action == UPDATED]
    _give_codes(plan, created)
    for row in [*created, *updated]:
        sign(row, by=by, at=at)
    rows = models.QuerySet(plan.resource.model)
    late = late_columns(plan.resource)
    for row in created:
        for name in late:
            # The row that it points to may be one of these; it is set when all are in.
            setattr(row.record, f"{name}_id", None)
    rows.bulk_create([row.record for row in created], batch_size=_ROWS)
    save_changed(plan, updated)
    if plan.resource.key:
        label, key = plan.resource.model._meta.label, plan.resource.key
        for row in created:
            keys.made(label, key, str(getattr(row.record, key)), row.record.pk)
    relate(plan.resource, [*created, *updated], keys)
    contribute(plan.resource.model, [*created, *updated], by=by)


def contribute(model: type[models.Model], rows: list[RowPlan], *, by) -> None:
    """``by`` has had a hand in these records, so may not approve them."""
    if by.is_actor or not issubclass(model, Publishable):
        return
    content_type = ContentType.objects.get_for_model(model)
    Contribution.objects.bulk_create(
        [
            Contribution(content_type=content_type, object_id=row.record.pk, user=by)
            for row in rows
        ],
        batch_size=_ROWS,
        ignore_conflicts=True,
    )


def save_changed(plan: Plan, updated: list[RowPlan]) -> None:
    """Save the rows' own fields, of many rows in one statement."""
    meta = plan.resource.model._meta
    names = {"updated_at", "updated_by", "languages"} | {
        name for row in updated for name in row.values
    }
    names |= {field.name for field in name_keys_fields(plan.resource.model)}
    own = [field.name for field in meta.fields if field.name in names]
    if updated:
        models.QuerySet(plan.resource.model).bulk_create(
            [row.record for row in updated],
            batch_size=_ROWS,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=own,
        )


def relate(resource: Resource, rows: list[RowPlan], keys: Keys) -> None:
    """Set what needs rows saved first: links, sources, parts, late references."""
    for column in own_columns(resource):
        pairs = [
            (row.record, row.values[column.field])
            for row in rows
            if column.field in row.values
        ]
        for start in range(0, len(pairs), _ROWS):
            column.relate_many(pairs[start : start + _ROWS], keys)


def late_columns(resource: Resource) -> list[str]:
    """Fields that point to rows which may come later, in the same sheet too."""
    model = resource.model
    return [
        column.field
        for column in own_columns(resource)
        if column.is_late and model._meta.get_field(column.field).related_model is model
    ]


def sign(row: RowPlan, *, by, at: dt.datetime) -> None:
    """Sign the record of ``row``, and say in which languages it is written."""
    record = row.record
    record.updated_by, record.updated_at = by, at
    if row.action == CREATED:
        record.created_by, record.created_at = by, at
    if isinstance(record, Publishable):
        record.languages = written_languages(record, record.written_fields)


def _give_codes(plan: Plan, created: list[RowPlan]) -> None:
    """Codes for new records that have none, from the locked counter, in row order."""
    prefix = getattr(plan.resource.model, "code_prefix", "")
    if not prefix or not created:
        return
    given = [row.record.code for row in created if row.record.code]
    if given:
        numbering.reserve_codes(given)
    without = [row.record for row in created if not row.record.code]
    codes = numbering.next_codes(prefix, count=len(without)) if without else []
    for record, code in zip(without, codes, strict=True):
        record.code = code


def _told(
    batch: ImportBatch, plan: Plan, touched: list[RowPlan], position: int
) -> list[ImportedRow]:
    content_type = ContentType.objects.get_for_model(plan.resource.model)
    return [
        ImportedRow(
            batch=batch,
            position=position + number,
            number=row.number,
            content_type=content_type,
            object_id=row.record.pk,
            resource=plan.resource.code(),
            action=row.action,
            before=row.before,
            revision=getattr(row.record, "revision", 0),
        )
        for number, row in enumerate(touched)
    ]
