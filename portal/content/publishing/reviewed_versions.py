"""Reviewed versions: digests of the content that a reviewer was shown.

The form of every decision on a record or proposal contains the version that the page
displayed, signed for one user and one record. The operation compares it with the stored
content while the record is locked. Thus no content is approved, returned or withdrawn
that the reviewer has not seen.

Every transaction locks rows in the same order: pictures, topics, places and parties (by
model label and primary key), records (by kind and key), the proposal, the head of the
audit chain, the change sequence.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core import signing
from django.db import connection, models
from django.db.models import NOT_PROVIDED
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.content.publishing.links import LinkTarget
from portal.content.publishing.models import Proposal, Publishable
from portal.core.audit.choices import AuditAction, get_action_label
from portal.core.audit.display_names import find_model, get_model_verbose_name
from portal.core.audit.models import Deed
from portal.core.audit.presentation import get_field_label
from portal.core.audit.snapshots import (
    Snapshot,
    get_audited_columns,
    get_child_model,
    get_column_values,
    snapshots,
)
from portal.core.files.models import Picture, StoredFile

_SALT = "portal.publishing.review.version"

# Maximum number of audit entries read to list the changes in an error message.
_MAX_ENTRIES = 200

Reference = tuple[type[models.Model], int]


class ReviewedVersionError(ValueError):
    """Raised when the stored content is not the version that the reviewer was shown."""


@dataclass(frozen=True)
class ReviewedVersion:
    """Version of a content.

    ``digest`` is its SHA-256 (hex). ``position`` is the position of the last audit
    entry when it was read; later entries show what was changed since.
    """

    digest: str
    position: int


@dataclass(frozen=True)
class RelatedRow:
    """A row that a record refers to and that has no review of its own.

    It is a topic, a place, a named party, a picture or a file. ``values`` are its
    column values; for a file, its hash and name.
    """

    model: type[models.Model]
    pk: int
    values: dict


@dataclass(frozen=True)
class Content:
    """Stored content of a record and, if a proposal is reviewed, of the proposal.

    ``related`` are the rows that either of them refers to, ordered by label and primary
    key.
    """

    record: Publishable
    snapshot: Snapshot
    related: tuple[RelatedRow, ...]
    version: ReviewedVersion
    proposal: Proposal | None = None


def read_contents(records: Sequence[Publishable]) -> list[Content]:
    """Read the stored content of ``records`` of one model, in their order.

    Unsaved attribute values are ignored; records that were deleted are left out. The
    number of queries does not depend on the number of records.
    """
    if not records:
        return []
    model, pks = type(records[0]), [record.pk for record in records]
    # Read the position first: a change committed meanwhile is then listed as a change
    # rather than missed.
    position = _get_last_position()
    rows = models.QuerySet(model).in_bulk(pks)
    snapshots_by_pk = snapshots(list(rows.values()), model.child_relations)
    references = {
        pk: set(references_of(model, snapshot))
        for pk, snapshot in snapshots_by_pk.items()
    }
    related = _read_related(set().union(*references.values()))
    return [
        _build_content(
            rows[pk],
            snapshots_by_pk[pk],
            _select_related_rows(related, references[pk]),
            position,
        )
        for pk in pks
        if pk in rows
    ]


def read_content(record: Publishable) -> Content:
    """Read the stored content of ``record``; raise DoesNotExist if it was deleted."""
    contents = read_contents([record])
    if not contents:
        raise type(record).DoesNotExist
    return contents[0]


def read_proposal(proposal: Proposal) -> Content:
    """Build the content of ``proposal`` and of its record.

    The record is read from the database, the proposal is taken from the instance.
    Raises DoesNotExist if the record was deleted.
    """
    contents = read_proposals([proposal])
    if not contents:
        raise proposal.content_type.model_class().DoesNotExist
    return contents[0]


def read_proposals(proposals: Sequence[Proposal]) -> list[Content]:
    """Build the contents of ``proposals`` for records of one model, in their order.

    Proposals whose record was deleted are left out. The number of queries does not
    depend on the number of proposals.
    """
    if not proposals:
        return []
    model = proposals[0].content_type.model_class()
    # Read the position first, as for the contents of records.
    position = _get_last_position()
    records = models.QuerySet(model).in_bulk(
        [proposal.object_id for proposal in proposals]
    )
    snapshots_by_pk = snapshots(list(records.values()), model.child_relations)
    references = {}
    for proposal in proposals:
        if proposal.object_id in records:
            proposed = Snapshot.from_json(proposal.wanted)
            stored = snapshots_by_pk[proposal.object_id]
            references[proposal.pk] = {
                *references_of(model, stored),
                *references_of(model, proposed),
            }
    related = _read_related(set().union(*references.values()))
    return [
        _build_content(
            records[proposal.object_id],
            snapshots_by_pk[proposal.object_id],
            _select_related_rows(related, references[proposal.pk]),
            position,
            proposal,
        )
        for proposal in proposals
        if proposal.pk in references
    ]


def version_of(record: Publishable) -> ReviewedVersion:
    """Return the version of the stored content of ``record``."""
    return read_content(record).version


def version_of_proposal(proposal: Proposal) -> ReviewedVersion:
    """Return the version of ``proposal``, as loaded, and of its record's stored
    content."""
    return read_proposal(proposal).version


def sign(row: models.Model, version: ReviewedVersion, *, user) -> str:
    """Return ``version`` as text signed for ``row`` and ``user``, for a hidden form
    field."""
    value = [row._meta.label_lower, row.pk, user.pk, version.digest, version.position]
    return signing.dumps(value, salt=_SALT, compress=True)


def read_signed(text: str, row: models.Model, *, user) -> ReviewedVersion:
    """Return the version in a signed text.

    Raises ReviewedVersionError if the signature is invalid or belongs to another row or
    user.
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
        raise _build_not_shown_error(record)
    return ReviewedVersion(digest, position)


def lock_related(
    record: Publishable, proposal: Proposal | None = None
) -> set[Reference] | None:
    """Lock the pictures, topics, places and parties of ``record`` and ``proposal``.

    Call it before the record is locked. Returns the locked rows, to be passed to
    :func:`require_version`. Returns None if the database has no row locks (SQLite),
    where write transactions run one after the other.
    """
    if not connection.features.has_select_for_update:
        return None
    model = type(record)
    references = rows_used(record)
    if proposal is not None:
        proposed = Snapshot.from_json(proposal.wanted)
        references |= _without_files(references_of(model, proposed))
    for related_model in _sort_by_label({target for target, _pk in references}):
        pks = [pk for target, pk in references if target is related_model]
        # no_key: other transactions may insert rows that refer to the locked one.
        locked = models.QuerySet(related_model).select_for_update(no_key=True)
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
    """Return the stored content; raise ReviewedVersionError if it differs from
    ``version``.

    Call it with the record locked; ``locked`` is the result of :func:`lock_related`.
    Only system actors may pass None as version, because they read no page; None is
    returned then.
    """
    if version is None:
        if by.is_actor:
            return None
        raise _build_not_shown_error(record)
    content = read_proposal(proposal) if proposal else read_content(record)
    if content.version.digest == version.digest and _are_locked(content, locked):
        return content
    raise ReviewedVersionError(_build_changed_message(content, version.position))


def is_approved_version(
    record: Publishable, *, locked: Collection[Reference] | None
) -> bool:
    """Return whether the stored content of the locked ``record`` is what was approved.

    False for a record that was approved before the approved version was stored.
    """
    content = read_content(record)
    is_same = content.version.digest == record.approved_version
    return is_same and _are_locked(content, locked)


def require_approved_version(
    record: Publishable, *, locked: Collection[Reference] | None
) -> None:
    """Raise ReviewedVersionError unless the stored content is what was approved."""
    if not is_approved_version(record, locked=locked):
        raise ReviewedVersionError(
            _(
                "“%(record)s” was changed after it was approved, so it was "
                "not published. It must be approved again."
            )
            % {"record": record.public_code}
        )


def references_of(model: type[models.Model], snapshot: Snapshot) -> Iterator[Reference]:
    """Yield the topics, places, parties, pictures and files that a snapshot refers
    to."""
    for relation in model._meta.many_to_many:
        if _is_reviewed_with_records(relation.related_model):
            for pk in snapshot.links.get(relation.name, ()):
                yield relation.related_model, pk
    yield from _iterate_column_references(model, snapshot.values)
    for name, child_rows in snapshot.parts.items():
        for child_row in child_rows:
            yield from _iterate_column_references(
                get_child_model(model, name), child_row.values
            )


def _iterate_column_references(
    model: type[models.Model], values: dict
) -> Iterator[Reference]:
    for column in get_audited_columns(model):
        related, pk = column.related_model, values.get(column.attname)
        if pk is not None and related and _is_reviewed_with_records(related):
            yield related, pk


def _is_reviewed_with_records(model: type[models.Model] | None) -> bool:
    """Return whether rows of ``model`` are public only through records that refer to
    them."""
    if model is None:
        return False
    if model in (Picture, StoredFile):
        return True
    return issubclass(model, LinkTarget) and not issubclass(model, Publishable)


def rows_used(record: Publishable) -> set[Reference]:
    """Return the topics, places, parties and pictures that a stored record refers to.

    Those of its child rows are included, files are left out. Empty if the record was
    deleted.
    """
    model = type(record)
    stored = list(models.QuerySet(model).filter(pk=record.pk))
    return {
        reference
        for snapshot in snapshots(stored, model.child_relations).values()
        for reference in _without_files(references_of(model, snapshot))
    }


def _without_files(references: Iterable[Reference]) -> set[Reference]:
    return {reference for reference in references if reference[0] is not StoredFile}


def _read_related(references: set[Reference]) -> dict[Reference, RelatedRow]:
    """Load the referenced rows and the files of referenced pictures."""
    rows: dict[Reference, RelatedRow] = {}
    all_references = set(references)
    # Read files after pictures, which add their files to the set.
    targets = _sort_by_label({model for model, _pk in all_references} | {StoredFile})
    for model in sorted(targets, key=lambda target: target is StoredFile):
        pks = [pk for target, pk in all_references if target is model]
        for row in models.QuerySet(model).filter(pk__in=pks):
            rows[model, row.pk] = RelatedRow(model, row.pk, _get_row_values(row))
            if model is Picture:
                all_references.add((StoredFile, row.file_id))
    return rows


def _get_row_values(row: models.Model) -> dict:
    if isinstance(row, StoredFile):
        return {"sha256": row.sha256, "name": row.name}
    return get_column_values(row)


def _select_related_rows(
    related: dict[Reference, RelatedRow], references: set[Reference]
) -> tuple[RelatedRow, ...]:
    """Return the rows in ``references``, and the files of their pictures, in a fixed
    order."""
    files = {
        (StoredFile, related[reference].values["file_id"])
        for reference in references
        if reference[0] is Picture and reference in related
    }
    rows = [
        related[reference] for reference in references | files if reference in related
    ]
    return tuple(sorted(rows, key=lambda row: (row.model._meta.label_lower, row.pk)))


def _sort_by_label(targets: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    return sorted(targets, key=lambda target: target._meta.label_lower)


def _are_locked(content: Content, locked: Collection[Reference] | None) -> bool:
    """Return whether all rows that the content refers to now were locked.

    A colleague may have changed the relations after they were read for locking.
    """
    if locked is None:
        return True
    model = type(content.record)
    current = set(references_of(model, content.snapshot))
    if content.proposal:
        proposed = Snapshot.from_json(content.proposal.wanted)
        current |= set(references_of(model, proposed))
    return _without_files(current) <= set(locked)


def _build_content(record, snapshot, related, position, proposal=None) -> Content:
    """Build the content of a record and compute its digest."""
    value = {
        "record": [record._meta.label_lower, record.pk],
        "content": _get_digested_content(type(record), snapshot),
        # Not part of a snapshot, because no form writes them, but displayed on pages.
        "corrections": record.corrections,
        "is_sample": record.is_sample,
        "related": [
            [
                row.model._meta.label_lower,
                row.pk,
                _leave_out_new_columns(row.model, row.values),
            ]
            for row in related
        ],
        "proposal": proposal and _proposal_values(proposal),
    }
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    version = ReviewedVersion(digest, position)
    return Content(record, snapshot, related, version, proposal)


def _get_digested_content(model: type[models.Model], snapshot: Snapshot) -> dict:
    """Return the content of a record without the unset columns and the empty relations
    that were added to tables in use."""
    content = snapshot.as_json()
    content["links"] = {
        name: pks
        for name, pks in content["links"].items()
        if pks or name not in model.added_relations
    }
    content["values"] = _leave_out_new_columns(model, content["values"])
    for name, rows in content["parts"].items():
        part = model._meta.get_field(name).related_model
        for row in rows:
            row["values"] = _leave_out_new_columns(part, row["values"])
    return content


def _leave_out_new_columns(model: type[models.Model], values: dict) -> dict:
    """Return ``values`` without the columns that have their ``db_default``.

    A column that is added to a table in use has a ``db_default``. While it has no other
    value, the digest is that of the releases before the column: what they approved, and
    pages that were opened before an upgrade, stay valid. Only one value of a column is
    left out, so different contents never have the same digest.
    """
    defaults = {
        column.attname: column.db_default
        for column in model._meta.concrete_fields
        if column.db_default is not NOT_PROVIDED
    }
    return {
        name: value
        for name, value in values.items()
        if name not in defaults or value != defaults[name]
    }


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


def _get_last_position() -> int:
    positions = Deed.objects.order_by("-position").values_list("position", flat=True)
    return positions.first() or 0


def _build_not_shown_error(record: Publishable) -> ReviewedVersionError:
    return ReviewedVersionError(
        _(
            "You did not read “%(record)s” before this decision, so it "
            "was not changed. Open it, read it and decide again."
        )
        % {"record": record.public_code}
    )


def _build_changed_message(content: Content, position: int) -> str:
    values = {"record": content.record.public_code}
    changes = _list_changes_since(content, position)
    if not changes:
        return (
            _(
                "“%(record)s” has changed since you read it, so your "
                "decision was not applied. Open it again, read it and "
                "decide again."
            )
            % values
        )
    return _(
        "“%(record)s” was changed after you opened it, so your "
        "decision was not applied. Changes since then: "
        "%(changes)s. Open it again, read it and decide again."
    ) % {**values, "changes": "; ".join(changes)}


def _list_changes_since(content: Content, position: int) -> list[str]:
    """Return the changed fields with the user who changed them, from later audit
    entries."""
    condition = models.Q(
        record_model=content.record._meta.label_lower,
        record_row=str(content.record.pk),
    )
    for row in content.related:
        condition |= models.Q(model=row.model._meta.label_lower, row=str(row.pk))
    entries = Deed.objects.filter(condition, position__gt=position).select_related("by")
    labels: dict[str, dict[str, None]] = {}
    for entry in entries.order_by("position")[:_MAX_ENTRIES]:
        for label in _get_entry_labels(entry):
            labels.setdefault(str(entry.by), {})[label] = None
    return [
        _("%(fields)s (by %(person)s)")
        % {"fields": ", ".join(field_labels), "person": person}
        for person, field_labels in labels.items()
    ]


def _get_entry_labels(entry: Deed) -> list[str]:
    """Return the labels of the fields that an audit entry changed.

    For a created or deleted row, or an entry without fields, it is the model name with
    the action.
    """
    is_whole_row = entry.verb in (AuditAction.CREATED, AuditAction.DELETED)
    if is_whole_row or not entry.changes:
        kind = capfirst(get_model_verbose_name(entry.model))
        return [f"{kind} – {get_action_label(entry.verb)}"]
    model = find_model(entry.model)
    return [
        get_field_label(model, change["field"], change["language"])
        for change in entry.changes
    ]
