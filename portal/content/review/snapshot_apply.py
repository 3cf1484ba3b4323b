"""Writing a snapshot to the database, to accept a proposed change or to display it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing.links import set_links
from portal.content.publishing.models import Publishable
from portal.core.audit.snapshots import (
    ChildRow,
    Snapshot,
    get_audited_columns,
    get_child_model,
)


class ConstraintViolationError(IntegrityError):
    """Raised when a row of a snapshot violates a constraint of its model.

    ``messages`` are the messages of the violated constraints.
    """

    def __init__(self, messages: list[str]):
        self.messages = messages
        super().__init__(" ".join(messages))


def describe_violation(record: Publishable, error: ConstraintViolationError) -> str:
    """Return why the open proposal for ``record`` cannot be applied, and what to do."""
    return _(
        "The proposed change to “%(record)s” cannot be applied: "
        "%(problem)s Discard it and enter it again in the form of "
        "the record."
    ) % {"record": record.public_code, "problem": error}


class _Rollback(Exception):
    """Ends and rolls back the transaction of :func:`rolled_back_transaction`."""


@contextmanager
def rolled_back_transaction() -> Iterator[None]:
    """Context manager for a transaction that is always rolled back.

    ``on_commit`` callbacks never run. Used to render a record as if a proposed change
    had been applied.
    """
    try:
        with transaction.atomic():
            yield
            raise _Rollback
    except _Rollback:
        pass


@transaction.atomic
def apply_snapshot(
    record: Publishable, snapshot: Snapshot, *, keep_temporary_keys: bool = False
) -> None:
    """Update ``record``, its relations and its child rows to match the snapshot.

    Child rows that are not in the snapshot are deleted. New child rows have negative
    primary keys in a snapshot. With ``keep_temporary_keys`` they are saved under these
    keys, which requires a rollback afterwards; otherwise they get new keys.

    Raises ConstraintViolationError if a row violates a constraint. If a related row was
    deleted in the meantime, the database raises IntegrityError on commit.
    """
    _set_column_values(record, snapshot.values)
    _save_row(record)
    for name, pks in snapshot.links.items():
        set_links(record, name, pks)
    for name, child_rows in snapshot.parts.items():
        _apply_child_rows(record, name, child_rows, keep_temporary_keys)


@transaction.atomic
def apply_snapshot_checked(record: Publishable, snapshot: Snapshot) -> None:
    """Apply the snapshot permanently, as :func:`apply_snapshot`, and check its foreign
    keys.

    Raises ConstraintViolationError if a row violates a constraint, and IntegrityError
    if a related row was deleted in the meantime; without the explicit check the
    database would report that only on commit.
    """
    apply_snapshot(record, snapshot)
    model = type(record)
    changed_models = [model, *(get_child_model(model, name) for name in snapshot.parts)]
    changed_models += [
        model._meta.get_field(name).remote_field.through for name in snapshot.links
    ]
    tables = [changed_model._meta.db_table for changed_model in changed_models]
    transaction.get_connection().check_constraints(table_names=tables)


def _set_column_values(row: models.Model, values: dict) -> None:
    """Set the column values on ``row`` without saving it."""
    for column in get_audited_columns(type(row)):
        if column.attname in values:
            setattr(row, column.attname, column.to_python(values[column.attname]))


def _save_row(row: models.Model) -> None:
    """Save ``row``; raise ConstraintViolationError if it violates a constraint.

    The database checks the constraints, and Django finds the message. Foreign keys are
    checked later.
    """
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        for validate in (row.validate_unique, row.validate_constraints):
            try:
                validate()
            except ValidationError as violation:
                raise ConstraintViolationError(violation.messages) from error
        raise


def _apply_child_rows(
    record: Publishable,
    name: str,
    child_rows: list[ChildRow],
    keep_temporary_keys: bool,
) -> None:
    """Create, update and delete the rows of one reverse relation to match a
    snapshot."""
    model = get_child_model(type(record), name)
    existing_rows = {row.pk: row for row in getattr(record, name).all()}
    proposed_pks = {child_row.pk for child_row in child_rows}
    deleted_pks = [pk for pk in existing_rows if pk not in proposed_pks]
    # Deleted before saving: a new child row may take over a unique position or number.
    models.QuerySet(model).filter(pk__in=deleted_pks).delete()
    for child_row in child_rows:
        row = existing_rows.get(child_row.pk) or model(
            **_parent_key_values(record, name)
        )
        if row.pk is None and keep_temporary_keys:
            row.pk = child_row.pk
        _set_column_values(row, child_row.values)
        row.clean()
        _save_row(row)


def _parent_key_values(record: Publishable, name: str) -> dict:
    """Return the attributes that connect a child row with its record."""
    relation = type(record)._meta.get_field(name)
    if isinstance(relation, GenericRelation):
        content_type = ContentType.objects.get_for_model(record)
        return {
            relation.content_type_field_name: content_type,
            relation.object_id_field_name: record.pk,
        }
    return {relation.field.name: record}


def assign_temporary_keys(
    proposed: Snapshot, original: Snapshot, previous: Snapshot
) -> Snapshot:
    """Give the child rows added by a proposal negative primary keys; return the
    snapshot.

    The keys that the database assigned in the rolled-back transaction will be used for
    other rows. Child rows that are already in the previous proposal keep their negative
    key, and these keys are not reused, because a colleague may have the form open. New
    rows are ordered as they were entered. Arguments are the snapshots of the new
    proposal, of the record and of the previous proposal.
    """
    for name, child_rows in proposed.parts.items():
        existing_pks = {child_row.pk for child_row in original.parts.get(name, [])}
        previous_pks = {child_row.pk for child_row in previous.parts.get(name, [])}
        new_rows = [
            child_row for child_row in child_rows if child_row.pk not in existing_pks
        ]
        kept_rows = [
            child_row for child_row in new_rows if child_row.pk in previous_pks
        ]
        added_rows = [
            child_row for child_row in new_rows if child_row.pk not in previous_pks
        ]
        lowest_key = min(previous_pks - existing_pks, default=0)
        for number, child_row in enumerate(added_rows, start=1):
            child_row.pk = lowest_key - number
        kept_rows.sort(key=lambda child_row: -child_row.pk)
        proposed.parts[name] = (
            [child_row for child_row in child_rows if child_row.pk in existing_pks]
            + kept_rows
            + added_rows
        )
    return proposed
