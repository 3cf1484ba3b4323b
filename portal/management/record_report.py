"""Description of a planned load of the public record, for the operator's terminal."""

from collections.abc import Iterator
from itertools import takewhile

from django.db import models
from django.utils import timezone
from django.utils.text import Truncator

from portal.content.publishing import numbering
from portal.content.publishing.models import Publishable
from portal.content.spreadsheets.import_plan import (
    CREATED,
    UPDATED,
    AbsentRecord,
    ImportPlan,
    KeptField,
    RowPlan,
)
from portal.content.spreadsheets.resources import Resource
from portal.core.audit.field_edits import FieldEdit

# Longer values are shortened to this number of characters.
_MAX_VALUE_LENGTH = 60
# Number of characters of a shortened value before the first difference.
_CONTEXT_LENGTH = 15
# Maximum number of records that are listed as uses of a record.
_MAX_USES = 5


def is_kept(row: RowPlan) -> bool:
    """Return whether the file does not change all of the row's record."""
    return bool(row.kept or row.deletion or needs_decision(row))


def needs_decision(row: RowPlan) -> bool:
    """Return whether somebody has to decide which record the row is."""
    return bool(row.similar or row.code_owner)


def describe_undecided(plan: ImportPlan) -> Iterator[str]:
    """Yield a line for each row that needs a decision.

    Also for each row of which a reference to such a row is left out.
    """
    for row in plan.rows:
        if needs_decision(row):
            yield from _describe_row(plan.resource, row)
        elif row.left_out:
            yield f"{row.action} {_get_label(plan.resource, row.record)}"
            yield from _describe_left_out(plan.resource, row)


def describe_plan(plan: ImportPlan) -> Iterator[str]:
    """Yield a line for each record that the plan creates, updates or keeps.

    A line for each changed or kept field follows. Records that are in the file no
    longer come last.
    """
    for row in plan.rows:
        if row.action in (CREATED, UPDATED) or is_kept(row) or row.left_out:
            yield from _describe_row(plan.resource, row)
    for absent in plan.absent:
        yield _describe_absent(plan.resource, absent)


def _describe_row(resource: Resource, row: RowPlan) -> Iterator[str]:
    label = _get_label(resource, row.record)
    if row.deletion:
        yield f"kept {label}: deleted {_format_edit(row.deletion)}, not created again"
        return
    if row.similar:
        key = getattr(row.record, resource.key)
        yield (
            f"kept {label}: not created, it may be {_list_similar(row.similar)}. Write "
            f"{key} there if it is the same, or a {resource.key} from "
            f"{_get_first_assigned(key)} on if it is not"
        )
        return
    if row.code_owner:
        yield f"kept {label}: {_describe_code_owner(resource, row)}"
        return
    status = "" if row.action == CREATED else _describe_status(row.record)
    yield f"{row.action} {label}{status}"
    if row.action == UPDATED:
        for column in resource.columns:
            if column.field in row.values and column.field in row.before:
                before, after = (
                    _format(resource, column.field, values[column.field])
                    for values in (row.before, row.values)
                )
                before, after = _shorten(before, after)
                yield f"  {column.header}: {before} → {after}"
    for field in row.kept:
        yield f"  {_describe_kept(resource, field)}"
    yield from _describe_left_out(resource, row)


def _describe_code_owner(resource: Resource, row: RowPlan) -> str:
    owner, code = row.code_owner, row.record.public_code
    user = owner.created_by.username if owner.created_by else "a person"
    return (
        f"row {row.number} is not loaded, because {user} created "
        f"“{_get_label(resource, owner)}”{_describe_status(owner)} with this code. If "
        f"it is the same record, run load_record --adopt {code}; if not, run "
        f"load_record --renumber {code}, which loads the row under a new code"
    )


def _describe_left_out(resource: Resource, row: RowPlan) -> Iterator[str]:
    for column in resource.columns:
        if code := row.left_out.get(column.field):
            yield (
                f"  {column.header}: {code} is left out, because it is the code of a "
                "record that a person created"
            )


def _get_first_assigned(code: str) -> str:
    """Return the first code of the series that no file has, such as ``DEL-5001``."""
    prefix, dash, _number = code.rpartition("-")
    return f"{prefix}{dash}{numbering.FIRST_ASSIGNED_NUMBER}"


def _list_similar(records: list[models.Model]) -> str:
    labels = [
        f"{record} ({f'row {record.pk}' if record.pk else 'proposed'}, no key)"
        for record in records
    ]
    return " or ".join(labels)


def _describe_kept(resource: Resource, field: KeptField) -> str:
    header = next(
        column.header for column in resource.columns if column.field == field.field
    )
    stored, in_file = _shorten(
        _format(resource, field.field, field.stored),
        _format(resource, field.field, field.in_file),
    )
    if field.edit:
        verb = "change proposed" if field.edit.is_proposed else "edited"
        reason = f"{verb} {_format_edit(field.edit)}"
    else:
        reason = f"invalid with the values that people entered: {field.reason}"
    return f"{header}: kept {stored}, in the file {in_file}, {reason}"


def _describe_absent(resource: Resource, absent: AbsentRecord) -> str:
    uses = [f"{kind} {code}" for kind, code in absent.uses]
    listed = ", ".join(uses[:_MAX_USES])
    if len(uses) > _MAX_USES:
        listed += f" and {len(uses) - _MAX_USES} more"
    return (
        f"not in the file: {_get_label(resource, absent.record)}"
        f"{_describe_status(absent.record)}, used by {listed or 'no record'}"
    )


def _describe_status(record: models.Model) -> str:
    """Return the status of a record that is not published, in brackets."""
    is_hidden = (
        isinstance(record, Publishable) and record.pk and not record.is_published
    )
    return f" ({record.status})" if is_hidden else ""


def _get_label(resource: Resource, record: models.Model) -> str:
    key = str(getattr(record, resource.key)) if resource.key else ""
    name = Truncator(" ".join(str(record).split())).chars(_MAX_VALUE_LENGTH)
    return name if not key or key in name else f"{key} {name}"


def _format(resource: Resource, name: str, value) -> str:
    column = next(column for column in resource.columns if column.field == name)
    return " ".join(str(column.format_cell(value)).split()) or "(empty)"


def _shorten(*texts: str) -> list[str]:
    """Return quoted excerpts of two texts that show their first difference."""
    longest = max(len(text) for text in texts)
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False))
    start = min(len(list(shared)) - _CONTEXT_LENGTH, longest - _MAX_VALUE_LENGTH)
    start = max(start, 0)
    excerpts = []
    for text in texts:
        excerpt = Truncator(text[start:]).chars(_MAX_VALUE_LENGTH)
        excerpts.append(f"“{'…' if start else ''}{excerpt}”")
    return excerpts


def _format_edit(edit: FieldEdit) -> str:
    return f"by {edit.by} on {timezone.localtime(edit.at):%Y-%m-%d %H:%M %Z}"
