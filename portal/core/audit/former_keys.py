"""Keys that rows have in the files of a program, according to the audit log.

They differ from the present keys if a user changed a key, or if the program stored a
row under another code because the code of the file was in use.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from portal.core.audit.choices import AuditAction
from portal.core.audit.display_names import get_public_key_field
from portal.core.audit.models import Deed


@dataclass(frozen=True)
class FormerKey:
    """First and present key of one row: the values of its key fields as text."""

    former: tuple[str, ...]
    current: tuple[str, ...]


def load_former_keys(
    model: type[models.Model], fields: Sequence[str], *, program
) -> list[FormerKey]:
    """Return the keys of the rows of ``model`` whose key was changed, oldest row first.

    ``fields`` are the fields of the key. Rows that another user than ``program``
    created are left out: their first key is that user's.
    """
    first_values: dict[int, dict[str, str]] = {}
    others_rows = set()
    label = model._meta.label_lower
    entries = Deed.objects.filter(
        record_model=label,
        model=label,
        verb__in=[
            AuditAction.CREATED,
            AuditAction.CHANGED,
            AuditAction.IMPORT_UNDONE,
        ],
    ).order_by("position")
    for row, action, user, changes in entries.values_list(
        "row", "verb", "by", "changes"
    ).iterator():
        if action == AuditAction.CREATED:
            if user != program.pk:
                others_rows.add(int(row))
            continue
        for change in changes:
            if change["field"] in fields:
                values = first_values.setdefault(int(row), {})
                values.setdefault(change["field"], change["old"])
    pks = first_values.keys() - others_rows
    keys = []
    for pk, *current in _read_keys(model, fields).filter(pk__in=pks).order_by("pk"):
        former = [
            first_values[pk].get(name, value)
            for name, value in zip(fields, current, strict=True)
        ]
        if former != current:
            keys.append(FormerKey(tuple(former), tuple(current)))
    return keys


def load_assigned_codes(model: type[models.Model], *, program) -> dict[str, str]:
    """Return the codes that ``program`` assigned to rows of ``model``.

    The result maps the code that the file has to the one of the stored row.
    """
    entries = Deed.objects.filter(
        by=program, model=model._meta.label_lower, verb=AuditAction.ROW_ASSIGNED
    ).order_by("position")
    return {
        change["old"]: change["new"]
        for changes in entries.values_list("changes", flat=True)
        for change in changes
    }


def _read_keys(model: type[models.Model], fields: Sequence[str]) -> models.QuerySet:
    """Return primary key and key fields of rows, foreign keys by their public key."""
    lookups = []
    for name in fields:
        target = model._meta.get_field(name).related_model
        lookups.append(f"{name}__{get_public_key_field(target)}" if target else name)
    return models.QuerySet(model).values_list("pk", *lookups)
