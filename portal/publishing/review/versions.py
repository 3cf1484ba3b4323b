"""The reviewed version: a digest of the content that a reviewer was shown.

Every decision on a record or on a proposed change carries the version that its page
showed, signed for one person and one record. The operation compares it with the stored
content while the record is locked, so nothing is approved, returned or withdrawn that
the person did not see.

Every transaction takes row locks in one order: pictures and names (by label and primary
key), records (by kind and key), the proposal, the end of the audit chain, the change
sequence.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.core import signing
from django.db import connection, models
from django.db.models import F, IntegerField, Value
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.files.models import Picture, StoredFile
from portal.history.choices import Verb, label_of
from portal.history.models import Deed
from portal.history.naming import kind_of_row, model_of
from portal.history.snapshots import (
    Snapshot,
    columns_of,
    part_model,
    snapshots,
    values_of,
)
from portal.history.telling import field_label
from portal.publishing.links import Linked
from portal.publishing.models import Proposal, Publishable

_SALT = "portal.publishing.review.version"

# At most so many audit entries are read to say what changed.
_MAX_ENTRIES = 200

Reference = tuple[type[models.Model], int]


class ReviewedVersionError(ValueError):
    """The record or change is not what the person was shown before deciding."""


@dataclass(frozen=True)
class ReviewedVersion:
    """``digest`` is SHA-256 (hex) of the content; ``position`` that of the last audit
    entry when the content was read, to say later what changed since."""

    digest: str
    position: int


@dataclass(frozen=True)
class RelatedRow:
    """A row that a record shows and that has no review of its own: a topic, a place,
    a named party, a picture or a file."""

    model: type[models.Model]
    pk: int
    values: dict


@dataclass(frozen=True)
class Content:
    """The stored content of ``record``, and of ``proposal`` where a change is reviewed.

    ``related`` are the rows that either of them refers to, in a fixed order.
    """

    record: Publishable
    snapshot: Snapshot
    related: tuple[RelatedRow, ...]
    version: ReviewedVersion
    proposal: Proposal | None = None


def read_contents(records: Sequence[Publishable]) -> list[Content]:
    """The stored content of ``records`` of one model, in their order.

    Unsaved values of ``records`` do not count; rows that are gone are left out. The
    number of queries does not depend on the number of records.
    """
    if not records:
        return []
    model, pks = type(records[0]), [record.pk for record in records]
    # First: what is committed meanwhile is then reported as changed, never missed.
    position = _last_position()
    rows = models.QuerySet(model).in_bulk(pks)
    taken = snapshots(list(rows.values()), model.parts)
    references = {pk: set(references_of(model, one)) for pk, one in taken.items()}
    related = _read_related(set().union(*references.values()))
    return [
        _content(rows[pk], taken[pk], _among(related, references[pk]), position)
        for pk in pks
        if pk in rows
    ]


def read_content(record: Publishable) -> Content:
    """The stored content of ``record``. Raises DoesNotExist when it is gone."""
    contents = read_contents([record])
    if not contents:
        raise type(record).DoesNotExist
    return contents[0]


def read_proposal(proposal: Proposal) -> Content:
    """The content of ``proposal``, as read, and the stored content of its record."""
    model = proposal.content_type.model_class()
    position = _last_position()
    record = models.QuerySet(model).get(pk=proposal.object_id)
    taken = snapshots([record], model.parts)[record.pk]
    references = set(references_of(model, taken))
    references |= set(references_of(model, Snapshot.from_json(proposal.wanted)))
    related = _among(_read_related(references), references)
    return _content(record, taken, related, position, proposal)


def version_of(record: Publishable) -> ReviewedVersion:
    """The version of the stored content of ``record``."""
    return read_content(record).version


def version_of_proposal(proposal: Proposal) -> ReviewedVersion:
    """The version of ``proposal``, as read, and of the stored content of its record."""
    return read_proposal(proposal).version


def sign(row: models.Model, version: ReviewedVersion, *, user) -> str:
    """The text by which a form carries ``version`` of ``row`` for ``user``."""
    value = [row._meta.label_lower, row.pk, user.pk, version.digest, version.position]
    return signing.dumps(value, salt=_SALT, compress=True)


def read_signed(text: str, row: models.Model, *, user) -> ReviewedVersion:
    """The version in ``text``.

    Raises ReviewedVersionError when it was not signed here for ``row`` and ``user``.
    """
    try:
        label, pk, user_pk, digest, position = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        label = None
    if label is None or [label, pk, user_pk] != [
        row._meta.label_lower,
        row.pk,
        user.pk,
    ]:
        record = row.record if isinstance(row, Proposal) else row
        raise _not_shown(record)
    return ReviewedVersion(digest, position)


def lock_related(
    record: Publishable, proposal: Proposal | None = None
) -> set[Reference] | None:
    """Lock the pictures, topics, places and parties of ``record`` and ``proposal``.

    Call it before the record is locked. Returns the locked rows for
    :func:`require_version`; None where the database has no row locks, and every writing
    transaction waits for the one before it.
    """
    if not connection.features.has_select_for_update:
        return None
    model = type(record)
    references = rows_used(model, [record.pk])[record.pk]
    if proposal is not None:
        wanted = Snapshot.from_json(proposal.wanted)
        references |= set(references_of(model, wanted))
    references = {one for one in references if one[0] is not StoredFile}
    for one in _by_label({target for target, _pk in references}):
        pks = [pk for target, pk in references if target is one]
        # no_key: rows that refer to it may be added meanwhile.
        locked = models.QuerySet(one).select_for_update(no_key=True)
        list(locked.filter(pk__in=pks).order_by("pk").values_list("pk"))
    return references


def require_version(
    record: Publishable,
    version: ReviewedVersion | None,
    *,
    by,
    locked: Collection[Reference] | None,
    proposal: Proposal | None = None,
) -> Content | None:
    """Return the stored content, or raise ReviewedVersionError unless it has
    ``version``.

    Call it with the record locked; ``locked`` is what :func:`lock_related` returned.
    Only an actor of the portal itself, which reads no page, decides without a version;
    None is returned then.
    """
    if version is None:
        if by.is_actor:
            return None
        raise _not_shown(record)
    content = read_proposal(proposal) if proposal else read_content(record)
    if content.version.digest == version.digest and _are_locked(content, locked):
        return content
    raise ReviewedVersionError(_changed_message(content, version.position))


def is_approved_version(
    record: Publishable, *, locked: Collection[Reference] | None
) -> bool:
    """Whether the stored content of ``record``, which is locked, is what was approved.

    False for a record that was approved before versions were stored.
    """
    content = read_content(record)
    is_same = content.version.digest == record.approved_version
    return is_same and _are_locked(content, locked)


def require_approved_version(
    record: Publishable, *, locked: Collection[Reference] | None
) -> None:
    """Raise ReviewedVersionError unless the content is what was approved."""
    if not is_approved_version(record, locked=locked):
        raise ReviewedVersionError(
            _(
                "“%(record)s” was changed after it was approved, so it was not "
                "published. Another approval is needed."
            )
            % {"record": record.public_code}
        )


def references_of(model: type[models.Model], taken: Snapshot) -> Iterator[Reference]:
    """The topics, places, parties, pictures and files that ``taken`` refers to."""
    for relation in model._meta.many_to_many:
        if _is_reviewed_with_records(relation.related_model):
            for pk in taken.links.get(relation.name, ()):
                yield relation.related_model, pk
    yield from _column_references(model, taken.values)
    for name, parts in taken.parts.items():
        for part in parts:
            yield from _column_references(part_model(model, name), part.values)


def _column_references(model: type[models.Model], values: dict) -> Iterator[Reference]:
    for column in columns_of(model):
        related, pk = column.related_model, values.get(column.attname)
        if pk is not None and related and _is_reviewed_with_records(related):
            yield related, pk


def _is_reviewed_with_records(model: type[models.Model] | None) -> bool:
    """Whether rows of ``model`` are public only through the records that name them."""
    if model is None:
        return False
    if model in (Picture, StoredFile):
        return True
    return issubclass(model, Linked) and not issubclass(model, Publishable)


def rows_used(
    model: type[Publishable], pks: Sequence[int]
) -> dict[int, set[Reference]]:
    """The topics, places, parties and pictures that records of ``model`` and their
    parts use, by key of the record; in one query."""
    used: dict[int, set[Reference]] = {pk: set() for pk in pks}
    targets, arms = _all_uses(model)
    if not arms:
        return used
    arms = [rows.filter(pk__in=pks) for rows in arms]
    for pk, number, target in arms[0].union(*arms[1:]) if arms[1:] else arms[0]:
        used[pk].add((targets[number], target))
    return used


@cache
def _all_uses(
    model: type[Publishable],
) -> tuple[list[type[models.Model]], list[models.QuerySet]]:
    """What records of ``model`` can use, and a query of all uses for each; never read,
    but filtered.

    Resolving the columns takes longer than the query, and they are always the same.
    """
    lookups = _lookups(model)
    arms = [
        models.QuerySet(model)
        .filter(**{f"{lookup}__isnull": False})
        .order_by()
        .values_list("pk", Value(number, IntegerField()), F(lookup))
        for number, (lookup, _target) in enumerate(lookups)
    ]
    return [target for _lookup, target in lookups], arms


def _lookups(model: type[Publishable]) -> list[tuple[str, type[models.Model]]]:
    """The lookups from a record of ``model`` to rows that are reviewed with it, those
    of its parts included, with the models of the rows; files are left out."""
    lookups = [(field.name, field.related_model) for field in _relations(model)]
    for part in model.parts:
        relation = model._meta.get_field(part)
        lookups += [
            (f"{relation.name}__{field.name}", field.related_model)
            for field in _relations(part_model(model, part))
        ]
    return lookups


def _relations(model: type[models.Model]) -> list[models.Field]:
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return [
        field
        for field in fields
        if _is_reviewed_with_records(field.related_model)
        and field.related_model is not StoredFile
    ]


def _read_related(references: set[Reference]) -> dict[Reference, RelatedRow]:
    rows: dict[Reference, RelatedRow] = {}
    wanted = set(references)
    # Files come after the pictures that are made of them.
    targets = _by_label({model for model, _pk in wanted} | {StoredFile})
    for model in sorted(targets, key=lambda one: one is StoredFile):
        pks = [pk for target, pk in wanted if target is model]
        for row in models.QuerySet(model).filter(pk__in=pks):
            rows[model, row.pk] = RelatedRow(model, row.pk, _values(row))
            if model is Picture:
                wanted.add((StoredFile, row.file_id))
    return rows


def _values(row: models.Model) -> dict:
    if isinstance(row, StoredFile):
        return {"sha256": row.sha256, "name": row.name}
    return values_of(row)


def _among(
    related: dict[Reference, RelatedRow], references: set[Reference]
) -> tuple[RelatedRow, ...]:
    files = {
        (StoredFile, related[one].values["file_id"])
        for one in references
        if one[0] is Picture and one in related
    }
    rows = [related[one] for one in references | files if one in related]
    return tuple(sorted(rows, key=lambda row: (row.model._meta.label_lower, row.pk)))


def _by_label(targets: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    return sorted(targets, key=lambda one: one._meta.label_lower)


def _are_locked(content: Content, locked: Collection[Reference] | None) -> bool:
    """Whether what is shown now is what was locked; a colleague may have changed the
    relations after they were read to be locked, and back."""
    if locked is None:
        return True
    model = type(content.record)
    now = set(references_of(model, content.snapshot))
    if content.proposal:
        wanted = Snapshot.from_json(content.proposal.wanted)
        now |= set(references_of(model, wanted))
    return {one for one in now if one[0] is not StoredFile} <= set(locked)


def _content(record, taken, related, position, proposal=None) -> Content:
    value = {
        "record": [record._meta.label_lower, record.pk],
        "content": taken.as_json(),
        # Not in a snapshot, for no form writes them; pages show them.
        "corrections": record.corrections,
        "is_sample": record.is_sample,
        "related": [
            [one.model._meta.label_lower, one.pk, one.values] for one in related
        ],
        "proposal": proposal and _proposal_values(proposal),
    }
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    version = ReviewedVersion(digest, position)
    return Content(record, taken, related, version, proposal)


def _proposal_values(proposal: Proposal) -> dict:
    return {
        "pk": proposal.pk,
        "state": str(proposal.state),
        "base": proposal.base,
        "wanted": proposal.wanted,
        "public_note": proposal.public_note,
        "proposed_at": proposal.proposed_at.timestamp(),
        "proposed_by": proposal.proposed_by_id,
    }


def _last_position() -> int:
    last = Deed.objects.order_by("-position").values_list("position", flat=True)
    return last.first() or 0


def _not_shown(record: Publishable) -> ReviewedVersionError:
    return ReviewedVersionError(
        _(
            "“%(record)s” was not shown to you before this decision, so nothing was "
            "done to it. Open it, read it and decide again."
        )
        % {"record": record.public_code}
    )


def _changed_message(content: Content, position: int) -> str:
    values = {"record": content.record.public_code}
    changes = _changes_since(content, position)
    if not changes:
        return (
            _(
                "“%(record)s” is no longer what was shown to you, so nothing was done "
                "to it. Open it again, read it and decide again."
            )
            % values
        )
    return _(
        "“%(record)s” was changed after you opened it, so nothing was done to it. "
        "Changed since then: %(changes)s. Open it again, read it and decide again."
    ) % {**values, "changes": "; ".join(changes)}


def _changes_since(content: Content, position: int) -> list[str]:
    """Which fields were changed and by whom, from the audit entries since."""
    own = models.Q(
        record_model=content.record._meta.label_lower,
        record_row=str(content.record.pk),
    )
    for one in content.related:
        own |= models.Q(model=one.model._meta.label_lower, row=str(one.pk))
    entries = Deed.objects.filter(own, position__gt=position).select_related("by")
    labels: dict[str, dict[str, None]] = {}
    for entry in entries.order_by("position")[:_MAX_ENTRIES]:
        for label in _labels(entry):
            labels.setdefault(str(entry.by), {})[label] = None
    return [
        _("%(fields)s (by %(person)s)") % {"fields": ", ".join(some), "person": person}
        for person, some in labels.items()
    ]


def _labels(entry: Deed) -> list[str]:
    is_whole_row = entry.verb in (Verb.CREATED, Verb.DELETED)
    if is_whole_row or not entry.changes:
        kind = capfirst(kind_of_row(entry.model))
        return [f"{kind} – {label_of(entry.verb)}"]
    model = model_of(entry.model)
    return [
        field_label(model, change["field"], change["language"])
        for change in entry.changes
    ]
