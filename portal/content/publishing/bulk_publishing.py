"""Bulk creation, publication and deletion of records.

For programs such as ``load_record`` and ``load_sample``. The effects are those of the
operations on a single record, in a constant number of queries.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from portal.content.catalogue import operations as catalogue
from portal.content.changes import operations as changes
from portal.content.changes.choices import ChangeAction
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Publishable, Source
from portal.content.publishing.reviewed_versions import require_version
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction
from portal.core.audit.entries import build_pending_entry
from portal.core.translations.localized_text import written_languages

_PUBLICATION_FIELDS = (
    *("languages", "status", "revision", "published_at", "changed_at"),
    *("created_at", "updated_at", "created_by", "updated_by"),
)


@dataclass
class NewRecord:
    """Unsaved record with its publication time and related rows.

    ``links`` maps the name of a many-to-many relation to primary keys in order.
    ``child_rows`` are unsaved rows that refer to the record or to one another; a row
    must come after the rows it refers to. ``sources`` are URLs.
    """

    record: Publishable
    published_at: dt.datetime
    links: dict[str, list[int]] = field(default_factory=dict)
    child_rows: list[models.Model] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


@transaction.atomic
def bulk_publish(drafts: Sequence[NewRecord], *, by) -> None:
    """Save unsaved records of one model as published records.

    Writes audit entries, catalogue entries and changes in the same transaction. No
    refresh jobs are needed, because no other record can refer to a record that did not
    exist.
    """
    if not drafts:
        return
    records = [draft.record for draft in drafts]
    for draft in drafts:
        _set_publication_fields(draft.record, by=by, at=draft.published_at)
    models.QuerySet(type(records[0])).bulk_create(records)
    for name in {name: None for draft in drafts for name in draft.links}:
        _create_links(drafts, name)
    _create_child_rows(
        [child_row for draft in drafts for child_row in draft.child_rows]
    )
    Source.objects.bulk_create(_build_sources(drafts))
    _announce(records, (AuditAction.PUBLISHED,), by=by, at=drafts[0].published_at)


@transaction.atomic
def publish_new_records(records: Sequence[Publishable], *, by, at: dt.datetime) -> None:
    """Publish drafts of one or several models that were saved in this transaction.

    There is no reviewed version: the files that they come from were approved as a whole
    before loading. Raises ReviewedVersionError unless ``by`` is a system actor.
    """
    if not records:
        return
    for record in records:
        require_version(record, None, by=by, locked=None)
        _set_publication_fields(record, by=by, at=at)
    for model, group in _group_by_model(records).items():
        models.QuerySet(model).bulk_update(group, _PUBLICATION_FIELDS)
    actions = (AuditAction.SUBMITTED, AuditAction.APPROVED, AuditAction.PUBLISHED)
    _announce(records, actions, by=by, at=at)


def _set_publication_fields(record: Publishable, *, by, at: dt.datetime) -> None:
    record.languages = written_languages(record, record.text_fields)
    record.status, record.revision = Status.PUBLISHED, 1
    record.published_at = record.changed_at = at
    record.created_at = record.updated_at = at
    record.created_by = record.updated_by = by


def _announce(
    records: Sequence[Publishable],
    actions: Sequence[AuditAction],
    *,
    by,
    at: dt.datetime,
) -> None:
    """Write audit entries, catalogue entries and changes of published records."""
    entries = [
        build_pending_entry(record, action) for record in records for action in actions
    ]
    audit.append_entries(entries, by=by, at=at)
    for group in _group_by_model(records).values():
        catalogue.update_entries(group)
    # Lock order: the change sequence is locked last, after the audit chain head.
    changes.append_changes(
        changes.PendingChange(
            record.kind,
            record.public_code,
            ChangeAction.PUBLISHED,
            record.revision,
            record.published_at,
        )
        for record in records
    )


def _group_by_model(
    records: Sequence[Publishable],
) -> dict[type[Publishable], list[Publishable]]:
    groups = defaultdict(list)
    for record in records:
        groups[type(record)].append(record)
    return groups


def _create_links(drafts: Sequence[NewRecord], name: str) -> None:
    relation = type(drafts[0].record)._meta.get_field(name)
    through = relation.remote_field.through
    owner = f"{relation.m2m_field_name()}_id"
    target = f"{relation.m2m_reverse_field_name()}_id"
    through.objects.bulk_create(
        through(**{owner: draft.record.pk, target: pk})
        for draft in drafts
        for pk in draft.links.get(name, [])
    )


def _create_child_rows(child_rows: list[models.Model]) -> None:
    for model in dict.fromkeys(map(type, child_rows)):
        rows = [child_row for child_row in child_rows if type(child_row) is model]
        models.QuerySet(model).bulk_create(rows)


def _build_sources(drafts: Sequence[NewRecord]) -> list[Source]:
    content_type = ContentType.objects.get_for_model(type(drafts[0].record))
    return [
        Source(
            content_type=content_type,
            object_id=draft.record.pk,
            position=position,
            url=url,
            host=Source.parse_host(url),
        )
        for draft in drafts
        for position, url in enumerate(draft.sources)
    ]


@transaction.atomic
def bulk_purge(
    records: Sequence[Publishable], *, by, at: dt.datetime, announce_withdrawal: bool
) -> None:
    """Delete records of one model, their related rows and their changes.

    With ``announce_withdrawal`` a withdrawal is appended to the change sequence for
    each record, so that API clients delete their copies. Audit entries of the deletion
    are written in any case. Raises ProtectedError if another row refers to a record.
    """
    if not records:
        return
    kind, codes = records[0].kind, [record.public_code for record in records]
    withdrawals = [
        changes.PendingChange(
            kind, record.public_code, ChangeAction.WITHDRAWN, record.revision, at
        )
        for record in records
    ]
    entries = [build_pending_entry(record, AuditAction.DELETED) for record in records]
    models.QuerySet(type(records[0])).filter(
        pk__in=[record.pk for record in records]
    ).delete()
    audit.append_entries(entries, by=by, at=at)
    catalogue.remove_entries(kind=kind, codes=codes)
    changes.delete_sample_changes(kind=kind, codes=codes)
    if announce_withdrawal:
        changes.append_changes(withdrawals)
