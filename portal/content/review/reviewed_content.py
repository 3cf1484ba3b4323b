"""Content of records for the confirmation page of a decision.

The page displays everything that belongs to the reviewed version: all languages,
relations, child rows, files, and the texts of pictures, topics, places and parties.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Max, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.publishing.links import LinkTarget
from portal.content.publishing.models import Publishable
from portal.content.publishing.public_uses import not_used_in_public
from portal.content.publishing.reviewed_versions import (
    Content,
    RelatedRow,
    references_of,
)
from portal.core.audit.choices import AuditAction, get_action_label
from portal.core.audit.diff import FieldChange, get_precision
from portal.core.audit.models import Deed
from portal.core.audit.presentation import (
    FormattedChange,
    build_value_formatter,
    describe_objects,
    format_changes,
    format_field_change,
)
from portal.core.audit.snapshots import (
    Snapshot,
    get_audited_columns,
    get_child_model,
    get_column_language,
    get_field_name,
    get_parent_columns,
)
from portal.core.audit.value_formatting import ValueFormatter
from portal.core.files.models import StoredFile

_EDITS = (
    AuditAction.CREATED,
    AuditAction.CHANGED,
    AuditAction.DELETED,
    AuditAction.IMPORT_UNDONE,
)


@dataclass(frozen=True)
class ContentRow:
    """A record, child row or related row: its heading and its non-empty fields.

    The fields are formatted changes whose ``new`` is the value and whose ``old`` is
    empty.
    """

    heading: str
    fields: list[FormattedChange]


@dataclass(frozen=True)
class Edit:
    """An audit entry written since the record was withdrawn, with formatted changes."""

    label: str
    row: str
    entry: Deed
    changes: list[FormattedChange]


@dataclass(frozen=True)
class RecordContent:
    """Everything that the confirmation page displays of one record.

    ``edits`` are the edits since the record was withdrawn; empty if it is published or
    was never published.
    """

    content: Content
    fields: list[FormattedChange]
    parts: list[ContentRow] = field(default_factory=list)
    related: list[ContentRow] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    @property
    def record(self) -> Publishable:
        return self.content.record


@dataclass
class _RawRow:
    """A row before its field values are formatted for the viewing user."""

    model: type[models.Model]
    heading: str
    fields: list[FieldChange]


def describe(
    contents: Sequence[Content], *, viewer, at: dt.datetime
) -> list[RecordContent]:
    """Format ``contents``, which are of one model, as far as the viewing user may see
    them.

    Topics, places and parties that no record published at ``at`` uses are marked in
    their heading. The number of queries does not depend on the number of contents.
    """
    unused = _find_unused_names(
        (row for content in contents for row in content.related), at
    )
    raw = [
        (
            content,
            _build_record_row(content),
            _build_child_rows(content),
            _build_related_rows(content.related, unused),
        )
        for content in contents
    ]
    rows = [
        row
        for _content, own_row, child_rows, related_rows in raw
        for row in (own_row, *child_rows, *related_rows)
    ]
    formatter = _build_formatter(rows, viewer)

    def format_row(row: _RawRow) -> ContentRow:
        return _format_row(row, formatter, viewer)

    edits = _load_edits_since_withdrawal(contents, viewer)
    return [
        RecordContent(
            content,
            format_row(own_row).fields,
            [format_row(row) for row in child_rows],
            [format_row(row) for row in related_rows],
            edits.get(content.record.pk, []),
        )
        for content, own_row, child_rows, related_rows in raw
    ]


def describe_related(
    rows: Sequence[RelatedRow], *, viewer, at: dt.datetime
) -> list[ContentRow]:
    """Format pictures, topics, places and parties with all their texts.

    Rows that no published record uses are marked as in :func:`describe`.
    """
    raw = _build_related_rows(rows, _find_unused_names(rows, at))
    formatter = _build_formatter(raw, viewer)
    return [_format_row(row, formatter, viewer) for row in raw]


def _format_row(row: _RawRow, formatter: ValueFormatter, viewer) -> ContentRow:
    fields = [
        format_field_change(row.model, change, formatter, viewer)
        for change in row.fields
    ]
    return ContentRow(row.heading, fields)


def _build_formatter(rows: Iterable[_RawRow], viewer) -> ValueFormatter:
    return build_value_formatter(
        ((row.model, change) for row in rows for change in row.fields), viewer
    )


def new_related(content: Content) -> list[RelatedRow]:
    """Return the related rows that the proposal refers to and its base version does
    not."""
    model = type(content.record)
    base = Snapshot.from_json(content.proposal.base)
    base_references = set(references_of(model, base))
    return [
        row for row in content.related if (row.model, row.pk) not in base_references
    ]


def _build_record_row(content: Content) -> _RawRow:
    model = type(content.record)
    fields = _build_filled_fields(model, content.snapshot.values)
    fields += _build_link_changes(model, content.snapshot)
    return _RawRow(model, "", fields)


def _build_link_changes(
    model: type[models.Model], snapshot: Snapshot
) -> list[FieldChange]:
    return [
        FieldChange(name, "", "", "; ".join(f"#{pk}" for pk in pks))
        for name, pks in snapshot.links.items()
        if pks
    ]


def _build_child_rows(content: Content) -> list[_RawRow]:
    model, rows = type(content.record), []
    for name, child_rows in content.snapshot.parts.items():
        child_model = get_child_model(model, name)
        skipped = get_parent_columns(model, name)
        label = capfirst(child_model._meta.verbose_name)
        for number, child_row in enumerate(child_rows, start=1):
            fields = _build_filled_fields(child_model, child_row.values, skipped)
            rows.append(_RawRow(child_model, f"{label} {number}", fields))
    return rows


def _find_unused_names(rows: Iterable[RelatedRow], at: dt.datetime) -> set[tuple]:
    """Return model and key of those ``rows`` that no record published at ``at`` uses.

    They become public with the record; pictures and files are not considered.
    """
    pks = defaultdict(set)
    for row in rows:
        if issubclass(row.model, LinkTarget):
            pks[row.model].add(row.pk)
    return {
        (model, pk)
        for model, model_pks in pks.items()
        for pk in not_used_in_public(model, model_pks, at=at).values_list(
            "pk", flat=True
        )
    }


def _build_related_rows(
    rows: Iterable[RelatedRow], unused: set[tuple]
) -> list[_RawRow]:
    return [
        _build_related_row(row, is_new=(row.model, row.pk) in unused)
        for row in rows
        if row.model != StoredFile
    ]


def _build_related_row(row: RelatedRow, *, is_new: bool) -> _RawRow:
    heading = str(capfirst(row.model._meta.verbose_name))
    if is_new:
        heading = _("%(kind)s, not public yet") % {"kind": heading}
    return _RawRow(row.model, heading, _build_filled_fields(row.model, row.values))


def _build_filled_fields(
    model: type[models.Model], values: dict, skipped: set[str] = frozenset()
) -> list[FieldChange]:
    """Return the non-empty columns as unformatted changes, without the ``skipped``
    ones."""
    personal = getattr(model, "personal_fields", ())
    return [
        FieldChange(
            get_field_name(column),
            get_column_language(column),
            "",
            _format_raw_value(column, values[column.attname]),
            get_field_name(column) in personal,
            ("", get_precision(model, get_field_name(column), values)),
        )
        for column in get_audited_columns(model)
        if column.attname not in skipped
        and values.get(column.attname) not in (None, "", [], {})
    ]


def _format_raw_value(column: models.Field, value) -> str:
    """Return the value in the format of the audit log.

    A foreign key is represented by ``#`` and its number, which needs no query.
    """
    if column.is_relation:
        return f"#{value}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _load_edits_since_withdrawal(
    contents: Sequence[Content], viewer
) -> dict[int, list[Edit]]:
    """Return the edits of withdrawn records since their withdrawal, by primary key.

    Includes edits of the pictures, topics, places and parties that a record uses now.
    """
    withdrawn = {
        str(content.record.pk): content
        for content in contents
        if content.record.revision and not content.record.is_published
    }
    if not withdrawn:
        return {}
    label = contents[0].record._meta.label_lower
    record_entries = Deed.objects.filter(
        record_model=label, record_row__in=withdrawn.keys()
    )
    withdrawals = (
        record_entries.filter(verb=AuditAction.WITHDRAWN)
        .order_by()
        .values_list("record_row")
    )
    withdrawal_positions = dict(withdrawals.annotate(Max("position")))
    # Map each row to the keys of the records it belongs to: the record itself or its
    # users.
    record_keys_by_row = {(label, key): [key] for key in withdrawn}
    for key, content in withdrawn.items():
        for related_row in content.related:
            if related_row.model is not StoredFile:
                row = (related_row.model._meta.label_lower, str(related_row.pk))
                record_keys_by_row.setdefault(row, []).append(key)
    edited = [
        (key, entry)
        for entry in _load_edits_after(
            record_keys_by_row, min(withdrawal_positions.values(), default=0)
        )
        for key in record_keys_by_row[entry.record_model, entry.record_row]
        if entry.position > withdrawal_positions.get(key, 0)
    ]
    by_record: dict[int, list[Edit]] = defaultdict(list)
    formatted = format_changes([entry for _key, entry in edited], viewer=viewer)
    descriptions = describe_objects([entry for _key, entry in edited], viewer=viewer)
    for (key, entry), row, (_entry, changes) in zip(
        edited, descriptions, formatted, strict=True
    ):
        edit = Edit(get_action_label(entry.verb), row, entry, changes)
        by_record[int(key)].append(edit)
    return by_record


def _load_edits_after(rows: Iterable[tuple[str, str]], position: int) -> Iterable[Deed]:
    """Return the audit entries of edits of ``rows`` after the log position
    ``position``.

    ``rows`` are pairs of model label and primary key.
    """
    keys: dict[str, list[str]] = defaultdict(list)
    for label, key in rows:
        keys[label].append(key)
    condition = Q(pk__in=[])
    for label, row_keys in keys.items():
        condition |= Q(record_model=label, record_row__in=row_keys)
    edits = Deed.objects.filter(condition, verb__in=_EDITS, position__gt=position)
    return edits.select_related("by").order_by("position")
