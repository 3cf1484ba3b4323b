"""The verbs of publishing. Nothing else changes a record's state or its public face.

Each is one transaction that writes the record, its catalogue entry, the public change
and the jobs that follow from it. ``by`` is the acting user, ``at`` the clock.
"""

import datetime as dt
import logging

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.catalogue import operations as catalogue
from portal.catalogue.models import Entry
from portal.catalogue.registry import kind_of, kinds
from portal.changes import operations as changes
from portal.changes.choices import Action
from portal.jobs import operations as jobs
from portal.publishing.choices import Status
from portal.publishing.models import Counter, Publishable
from portal.translations.shown import written_languages

logger = logging.getLogger(__name__)

# From which states each verb may be said.
_SUBMITTED_FROM = (Status.DRAFT,)
_RETURNED_FROM = (Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN)
_APPROVED_FROM = (Status.IN_REVIEW,)
_PUBLISHED_FROM = (Status.APPROVED,)
_WITHDRAWN_FROM = (Status.PUBLISHED,)

# What these verbs write; the words and relations of a record are its editors'.
STATE_FIELDS = (
    "status",
    "revision",
    "published_at",
    "changed_at",
    "withdrawn_at",
)
_PUBLISHING_FIELDS = (
    *STATE_FIELDS,
    "languages",
    "created_by",
    "created_at",
    "updated_by",
    "updated_at",
)


class WrongState(ValueError):
    """The record is in a state from which this verb cannot be said."""


@transaction.atomic
def submit(record: Publishable, *, by, at: dt.datetime) -> None:
    """Hand a draft to review."""
    _lock(record, _SUBMITTED_FROM)
    _save(record, Status.IN_REVIEW, by=by, at=at)


@transaction.atomic
def return_to_draft(record: Publishable, *, by, at: dt.datetime) -> None:
    """Give a record in review, an approved or a withdrawn one back to its editor."""
    _lock(record, _RETURNED_FROM)
    _save(record, Status.DRAFT, by=by, at=at)


@transaction.atomic
def approve(record: Publishable, *, by, at: dt.datetime) -> None:
    """Approve a record in review; it is published now unless a later time is set."""
    _lock(record, _APPROVED_FROM)
    _save(record, Status.APPROVED, by=by, at=at)
    if record.publish_at is None or record.publish_at <= at:
        publish(record, by=by, at=at)


@transaction.atomic
def publish(record: Publishable, *, by, at: dt.datetime) -> None:
    """Make an approved record public: record, catalogue and change together."""
    _lock(record, _PUBLISHED_FROM)
    record.languages = written_languages(record, record.written_fields)
    record.revision += 1
    record.published_at = record.changed_at = at
    record.withdrawn_at = None
    _save(record, Status.PUBLISHED, by=by, at=at)
    _tell(record, Action.PUBLISHED, at)


@transaction.atomic
def republish(record: Publishable, *, by, at: dt.datetime) -> None:
    """Say that a record, its inlines or its relations were saved.

    Call it after the save, in the same transaction. Signs the record, brings its
    ``languages`` up to date and, when it is published, its public face too.
    """
    _lock(record, Status)
    record.languages = written_languages(record, record.written_fields)
    if record.is_published:
        record.revision += 1
        record.changed_at = at
    _save(record, record.status, by=by, at=at)
    if record.is_published:
        _tell(record, Action.UPDATED, at)


@transaction.atomic
def retell(record: Publishable, *, at: dt.datetime) -> None:
    """Say that something which a published record names has changed.

    Its public face and the change feed follow; its editor's signature stays.
    """
    _lock(record, Status)
    if record.is_published:
        record.revision += 1
        record.changed_at = at
        record.save(update_fields=STATE_FIELDS)
        _tell(record, Action.UPDATED, at, names_changed=True)


@transaction.atomic
def withdraw(record: Publishable, *, by, at: dt.datetime) -> None:
    """Take a published record from the public; its address answers 410 from now on."""
    _lock(record, _WITHDRAWN_FROM)
    record.withdrawn_at = at
    _save(record, Status.WITHDRAWN, by=by, at=at)
    catalogue.remove(kind=record.kind, code=record.public_code)
    _append(record, Action.WITHDRAWN, at)
    _tell_users(record, at)


def publish_due(*, by, at: dt.datetime) -> int:
    """Publish every approved record whose set time has come; how many were published.

    Each record is a transaction of its own: one that fails is logged, tried again the
    next time, and holds up no other.
    """
    published = 0
    for kind in kinds():
        for pk in list(kind.model.objects.due(at).values_list("pk", flat=True)):
            try:
                published += _publish_if_due(kind.model, pk, by=by, at=at)
            except Exception:
                logger.exception("%s %s could not be published", kind.code, pk)
    return published


@transaction.atomic
def _publish_if_due(model, pk: int, *, by, at: dt.datetime) -> bool:
    due = model.objects.due(at).select_for_update(of=("self",))
    record = due.filter(pk=pk).first()
    if record is None:
        return False
    publish(record, by=by, at=at)
    return True


@transaction.atomic
def next_code(prefix: str) -> str:
    """The next code of a series (``SEM-0005``), given out under a lock."""
    Counter.objects.get_or_create(prefix=prefix)
    counter = Counter.objects.select_for_update().get(prefix=prefix)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return str(counter)


@transaction.atomic
def reserve_code(code: str) -> None:
    """Say that a code (``SEM-0004``) came from outside, never to be given out again."""
    prefix, _dash, number = code.rpartition("-")
    Counter.objects.get_or_create(prefix=prefix)
    counter = Counter.objects.select_for_update().get(prefix=prefix)
    if int(number) > counter.last_number:
        counter.last_number = int(number)
        counter.save(update_fields=["last_number"])


def hold(record: Publishable) -> None:
    """Lock the row until the transaction ends, and read its state from it.

    For a door that saves a whole record which it read a while ago: without this it
    would write the old state over what a colleague has done since.
    """
    _lock(record, Status)


def _lock(record: Publishable, allowed) -> None:
    """Lock the row and read its state from it: two clerks cannot both act on it.

    ``record`` may have been read before a colleague published or withdrew it.
    """
    locked = models.QuerySet(type(record)).select_for_update()
    record.refresh_from_db(fields=STATE_FIELDS, from_queryset=locked)
    if record.status not in allowed:
        raise WrongState(
            _("“%(record)s” is %(state)s; this cannot be done to it now.")
            % {"record": record.public_code, "state": Status(record.status).label}
        )


def _save(record: Publishable, status: Status, *, by, at: dt.datetime) -> None:
    record.status = status
    _sign(record, by=by, at=at)
    record.save(update_fields=_PUBLISHING_FIELDS)


def _sign(record: Publishable, *, by, at: dt.datetime) -> None:
    record.updated_by, record.updated_at = by, at
    if record.created_at is None:
        record.created_by, record.created_at = by, at


def _tell(
    record: Publishable, action: Action, at: dt.datetime, *, names_changed: bool = False
) -> None:
    """Write the public face of a published record, and who is to hear of it."""
    catalogue.write(record, names_changed=names_changed)
    _append(record, action, at)
    _tell_users(record, at)


def _tell_users(record: Publishable, at: dt.datetime) -> None:
    """Have entries written anew that are found by the record's name, or draw on it."""
    axis = kind_of(record.kind).axis
    if axis and Entry.objects.tagged(axis, record.public_code).exists():
        jobs.enqueue(
            "catalogue.refresh_using", at=at, axis=axis, value=record.public_code
        )


def _append(record: Publishable, action: Action, at: dt.datetime) -> None:
    changes.append(
        kind=record.kind,
        code=record.public_code,
        action=action,
        revision=record.revision,
        at=at,
    )
