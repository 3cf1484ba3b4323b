"""New records by the thousand, made public at once, and taken away again.

For rows that come as a whole from a program (``load_sample``): it says what
:mod:`portal.publishing.operations` says of one record, for many at the price of a few.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from portal.catalogue import operations as catalogue
from portal.changes import operations as changes
from portal.changes.choices import Action
from portal.history import operations as history
from portal.history.choices import Verb
from portal.history.deeds import tell
from portal.publishing.choices import Status
from portal.publishing.models import Publishable, Source
from portal.translations.shown import written_languages


@dataclass
class Draft:
    """A record that is not saved yet, with everything that hangs on it.

    ``links`` maps a many-to-many relation to pks in their order; ``parts`` are unsaved
    rows that point to the record or to one another, those pointed to first; ``sources``
    are addresses. ``at`` is when it becomes public.
    """

    record: Publishable
    at: dt.datetime
    links: dict[str, list[int]] = field(default_factory=dict)
    parts: list[models.Model] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


@transaction.atomic
def publish_new(drafts: Sequence[Draft], *, by) -> None:
    """Save ``drafts``, all of one kind and in no table yet, as published records.

    The catalogue and the sequence of changes follow in the same transaction. Nothing
    draws on a record before it is there, so no job follows.
    """
    if not drafts:
        return
    records = [_signed(draft, by) for draft in drafts]
    models.QuerySet(type(records[0])).bulk_create(records)
    for name in {name: None for draft in drafts for name in draft.links}:
        _link(drafts, name)
    _save_parts([part for draft in drafts for part in draft.parts])
    Source.objects.bulk_create(_sources(drafts))
    entries = [tell(record, Verb.PUBLISHED) for record in records]
    history.append_many(entries, by=by, at=drafts[0].at)
    catalogue.write_many(records)
    # The position of a change is the last lock, after the end of the audit chain.
    changes.append_many(
        changes.Step(record.kind, record.public_code, Action.PUBLISHED, 1, draft.at)
        for draft, record in zip(drafts, records, strict=True)
    )


def _signed(draft: Draft, by) -> Publishable:
    record = draft.record
    record.languages = written_languages(record, record.written_fields)
    record.status, record.revision = Status.PUBLISHED, 1
    record.published_at = record.changed_at = draft.at
    record.created_at = record.updated_at = draft.at
    record.created_by = record.updated_by = by
    return record


def _link(drafts: Sequence[Draft], name: str) -> None:
    relation = type(drafts[0].record)._meta.get_field(name)
    through = relation.remote_field.through
    owner = f"{relation.m2m_field_name()}_id"
    target = f"{relation.m2m_reverse_field_name()}_id"
    through.objects.bulk_create(
        through(**{owner: draft.record.pk, target: pk})
        for draft in drafts
        for pk in draft.links.get(name, [])
    )


def _save_parts(parts: list[models.Model]) -> None:
    for model in dict.fromkeys(map(type, parts)):
        rows = [part for part in parts if type(part) is model]
        models.QuerySet(model).bulk_create(rows)


def _sources(drafts: Sequence[Draft]) -> list[Source]:
    content_type = ContentType.objects.get_for_model(type(drafts[0].record))
    return [
        Source(
            content_type=content_type,
            object_id=draft.record.pk,
            position=position,
            url=url,
            host=Source.host_of(url),
        )
        for draft in drafts
        for position, url in enumerate(draft.sources)
    ]


@transaction.atomic
def erase(
    records: Sequence[Publishable], *, by, at: dt.datetime, tells_readers: bool
) -> None:
    """Delete records of one kind as if they had never been public.

    What hangs on them goes too, and their changes. With ``tells_readers`` a withdrawal
    of each stays in the sequence, for those who have copied it. Raises ProtectedError
    while something else points to one of them.
    """
    if not records:
        return
    kind, codes = records[0].kind, [record.public_code for record in records]
    steps = [
        changes.Step(kind, record.public_code, Action.WITHDRAWN, record.revision, at)
        for record in records
    ]
    told = [tell(record, Verb.DELETED) for record in records]
    models.QuerySet(type(records[0])).filter(
        pk__in=[record.pk for record in records]
    ).delete()
    history.append_many(told, by=by, at=at)
    catalogue.remove_many(kind=kind, codes=codes)
    changes.forget(kind=kind, codes=codes)
    if tells_readers:
        changes.append_many(steps)
