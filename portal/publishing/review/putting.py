"""Putting a snapshot into the database: what a proposed change says, for real or to
look at."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from portal.history.snapshots import Part, Snapshot, columns_of, part_model
from portal.publishing.links import put_links
from portal.publishing.models import Publishable


class _Undone(Exception):
    """Ends the transaction of :func:`undone`."""


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is rolled back at its end, whatever was written in it.

    Nothing that waits for the commit happens. For looking at a record as if a change
    were made.
    """
    try:
        with transaction.atomic():
            yield
            raise _Undone
    except _Undone:
        pass


@transaction.atomic
def put(record: Publishable, wanted: Snapshot, *, keeps_new_keys: bool = False) -> None:
    """Let ``record``, its relations and its parts say what ``wanted`` says.

    Parts that are not in it are deleted. A part that is not there yet has a negative
    key; with ``keeps_new_keys`` it is saved under that (to be undone again), otherwise
    it is given a key of its own. A file or an organ that has vanished meanwhile fails
    with IntegrityError.
    """
    _set(record, wanted.values)
    record.save()
    for name, pks in wanted.links.items():
        put_links(record, name, pks)
    for name, parts in wanted.parts.items():
        _put_parts(record, name, parts, keeps_new_keys)


@transaction.atomic
def put_checked(record: Publishable, wanted: Snapshot) -> None:
    """:func:`put` for real. Raises IntegrityError when something is named that has
    vanished meanwhile; the database itself would say so at the commit only."""
    put(record, wanted)
    model = type(record)
    touched = [model, *(part_model(model, name) for name in wanted.parts)]
    touched += [
        model._meta.get_field(name).remote_field.through for name in wanted.links
    ]
    tables = [one._meta.db_table for one in touched]
    transaction.get_connection().check_constraints(table_names=tables)


def _set(row: models.Model, values: dict) -> None:
    for column in columns_of(type(row)):
        if column.attname in values:
            setattr(row, column.attname, column.to_python(values[column.attname]))


def _put_parts(
    record: Publishable, name: str, parts: list[Part], keeps_new_keys: bool
) -> None:
    model = part_model(type(record), name)
    present = {row.pk: row for row in getattr(record, name).all()}
    wanted = {part.pk for part in parts}
    gone = [pk for pk in present if pk not in wanted]
    # By key: a unique position or number may be taken over by another part.
    models.QuerySet(model).filter(pk__in=gone).delete()
    for part in parts:
        row = present.get(part.pk) or model(**_owner(record, name))
        if row.pk is None and keeps_new_keys:
            row.pk = part.pk
        _set(row, part.values)
        row.clean()
        row.save()


def _owner(record: Publishable, name: str) -> dict:
    relation = type(record)._meta.get_field(name)
    if isinstance(relation, GenericRelation):
        content_type = ContentType.objects.get_for_model(record)
        return {
            relation.content_type_field_name: content_type,
            relation.object_id_field_name: record.pk,
        }
    return {relation.field.name: record}


def with_new_keys(after: Snapshot, before: Snapshot, earlier: Snapshot) -> Snapshot:
    """``after`` with negative keys for the parts that ``before`` has not.

    The keys that they were given while the change was tried are given to other rows
    once that is undone. What is in ``earlier`` already, the change as it was proposed
    before, keeps its key, and no other part is given it: a colleague may have the form
    open. They stand in the order in which they were entered.
    """
    for name, parts in after.parts.items():
        known = {part.pk for part in before.parts.get(name, [])}
        taken = {part.pk for part in earlier.parts.get(name, [])}
        fresh = [part for part in parts if part.pk not in known]
        kept = [part for part in fresh if part.pk in taken]
        added = [part for part in fresh if part.pk not in taken]
        last = min(taken - known, default=0)
        for number, part in enumerate(added, start=1):
            part.pk = last - number
        kept.sort(key=lambda part: -part.pk)
        after.parts[name] = [part for part in parts if part.pk in known] + kept + added
    return after
