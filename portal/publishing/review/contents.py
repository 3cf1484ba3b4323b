"""The content of records as the confirmation page shows it, before a decision.

Everything is shown that belongs to the reviewed version: all written languages,
relations, inline rows, files, and the texts of pictures, topics, places and parties.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.db import models
from django.db.models import Max, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.files.models import StoredFile
from portal.history.choices import Verb, label_of
from portal.history.comparing import FieldChange, precision_of
from portal.history.models import Deed
from portal.history.snapshots import (
    Snapshot,
    columns_of,
    language_of,
    name_of,
    owner_columns,
    part_model,
)
from portal.history.telling import (
    ToldChange,
    told_changes,
    told_field,
    told_rows,
    values_for,
)
from portal.history.values import Values
from portal.publishing.links import Linked
from portal.publishing.models import Publishable
from portal.publishing.public_uses import not_used_in_public
from portal.publishing.review.versions import Content, RelatedRow, references_of

_EDITS = (Verb.CREATED, Verb.CHANGED, Verb.DELETED, Verb.UNDONE)


@dataclass(frozen=True)
class ContentRow:
    """A record, an inline row or a related row: its heading and its filled fields.

    ``fields`` hold the value as ``new``; ``old`` is empty.
    """

    heading: str
    fields: list[ToldChange]


@dataclass(frozen=True)
class Edit:
    """An audit entry since the record was withdrawn: what was done to which row."""

    label: str
    row: str
    entry: Deed
    changes: list[ToldChange]


@dataclass(frozen=True)
class RecordContent:
    """What the page shows of one record. ``edits`` are those since it was withdrawn;
    empty for a record that is public or never was."""

    content: Content
    fields: list[ToldChange]
    parts: list[ContentRow] = field(default_factory=list)
    related: list[ContentRow] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    @property
    def record(self) -> Publishable:
        return self.content.record


@dataclass
class _RawRow:
    model: type[models.Model]
    heading: str
    fields: list[FieldChange]


def describe(
    contents: Sequence[Content], *, reader, at: dt.datetime
) -> list[RecordContent]:
    """``contents`` of one model as ``reader`` (a user) may see them.

    Topics, places and parties that no record uses which is published at ``at`` are
    marked. The number of queries does not depend on how many there are.
    """
    unused = _unused_names((one for content in contents for one in content.related), at)
    raw = [
        (
            content,
            _record_row(content),
            _part_rows(content),
            _related_rows(content.related, unused),
        )
        for content in contents
    ]
    rows = [row for _one, own, *others in raw for row in (own, *chain(*others))]
    values = _values(rows, reader)

    def shown(row: _RawRow) -> ContentRow:
        fields = [told_field(row.model, one, values, reader) for one in row.fields]
        return ContentRow(row.heading, fields)

    edits = _edits_since_public(contents, reader)
    return [
        RecordContent(
            content,
            shown(own).fields,
            [shown(one) for one in parts],
            [shown(one) for one in related],
            edits.get(content.record.pk, []),
        )
        for content, own, parts, related in raw
    ]


def describe_related(
    rows: Sequence[RelatedRow], *, reader, at: dt.datetime
) -> list[ContentRow]:
    """Pictures, topics, places and parties with all their texts; marked as in
    :func:`describe`."""
    raw = _related_rows(rows, _unused_names(rows, at))
    values = _values(raw, reader)
    return [
        ContentRow(
            row.heading,
            [told_field(row.model, one, values, reader) for one in row.fields],
        )
        for row in raw
    ]


def _values(rows: Iterable[_RawRow], reader) -> Values:
    return values_for(((row.model, one) for row in rows for one in row.fields), reader)


def new_related(content: Content) -> list[RelatedRow]:
    """The related rows that a change names and its record, as it was, does not."""
    model = type(content.record)
    base = Snapshot.from_json(content.proposal.base)
    known = set(references_of(model, base))
    return [one for one in content.related if (one.model, one.pk) not in known]


def _record_row(content: Content) -> _RawRow:
    model = type(content.record)
    fields = _filled(model, content.snapshot.values)
    fields += _links(model, content.snapshot)
    return _RawRow(model, "", fields)


def _links(model: type[models.Model], taken: Snapshot) -> list[FieldChange]:
    return [
        FieldChange(name, "", "", "; ".join(f"#{pk}" for pk in pks))
        for name, pks in taken.links.items()
        if pks
    ]


def _part_rows(content: Content) -> list[_RawRow]:
    model, rows = type(content.record), []
    for name, parts in content.snapshot.parts.items():
        part = part_model(model, name)
        skipped = owner_columns(model, name)
        kind = capfirst(part._meta.verbose_name)
        for number, one in enumerate(parts, start=1):
            fields = _filled(part, one.values, skipped)
            rows.append(_RawRow(part, f"{kind} {number}", fields))
    return rows


def _unused_names(rows: Iterable[RelatedRow], at: dt.datetime) -> set[tuple]:
    """Those of ``rows`` that become public with the record: no other one shows them."""
    pks = defaultdict(set)
    for row in rows:
        if issubclass(row.model, Linked):
            pks[row.model].add(row.pk)
    return {
        (model, pk)
        for model, some in pks.items()
        for pk in not_used_in_public(model, some, at=at).values_list("pk", flat=True)
    }


def _related_rows(rows: Iterable[RelatedRow], unused: set[tuple]) -> list[_RawRow]:
    return [
        _related_row(one, is_new=(one.model, one.pk) in unused)
        for one in rows
        if one.model != StoredFile
    ]


def _related_row(row: RelatedRow, *, is_new: bool) -> _RawRow:
    heading = str(capfirst(row.model._meta.verbose_name))
    if is_new:
        heading = _("%(kind)s, not public yet") % {"kind": heading}
    return _RawRow(row.model, heading, _filled(row.model, row.values))


def _filled(
    model: type[models.Model], values: dict, skipped: set[str] = frozenset()
) -> list[FieldChange]:
    personal = getattr(model, "personal_fields", ())
    return [
        FieldChange(
            name_of(column),
            language_of(column),
            "",
            _text(column, values[column.attname]),
            name_of(column) in personal,
            ("", precision_of(model, name_of(column), values)),
        )
        for column in columns_of(model)
        if column.attname not in skipped
        and values.get(column.attname) not in (None, "", [], {})
    ]


def _text(column: models.Field, value) -> str:
    """The value as the history keeps it; a key by number, so that it takes no query."""
    if column.is_relation:
        return f"#{value}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _edits_since_public(contents: Sequence[Content], reader) -> dict[int, list[Edit]]:
    """The edits of withdrawn records since they were withdrawn, by primary key: of the
    records themselves, and of the pictures and names that they use now."""
    withdrawn = {
        str(content.record.pk): content
        for content in contents
        if content.record.revision and not content.record.is_published
    }
    if not withdrawn:
        return {}
    label = contents[0].record._meta.label_lower
    own = Deed.objects.filter(record_model=label, record_row__in=withdrawn.keys())
    positions = own.filter(verb=Verb.WITHDRAWN).order_by().values_list("record_row")
    since = dict(positions.annotate(Max("position")))
    # Which records an entry about a row belongs to: the row itself or its users.
    owners = {(label, key): [key] for key in withdrawn}
    for key, content in withdrawn.items():
        for one in content.related:
            if one.model is not StoredFile:
                row = (one.model._meta.label_lower, str(one.pk))
                owners.setdefault(row, []).append(key)
    edited = [
        (key, entry)
        for entry in _edits_after(owners, min(since.values(), default=0))
        for key in owners[entry.record_model, entry.record_row]
        if entry.position > since.get(key, 0)
    ]
    by_record: dict[int, list[Edit]] = defaultdict(list)
    changed = told_changes([entry for _key, entry in edited], reader=reader)
    rows = told_rows([entry for _key, entry in edited], reader=reader)
    for (key, entry), row, (_entry, changes) in zip(edited, rows, changed, strict=True):
        edit = Edit(label_of(entry.verb), row, entry, changes)
        by_record[int(key)].append(edit)
    return by_record


def _edits_after(rows: Iterable[tuple[str, str]], position: int) -> Iterable[Deed]:
    """The audit entries of edits of ``rows`` (label and key) after ``position``."""
    keys: dict[str, list[str]] = defaultdict(list)
    for label, key in rows:
        keys[label].append(key)
    of_rows = Q(pk__in=[])
    for label, some in keys.items():
        of_rows |= Q(record_model=label, record_row__in=some)
    edits = Deed.objects.filter(of_rows, verb__in=_EDITS, position__gt=position)
    return edits.select_related("by").order_by("position")
