"""The verbs of publishing. Nothing else changes a record's state or its public face.

Each is one transaction that writes the record, its history, its catalogue entry, the
public change and the jobs that follow from it. ``by`` is the acting user, ``at`` the
clock. While four eyes are asked for (``portal.publishing.review``), nothing becomes
public that one person alone decided.
"""

import datetime as dt
import logging

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.catalogue import operations as catalogue
from portal.catalogue.registry import kinds
from portal.changes import operations as changes
from portal.changes.choices import Action
from portal.history import operations as history
from portal.history.choices import Verb
from portal.history.snapshots import Snapshot, snapshot
from portal.publishing.choices import Status
from portal.publishing.files import require_alternatives
from portal.publishing.models import Publishable
from portal.publishing.review import four_eyes
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
    "corrections",
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
    history.append(record, verb=Verb.SUBMITTED, by=by, at=at)


@transaction.atomic
def return_to_draft(
    record: Publishable, *, by, at: dt.datetime, reason: str = ""
) -> None:
    """Give a record in review, an approved or a withdrawn one back to its editor.

    ``reason`` is told to the editor, and kept in the history.
    """
    _lock(record, _RETURNED_FROM)
    _save(record, Status.DRAFT, by=by, at=at)
    history.append(record, verb=Verb.RETURNED, by=by, at=at, note=reason)


@transaction.atomic
def approve(record: Publishable, *, by, at: dt.datetime) -> None:
    """Approve a record in review; it is published now unless a later time is set.

    Raises NeedsAnother when ``by`` changed it since it was last published, Undescribed
    when a picture of it has no alternative text.
    """
    _lock(record, _APPROVED_FROM)
    four_eyes.require_another(record, by=by)
    require_alternatives(record)
    _save(record, Status.APPROVED, by=by, at=at)
    history.append(record, verb=Verb.APPROVED, by=by, at=at)
    if record.publish_at is None or record.publish_at <= at:
        publish(record, by=by, at=at)


@transaction.atomic
def publish(record: Publishable, *, by, at: dt.datetime) -> None:
    """Make an approved record public: record, catalogue and change together.

    Raises Undescribed when a picture of it has no alternative text.
    """
    _lock(record, _PUBLISHED_FROM)
    require_alternatives(record)
    record.languages = written_languages(record, record.written_fields)
    record.revision += 1
    record.published_at = record.changed_at = at
    record.withdrawn_at = None
    _save(record, Status.PUBLISHED, by=by, at=at)
    history.append(record, verb=Verb.PUBLISHED, by=by, at=at)
    four_eyes.forget_contributions(record)
    _tell(record, Action.PUBLISHED, at)


@transaction.atomic
def republish(
    record: Publishable, *, by, at: dt.datetime, before: Snapshot | None
) -> None:
    """Say that a record, its inlines or its relations were saved.

    Call it after the save, in the same transaction. Signs the record, brings its
    ``languages`` up to date and, when it is published, its public face too. ``before``
    is what the record said before (None: it is new); the difference is its history.
    While four eyes are asked for, a record that was approved waits for approval again,
    and a published one raises NeedsAnother: such a change is proposed
    (``portal.publishing.review.operations.propose``).
    """
    _lock(record, Status)
    if record.is_published:
        four_eyes.refuse_alone(record, by=by)
    four_eyes.note_contribution(record, by=by)
    is_unseen = record.status == Status.APPROVED and four_eyes.applies_to(by)
    if is_unseen:
        record.status = Status.IN_REVIEW
    _bring_up(record, by=by, at=at, before=before)
    if is_unseen:
        history.append(record, verb=Verb.SUBMITTED, by=by, at=at)


@transaction.atomic
def accept(
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    before: Snapshot,
    correction: dict[str, str],
) -> None:
    """Say that a proposed change was put into a record; another person approved it.

    ``correction`` is what its page tells of it from now on, by language code, {} for
    nothing. For ``portal.publishing.review.operations`` only, which has asked who the
    other person is. Raises Undescribed as :func:`publish` does.
    """
    _lock(record, Status)
    require_alternatives(record)
    if correction:
        told = {"at": at.isoformat(), "texts": correction}
        record.corrections = [told, *record.corrections]
    _bring_up(record, by=by, at=at, before=before)
    if record.is_published:
        four_eyes.forget_contributions(record)


def _bring_up(
    record: Publishable, *, by, at: dt.datetime, before: Snapshot | None
) -> None:
    record.languages = written_languages(record, record.written_fields)
    if record.is_published:
        record.revision += 1
        record.changed_at = at
    _save(record, record.status, by=by, at=at)
    after = snapshot(record, record.parts)
    history.append_changes(record, before=before, after=after, by=by, at=at)
    if record.is_published:
        _tell(record, Action.UPDATED, at)


@transaction.atomic
def withdraw(record: Publishable, *, by, at: dt.datetime, reason: str = "") -> None:
    """Take a published record from the public; its address answers 410 from now on.

    ``reason`` is kept in the history and told to nobody outside.
    """
    _lock(record, _WITHDRAWN_FROM)
    record.withdrawn_at = at
    _save(record, Status.WITHDRAWN, by=by, at=at)
    history.append(record, verb=Verb.WITHDRAWN, by=by, at=at, note=reason)
    catalogue.remove(kind=record.kind, code=record.public_code)
    catalogue.enqueue_refresh([record], at=at)
    _append(record, Action.WITHDRAWN, at)


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
    # Others may insert rows that point to the record meanwhile (no_key).
    locked = models.QuerySet(type(record)).select_for_update(no_key=True)
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


def _tell(record: Publishable, action: Action, at: dt.datetime) -> None:
    """Write the catalogue entry of a published record and what follows from it.

    The change comes last: its position is the last lock of a transaction.
    """
    catalogue.write(record)
    catalogue.enqueue_refresh([record], at=at)
    _append(record, action, at)


def _append(record: Publishable, action: Action, at: dt.datetime) -> None:
    changes.append(
        kind=record.kind,
        code=record.public_code,
        action=action,
        revision=record.revision,
        at=at,
    )
