"""Taking back what an import did, as a whole, while nobody has touched it since."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from portal.history import operations as history
from portal.history.choices import Verb
from portal.publishing.choices import Status
from portal.publishing.columns import Keys
from portal.publishing.dependencies import enqueue_refresh_of, lock_rows
from portal.publishing.models import (
    Contribution,
    EvidenceOnlyHost,
    ImportBatch,
    ImportedRow,
)
from portal.publishing.plans import UPDATED, Plan, RowPlan
from portal.publishing.resources import AT_ONCE
from portal.publishing.spreadsheets.deeds import deed
from portal.publishing.spreadsheets.registry import resource_named
from portal.publishing.spreadsheets.rows import own_columns
from portal.publishing.spreadsheets.writing import (
    contribute,
    late_columns,
    relate,
    save_changed,
    sign,
)


class Touched(ValueError):
    """Something has changed since the import; the message names the first row of it."""


@dataclass
class _Part:
    """The rows of an import that are of one resource, with their records and what
    they say, by pk."""

    code: str
    rows: list[ImportedRow]
    records: dict[int, models.Model]
    told: dict[int, dict]

    @property
    def created(self) -> list[int]:
        return [row.object_id for row in self.rows if row.action != UPDATED]


def take_back(batch: ImportBatch, *, by, at: dt.datetime) -> None:
    """Delete what the import created and restore what it changed.

    Raises :class:`Touched`; then nothing is done. Call it in a transaction.
    """
    parts = _parts(batch)
    for part in parts:
        for row in part.rows:
            _check_untouched(batch, row, part.records.get(row.object_id))
    made = {(part.records[pk]._meta.model, pk) for part in parts for pk in part.created}
    for part in parts:
        _check_unused(part, made)
    keys, deeds = Keys(), []
    for part in reversed(parts):
        deeds += [_deed(part, row, str(batch)) for row in reversed(part.rows)]
        _restore(part, keys, by=by, at=at)
        _delete(part)
    rows = [(row, part.records[row.object_id]) for part in parts for row in part.rows]
    restored = [
        record
        for row, record in rows
        if row.action == UPDATED or isinstance(record, EvidenceOnlyHost)
    ]
    deeds.append(history.tell(batch, Verb.UNDONE, note=batch.file_name))
    history.append_many(deeds, by=by, at=at)
    enqueue_refresh_of(restored, at=at)


def _deed(part: _Part, row: ImportedRow, note: str) -> history.Told:
    """As the record stands before it is taken back."""
    record, resource = part.records[row.object_id], resource_named(part.code)
    columns = {column.field: column for column in own_columns(resource)}
    names = row.before if row.action == UPDATED else columns
    now = part.told[row.object_id]
    return deed(
        resource,
        record,
        Verb.UNDONE,
        before={name: now[name] for name in names},
        after={name: columns[name].restored(kept) for name, kept in row.before.items()},
        note=note,
    )


def _parts(batch: ImportBatch) -> list[_Part]:
    parts: dict[str, _Part] = {}
    for row in batch.rows.order_by("position"):
        part = parts.setdefault(row.resource, _Part(row.resource, [], {}, {}))
        part.rows.append(row)
    _lock(parts.values())
    for part in parts.values():
        resource = resource_named(part.code)
        records = resource.records()
        pks = [row.object_id for row in part.rows]
        for start in range(0, len(pks), AT_ONCE):
            some = records.filter(pk__in=pks[start : start + AT_ONCE])
            found = list(some)
            part.records |= {record.pk: record for record in found}
            told = resource.tell(found)
            part.told |= {r.pk: t for r, t in zip(found, told, strict=True)}
    return list(parts.values())


def _lock(parts: Iterable[_Part]) -> None:
    """Lock the records of all parts, in the one order of such locks."""
    rows = []
    for part in parts:
        model = resource_named(part.code).model
        rows += [model(pk=row.object_id) for row in part.rows]
    lock_rows(rows)


def _check_untouched(batch: ImportBatch, row: ImportedRow, record) -> None:
    if record is None:
        raise Touched(
            _("The record of row %(row)s is not there any more.") % {"row": row.number}
        )
    is_same = (
        record.updated_at == batch.written_at
        and record.updated_by_id == batch.written_by_id
        and getattr(record, "revision", 0) == row.revision
        and getattr(record, "status", Status.DRAFT) == Status.DRAFT
    )
    if not is_same:
        raise Touched(
            _("“%(record)s” of row %(row)s was changed after the import.")
            % {"record": record, "row": row.number}
        )


def _check_unused(part: _Part, made: set) -> None:
    """What somebody has hung on a created record since then would go with it."""
    model = resource_named(part.code).model
    parts = {column.field for column in own_columns(resource_named(part.code))}
    numbers = {row.object_id: row.number for row in part.rows}
    for relation in model._meta.related_objects:
        if relation.name in parts:
            continue
        for pk, user in _users(relation, part.created):
            if (relation.related_model, user) not in made:
                raise Touched(
                    _("“%(record)s” of row %(row)s is used by a %(user)s by now.")
                    % {
                        "record": part.records[pk],
                        "row": numbers[pk],
                        "user": relation.related_model._meta.verbose_name,
                    }
                )


def _users(relation, pks: list[int]) -> list[tuple[int, int]]:
    """(pk of the record, pk of the row that points to it) by ``relation``."""
    found: list[tuple[int, int]] = []
    name = relation.field.name
    for start in range(0, len(pks), AT_ONCE):
        some = {f"{name}__in": pks[start : start + AT_ONCE]}
        rows = models.QuerySet(relation.related_model).filter(**some)
        found += rows.order_by("pk").values_list(name, "pk")
    return [(pk, user) for pk, user in found if pk in set(pks)]


def _restore(part: _Part, keys: Keys, *, by, at: dt.datetime) -> None:
    resource = resource_named(part.code)
    columns = {column.field: column for column in own_columns(resource)}
    plan = Plan(resource)
    for row in part.rows:
        if row.action != UPDATED:
            continue
        record = part.records[row.object_id]
        values = {
            name: columns[name].restored(kept) for name, kept in row.before.items()
        }
        try:
            for name, value in values.items():
                columns[name].assign(record, value, keys)
        except KeyError as problem:
            raise _gone(row) from problem
        plan.rows.append(RowPlan(row.number, {}, UPDATED, record, values))
    for row in plan.rows:
        sign(row, by=by, at=at)
    save_changed(plan, plan.rows)
    try:
        relate(resource, plan.rows, keys)
    except KeyError as problem:
        raise _gone(part.rows[0]) from problem
    contribute(resource.model, plan.rows, by=by)


def _gone(row: ImportedRow) -> Touched:
    return Touched(
        _("What row %(row)s pointed to before is not there any more.")
        % {"row": row.number}
    )


def _delete(part: _Part) -> None:
    rows = models.QuerySet(resource_named(part.code).model)
    hands = Contribution.objects.filter(content_type=part.rows[0].content_type_id)
    created = part.created
    late = dict.fromkeys(late_columns(resource_named(part.code)))
    for start in range(0, len(created) if late else 0, AT_ONCE):
        # They may point to one another.
        rows.filter(pk__in=created[start : start + AT_ONCE]).update(**late)
    for start in range(0, len(created), AT_ONCE):
        some = created[start : start + AT_ONCE]
        rows.filter(pk__in=some).delete()
        hands.filter(object_id__in=some).delete()
