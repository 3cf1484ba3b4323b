"""Content of records for the confirmation page of a decision.

The page displays everything that belongs to the reviewed version: all languages,
relations, child rows, files, and the texts of pictures, topics, places and parties.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max, Q
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.publishing.links import LinkTarget
from portal.content.publishing.models import Publishable
from portal.content.publishing.public_uses import not_used_in_public
from portal.content.publishing.review_comments import build_field_key
from portal.content.publishing.reviewed_versions import (
    Content,
    RelatedRow,
    references_of,
)
from portal.content.publishing.rich_text import RichTextField
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
from portal.core.translations.markup import is_html, render_markup

_EDITS = (
    AuditAction.CREATED,
    AuditAction.CHANGED,
    AuditAction.DELETED,
    AuditAction.IMPORT_UNDONE,
)


@dataclass(frozen=True)
class ContentField:
    """A field with its value, formatted for the viewing user.

    ``key`` identifies the field in comments of the reviewer; "" for related rows, which
    cannot be commented. ``language`` is the BCP 47 tag of the value, "" if the field is
    not translated. ``html`` is the value of a rich text as a page shows it, "" for
    other fields.
    """

    key: str
    label: str
    value: str
    language: str
    html: str


@dataclass(frozen=True)
class ContentRow:
    """A record, child row or related row: its heading and its non-empty fields."""

    heading: str
    fields: list[ContentField]


@dataclass(frozen=True)
class Edit:
    """An audit entry written since the record was withdrawn or returned.

    ``changes`` are formatted for the viewing user.
    """

    label: str
    row: str
    entry: Deed
    changes: list[FormattedChange]


@dataclass(frozen=True)
class RecordContent:
    """Everything that the review page displays of one record.

    ``edits`` are the edits since the record was withdrawn, or for one that was never
    published since it was last returned; empty for a published record.
    """

    content: Content
    fields: list[ContentField]
    parts: list[ContentRow] = field(default_factory=list)
    related: list[ContentRow] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    @property
    def record(self) -> Publishable:
        return self.content.record


@dataclass
class _RawRow:
    """A row before its field values are formatted for the viewing user.

    ``relation`` and ``pk`` are those of a child row. ``is_related`` is True for a
    picture, topic, place or party, which has no review of its own.
    """

    model: type[models.Model]
    heading: str
    fields: list[FieldChange]
    relation: str = ""
    pk: int | None = None
    is_related: bool = False


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

    edits = _load_edits_since_decision(contents, viewer)
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
        _format_field(
            row,
            change,
            format_field_change(row.model, change, formatter, viewer),
        )
        for change in row.fields
    ]
    return ContentRow(row.heading, fields)


def _format_field(
    row: _RawRow, change: FieldChange, formatted: FormattedChange
) -> ContentField:
    key = (
        ""
        if row.is_related
        else build_field_key(change.field, change.language, row.relation, row.pk)
    )
    is_rich = isinstance(_get_field(row.model, change.field), RichTextField)
    html = ""
    if is_rich and is_html(formatted.new):
        html = mark_safe(render_markup(formatted.new))  # noqa: S308 sanitised by render_markup
    return ContentField(key, formatted.label, formatted.new, formatted.language, html)


def _get_field(model: type[models.Model], name: str) -> models.Field | None:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


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
            heading = f"{label} {number}"
            rows.append(_RawRow(child_model, heading, fields, name, child_row.pk))
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
        heading = _("%(kind)s (not public yet)") % {"kind": heading}
    fields = _build_filled_fields(row.model, row.values)
    return _RawRow(row.model, heading, fields, is_related=True)


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


def _load_edits_since_decision(
    contents: Sequence[Content], viewer
) -> dict[int, list[Edit]]:
    """Return the edits of records since their withdrawal or return, by primary key.

    A record that was public is compared with its withdrawal, another one with its last
    return. Includes edits of the pictures, topics, places and parties that a record
    uses now.
    """
    unpublished = {
        str(content.record.pk): content
        for content in contents
        if not content.record.is_published
    }
    if not unpublished:
        return {}
    label = contents[0].record._meta.label_lower
    decision_positions = _load_decision_positions(label, unpublished)
    # Map each row to the keys of the records it belongs to: the record itself or its
    # users.
    record_keys_by_row: dict[tuple[str, str], list[str]] = {}
    for key in decision_positions:
        record_keys_by_row[label, key] = [key]
    for key in decision_positions:
        for related_row in unpublished[key].related:
            if related_row.model is not StoredFile:
                row = (related_row.model._meta.label_lower, str(related_row.pk))
                record_keys_by_row.setdefault(row, []).append(key)
    if not record_keys_by_row:
        return {}
    edited = [
        (key, entry)
        for entry in _load_edits_after(
            record_keys_by_row, min(decision_positions.values())
        )
        for key in record_keys_by_row[entry.record_model, entry.record_row]
        if entry.position > decision_positions[key]
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


def _load_decision_positions(
    label: str, contents: dict[str, Content]
) -> dict[str, int]:
    """Return the log position of the decision that each record is compared with.

    ``contents`` are those of records of the model ``label`` by primary key. A record
    that was public and whose withdrawal is not in the log has position 0; one that was
    neither public nor returned is left out.
    """
    entries = Deed.objects.filter(
        record_model=label,
        record_row__in=contents.keys(),
        verb__in=(AuditAction.WITHDRAWN, AuditAction.RETURNED),
    ).order_by()
    last_positions = {
        (key, verb): position
        for key, verb, position in entries.values_list("record_row", "verb").annotate(
            Max("position")
        )
    }
    positions = {}
    for key, content in contents.items():
        if content.record.revision:
            positions[key] = last_positions.get((key, AuditAction.WITHDRAWN), 0)
        elif (key, AuditAction.RETURNED) in last_positions:
            positions[key] = last_positions[key, AuditAction.RETURNED]
    return positions


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
