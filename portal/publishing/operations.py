"""The verbs of publishing. Nothing else changes a record's state or its public face.

Each is one transaction that writes the record, its history, its catalogue entry, the
public change and the jobs that follow from it. ``by`` is the acting user, ``at`` the
clock. While four eyes are asked for (``portal.publishing.review``), nothing becomes
public that one person alone decided. Decisions on a record take the ``version`` that
the person was shown (``portal.publishing.review.versions``) and raise
ReviewedVersionError when the stored content is another one; it is None only for actors
of the portal itself, which read no page.
"""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.catalogue import operations as catalogue
from portal.catalogue.registry import kinds
from portal.changes import operations as changes
from portal.changes.choices import Action
from portal.history import operations as history
from portal.history.choices import Verb
from portal.history.deeds import tell
from portal.history.snapshots import Snapshot, snapshot
from portal.publishing.choices import Status
from portal.publishing.files import require_alternatives
from portal.publishing.models import Publishable
from portal.publishing.review import four_eyes, new_names, versions
from portal.publishing.review.versions import Content, ReviewedVersion
from portal.translations.shown import written_languages

logger = logging.getLogger(__name__)

# From which states each verb may be said.
_SUBMITTED_FROM = (Status.DRAFT,)
RETURNED_FROM = (Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN)
APPROVED_FROM = (Status.IN_REVIEW,)
_PUBLISHED_FROM = (Status.APPROVED,)
WITHDRAWN_FROM = (Status.PUBLISHED,)

# What these verbs write; the words and relations of a record are its editors'.
STATE_FIELDS = (
    "status",
    "revision",
    "published_at",
    "changed_at",
    "withdrawn_at",
    "corrections",
    "approved_version",
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
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    reason: str = "",
) -> None:
    """Give a record in review, an approved or a withdrawn one back to its editor.

    ``reason`` is told to the editor, and kept in the history.
    """
    _lock_reviewed(record, RETURNED_FROM, version, by=by)
    _save(record, Status.DRAFT, by=by, at=at)
    history.append(record, verb=Verb.RETURNED, by=by, at=at, note=reason)


@transaction.atomic
def approve(
    record: Publishable, *, by, at: dt.datetime, version: ReviewedVersion | None
) -> None:
    """Approve a record in review; it is published now unless a later time is set.

    Raises NeedsAnother when ``by`` changed it since it was last published or wrote a
    name that becomes public with it, Undescribed when a picture of it has no
    alternative text.
    """
    content = _lock_reviewed(record, APPROVED_FROM, version, by=by)
    four_eyes.require_another(record, by=by)
    if content:
        new_names.require_other_author(content, by=by, at=at)
    if record.publish_at is None or record.publish_at <= at:
        _publish(record, by=by, at=at, verbs=(Verb.APPROVED, Verb.PUBLISHED))
        return
    require_alternatives(record)
    version = version or versions.version_of(record)
    record.approved_version = version.digest
    _save(record, Status.APPROVED, by=by, at=at)
    history.append(record, verb=Verb.APPROVED, by=by, at=at)


@transaction.atomic
def publish(record: Publishable, *, by, at: dt.datetime) -> None:
    """Make an approved record public: record, catalogue and change together.

    Raises ReviewedVersionError when its content is not the approved version,
    Undescribed when a picture of it has no alternative text.
    """
    locked = versions.lock_related(record)
    _lock(record, _PUBLISHED_FROM, fields=None)
    versions.require_approved_version(record, locked=locked)
    _publish(record, by=by, at=at)


def _publish(
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    verbs: Sequence[Verb] = (Verb.PUBLISHED,),
) -> None:
    """:func:`publish` for a record that is locked and whose version was checked.

    ``verbs`` are written to the audit log, in this order.
    """
    require_alternatives(record)
    record.languages = written_languages(record, record.written_fields)
    record.revision += 1
    record.published_at = record.changed_at = at
    record.withdrawn_at = None
    _save(record, Status.PUBLISHED, by=by, at=at)
    history.append_many([tell(record, verb) for verb in verbs], by=by, at=at)
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
    other person is. A record that was approved for a later time waits for another
    approval: the page of the change did not show all of its content. Raises Undescribed
    as :func:`publish` does.
    """
    _lock(record, Status)
    require_alternatives(record)
    is_unseen = record.status == Status.APPROVED
    if is_unseen:
        record.status = Status.IN_REVIEW
    if correction:
        told = {"at": at.isoformat(), "texts": correction}
        record.corrections = [told, *record.corrections]
    _bring_up(record, by=by, at=at, before=before)
    if is_unseen:
        history.append(record, verb=Verb.SUBMITTED, by=by, at=at)
    if record.is_published:
        four_eyes.forget_contributions(record)


def _bring_up(
    record: Publishable, *, by, at: dt.datetime, before: Snapshot | None
) -> None:
    record.languages = written_languages(record, record.written_fields)
    if record.is_published:
        record.revision += 1
        record.changed_at = at
    if record.status == Status.APPROVED:
        # Only republish by an office of one or by the portal itself gets here.
        record.approved_version = versions.version_of(record).digest
    _save(record, record.status, by=by, at=at)
    after = snapshot(record, record.parts)
    history.append_changes(record, before=before, after=after, by=by, at=at)
    if record.is_published:
        _tell(record, Action.UPDATED, at)
    else:
        # A published record that names this one may show its country.
        catalogue.enqueue_refresh([record], at=at)


@transaction.atomic
def withdraw(
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    reason: str = "",
) -> None:
    """Take a published record from the public; its address answers 410 from now on.

    ``reason`` is kept in the history and told to nobody outside.
    """
    _lock_reviewed(record, WITHDRAWN_FROM, version, by=by)
    record.withdrawn_at = at
    _save(record, Status.WITHDRAWN, by=by, at=at)
    history.append(record, verb=Verb.WITHDRAWN, by=by, at=at, note=reason)
    catalogue.remove(kind=record.kind, code=record.public_code)
    catalogue.enqueue_refresh([record], at=at)
    _append(record, Action.WITHDRAWN, at)


def publish_due(*, by, at: dt.datetime) -> int:
    """Publish every approved record whose set time has come; how many were published.

    A record whose content is not the version that was approved goes back to review, and
    so does at once, whatever its time, one that was approved before versions were
    stored. Each record is a transaction of its own: one that fails is logged, tried
    again the next time, and holds up no other.
    """
    published = 0
    for kind in kinds():
        rows = kind.model.objects
        pending = rows.due(at) | rows.approved_without_version()
        for pk in list(pending.values_list("pk", flat=True)):
            try:
                published += _publish_if_due(kind.model, pk, by=by, at=at)
            except Exception:
                logger.exception("%s %s could not be published", kind.code, pk)
    return published


@transaction.atomic
def _publish_if_due(model, pk: int, *, by, at: dt.datetime) -> bool:
    rows = model.objects
    pending = (rows.due(at) | rows.approved_without_version()).filter(pk=pk)
    record = pending.first()
    if record is None:
        return False
    locked = versions.lock_related(record)
    record = pending.select_for_update(of=("self",)).first()
    if record is None:
        return False
    if not versions.is_approved_version(record, locked=locked):
        _return_to_review(record, by=by, at=at)
        return False
    _publish(record, by=by, at=at)
    return True


def _return_to_review(record: Publishable, *, by, at: dt.datetime) -> None:
    """Ask for another approval of a locked record whose content was not approved."""
    logger.error(
        "%s %s was returned to review: its content is not the approved version",
        record.kind,
        record.public_code,
    )
    _save(record, Status.IN_REVIEW, by=by, at=at)
    history.append(record, verb=Verb.APPROVAL_LAPSED, by=by, at=at)


def hold(record: Publishable) -> None:
    """Lock the row until the transaction ends, and read its state from it.

    For a door that saves a whole record which it read a while ago: without this it
    would write the old state over what a colleague has done since.
    """
    _lock(record, Status)


def _lock_reviewed(
    record: Publishable, allowed, version: ReviewedVersion | None, *, by
) -> Content | None:
    """Lock the row, read all of it, and check that ``by`` was shown what it holds.

    Returns its content; None for an actor of the portal, which decides without one.
    """
    locked = versions.lock_related(record) if version else None
    _lock(record, allowed, fields=None)
    return versions.require_version(record, version, by=by, locked=locked)


def _lock(
    record: Publishable, allowed, *, fields: Sequence[str] | None = STATE_FIELDS
) -> None:
    """Lock the row and read its state from it: two clerks cannot both act on it.

    ``record`` may have been read before a colleague published or withdrew it. With
    ``fields`` None every column is read.
    """
    # Others may insert rows that point to the record meanwhile (no_key).
    locked = models.QuerySet(type(record)).select_for_update(no_key=True)
    record.refresh_from_db(fields=fields, from_queryset=locked)
    if record.status not in allowed:
        raise wrong_state(record)


def wrong_state(record: Publishable) -> WrongState:
    """The error for a record whose status does not allow what is asked for."""
    return WrongState(
        _("“%(record)s” is %(state)s; this cannot be done to it now.")
        % {"record": record.public_code, "state": Status(record.status).label}
    )


def _save(record: Publishable, status: Status, *, by, at: dt.datetime) -> None:
    record.status = status
    if status != Status.APPROVED:
        record.approved_version = ""
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
