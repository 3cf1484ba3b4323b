"""Status transitions of publishable records.

This module is the only code that changes a record's status or publication data. Each
operation is one transaction that writes the record, audit entries, catalogue entry,
public change and jobs. ``by`` is the acting user and ``at`` the current time. While
two-person approval is on (``portal.content.review``), no content becomes public by the
decision of one user alone.

Decisions on a record take the reviewed ``version``
(``portal.content.publishing.reviewed_versions``) and raise ReviewedVersionError if the
stored content differs from it. Only system actors may pass None, because they read no
page.
"""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.registry import all_kinds
from portal.content.changes import operations as changes
from portal.content.changes.choices import ChangeAction
from portal.content.publishing import new_names, reviewed_versions, two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.internal_fields import is_internal_change
from portal.content.publishing.models import Publishable
from portal.content.publishing.public_files import require_alt_texts
from portal.content.publishing.review_comments import (
    ReviewComment,
    format_comments,
    serialize_comments,
)
from portal.content.publishing.reviewed_versions import Content, ReviewedVersion
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction
from portal.core.audit.entries import build_pending_entry
from portal.core.audit.snapshots import Snapshot, take_snapshot
from portal.core.translations.localized_text import written_languages

logger = logging.getLogger(__name__)

# Statuses from which each transition is allowed.
SUBMITTED_FROM = (Status.DRAFT, Status.WITHDRAWN)
RETURNED_FROM = (Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN)
APPROVED_FROM = (Status.IN_REVIEW,)
PUBLISHED_FROM = (Status.APPROVED,)
WITHDRAWN_FROM = (Status.PUBLISHED,)
PUBLISHED_AGAIN_FROM = (Status.WITHDRAWN,)

# Fields that these operations write; texts and relations are written by editors.
STATUS_FIELDS = (
    "status",
    "revision",
    "published_at",
    "changed_at",
    "withdrawn_at",
    "corrections",
    "approved_version",
    "review_comments",
)
_OPERATION_FIELDS = (
    *STATUS_FIELDS,
    "languages",
    "created_by",
    "created_at",
    "updated_by",
    "updated_at",
)


class InvalidTransition(ValueError):
    """Raised when a transition is not allowed from the record's current status."""


class EditedSinceWithdrawal(ValueError):
    """Raised when a withdrawn record needs a review before it is published again."""


@transaction.atomic
def submit(record: Publishable, *, by, at: dt.datetime) -> None:
    """Submit a draft or a withdrawn record for review."""
    _lock_in_status(record, SUBMITTED_FROM)
    _save(record, Status.IN_REVIEW, by=by, at=at)
    audit.append_entry(record, action=AuditAction.SUBMITTED, by=by, at=at)


@transaction.atomic
def return_to_draft(
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    reason: str = "",
    comments: Sequence[ReviewComment] = (),
) -> None:
    """Return a record in review, an approved or a withdrawn record to its editor as a
    draft.

    ``reason`` and ``comments`` on single fields are displayed to the editor; they
    replace those of an earlier return. The audit log stores both as the reason.
    """
    _lock_reviewed(record, RETURNED_FROM, version, by=by)
    record.review_comments = serialize_comments(reason, comments)
    _save(record, Status.DRAFT, by=by, at=at)
    full_reason = format_comments(type(record), reason, comments)
    audit.append_entry(
        record, action=AuditAction.RETURNED, by=by, at=at, reason=full_reason
    )


@transaction.atomic
def approve(
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    publish_at: dt.datetime | None = None,
) -> None:
    """Approve a record in review; publish it now unless a later time is set.

    ``publish_at`` replaces the time that is set in the record; None keeps it.

    Raises SelfApprovalForbidden if ``by`` contributed to it since its last publication
    or wrote a topic, place or party that becomes public with it, and MissingAltText if
    one of its pictures has no alternative text.
    """
    content = _lock_reviewed(record, APPROVED_FROM, version, by=by)
    two_person_approval.forbid_self_approval(record, by=by)
    if content:
        new_names.require_other_author(content, by=by, at=at)
    if publish_at is not None and publish_at != record.publish_at:
        _set_publishing_time(record, publish_at, by=by, at=at)
    if record.publish_at is None or record.publish_at <= at:
        _publish(
            record, by=by, at=at, actions=(AuditAction.APPROVED, AuditAction.PUBLISHED)
        )
        return
    require_alt_texts(record)
    record.approved_version = reviewed_versions.version_of(record).digest
    record.review_comments = []
    _save(record, Status.APPROVED, by=by, at=at)
    audit.append_entry(record, action=AuditAction.APPROVED, by=by, at=at)


def _set_publishing_time(
    record: Publishable, publish_at: dt.datetime, *, by, at: dt.datetime
) -> None:
    """Save the time at which a locked record is to be published.

    It is part of the decision of the reviewer and no contribution to the content.
    """
    before = take_snapshot(record)
    record.publish_at = publish_at
    record.save(update_fields=["publish_at"])
    after = take_snapshot(record)
    audit.append_snapshot_diff(record, before=before, after=after, by=by, at=at)


@transaction.atomic
def publish_again(
    record: Publishable, *, by, at: dt.datetime, version: ReviewedVersion | None
) -> None:
    """Publish a withdrawn record that was not edited since its last publication.

    Two people have approved that content before. Raises EditedSinceWithdrawal for a
    record that was edited: it has to be submitted for review. Raises
    SelfApprovalForbidden and MissingAltText as :func:`approve` does.
    """
    content = _lock_reviewed(record, PUBLISHED_AGAIN_FROM, version, by=by)
    if two_person_approval.has_contributions(record):
        raise build_edited_since_withdrawal(record)
    two_person_approval.forbid_self_approval(record, by=by)
    if content:
        new_names.require_other_author(content, by=by, at=at)
    _publish(record, by=by, at=at)


def build_edited_since_withdrawal(record: Publishable) -> EditedSinceWithdrawal:
    """Build the error for a withdrawn record that was edited since its publication."""
    return EditedSinceWithdrawal(
        _(
            "“%(record)s” was edited after it was withdrawn. Submit it for review to "
            "publish it again."
        )
        % {"record": record.public_code}
    )


@transaction.atomic
def publish(
    record: Publishable, *, by, at: dt.datetime, version: ReviewedVersion | None
) -> None:
    """Publish an approved record, even before its set time.

    The set time is part of what was approved: raises SelfApprovalForbidden if ``by``
    contributed to the record. Raises ReviewedVersionError if its content is not the
    approved version, and MissingAltText if one of its pictures has no alternative text.
    """
    locked = reviewed_versions.lock_related(record)
    _lock_in_status(record, PUBLISHED_FROM, fields=None)
    reviewed_versions.require_version(record, version, by=by, locked=locked)
    reviewed_versions.require_approved_version(record, locked=locked)
    two_person_approval.forbid_self_approval(record, by=by)
    _publish(record, by=by, at=at)


def _publish(
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    actions: Sequence[AuditAction] = (AuditAction.PUBLISHED,),
) -> None:
    """Publish a record that is locked and whose version was checked.

    ``actions`` are the audit actions to write, in this order.
    """
    require_alt_texts(record)
    record.languages = written_languages(record, record.text_fields)
    record.revision += 1
    record.published_at = record.changed_at = at
    record.withdrawn_at = None
    record.review_comments = []
    _save(record, Status.PUBLISHED, by=by, at=at)
    audit.append_entries(
        [build_pending_entry(record, action) for action in actions], by=by, at=at
    )
    two_person_approval.clear_contributions(record)
    _publish_changes(record, ChangeAction.PUBLISHED, at)


@transaction.atomic
def register_edit(
    record: Publishable, *, by, at: dt.datetime, before: Snapshot | None
) -> None:
    """Register that a record, its inlines or its relations were edited.

    Call it after saving, in the same transaction. Writes the audit entries (difference
    to the snapshot ``before``, None for a new record) and, for a published record, the
    catalogue entry, the change and the jobs. While two-person approval applies to
    ``by``, an approved record returns to review, and a published one raises
    SelfApprovalForbidden: such an edit must be proposed
    (``portal.content.review.operations.propose``). A change of internal fields only is
    neither a public change nor in need of approval.
    """
    _lock_in_status(record, Status)
    if record.is_published and _is_internal_edit(record, before):
        _save(record, record.status, by=by, at=at)
        _append_edit_entries(record, by=by, at=at, before=before)
        return
    if record.is_published:
        two_person_approval.forbid_direct_edit(record, by=by)
    two_person_approval.add_contribution(record, by=by)
    needs_new_approval = (
        record.status == Status.APPROVED
        and two_person_approval.requires_second_person(by)
    )
    if needs_new_approval:
        record.status = Status.IN_REVIEW
    _save_edit(record, by=by, at=at, before=before)
    if needs_new_approval:
        audit.append_entry(record, action=AuditAction.SUBMITTED, by=by, at=at)


@transaction.atomic
def apply_accepted_proposal(
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    before: Snapshot,
    correction: dict[str, str],
) -> None:
    """Register that an accepted proposal was applied to a record.

    Only for ``portal.content.review.operations``, which checks who may accept.
    ``correction`` is the note on the correction for the record's page, by language
    code, {} for none. An approved record that waits for its time returns to review,
    because the page of the proposal did not display all of its content. Raises
    MissingAltText as :func:`publish` does.
    """
    _lock_in_status(record, Status)
    require_alt_texts(record)
    is_unseen = record.status == Status.APPROVED
    if is_unseen:
        record.status = Status.IN_REVIEW
    if correction:
        note = {"at": at.isoformat(), "texts": correction}
        record.corrections = [note, *record.corrections]
    _save_edit(record, by=by, at=at, before=before)
    if is_unseen:
        audit.append_entry(record, action=AuditAction.SUBMITTED, by=by, at=at)
    if record.is_published:
        two_person_approval.clear_contributions(record)


def _save_edit(
    record: Publishable, *, by, at: dt.datetime, before: Snapshot | None
) -> None:
    """Save an edited record and write its audit entries, catalogue entry and change."""
    if record.is_published:
        # ``languages`` is updated with the catalogue entry.
        record.revision += 1
        record.changed_at = at
    else:
        record.languages = written_languages(record, record.text_fields)
    if record.status == Status.APPROVED:
        # Reached only by edits that need no second user: two-person approval is off, or
        # a system actor edits.
        record.approved_version = reviewed_versions.version_of(record).digest
    _save(record, record.status, by=by, at=at)
    _append_edit_entries(record, by=by, at=at, before=before)
    if record.is_published:
        _publish_changes(record, ChangeAction.UPDATED, at)
    else:
        # Published records that refer to this one may display its country.
        catalogue.enqueue_refresh([record], at=at)


def _is_internal_edit(record: Publishable, before: Snapshot | None) -> bool:
    after = take_snapshot(record, record.child_relations)
    return is_internal_change(type(record), before, after)


def _append_edit_entries(
    record: Publishable, *, by, at: dt.datetime, before: Snapshot | None
) -> None:
    after = take_snapshot(record, record.child_relations)
    audit.append_snapshot_diff(record, before=before, after=after, by=by, at=at)


@transaction.atomic
def withdraw(
    record: Publishable,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    reason: str = "",
) -> None:
    """Withdraw a published record; its address answers 410 from now on.

    ``reason`` is stored in the audit log and not public.
    """
    _lock_reviewed(record, WITHDRAWN_FROM, version, by=by)
    record.withdrawn_at = at
    _save(record, Status.WITHDRAWN, by=by, at=at)
    audit.append_entry(
        record, action=AuditAction.WITHDRAWN, by=by, at=at, reason=reason
    )
    catalogue.remove_entry(kind=record.kind, code=record.public_code)
    catalogue.enqueue_refresh([record], at=at)
    _append_change(record, ChangeAction.WITHDRAWN, at)


def publish_due(*, by, at: dt.datetime) -> int:
    """Publish every approved record whose set time has come; return their number.

    A record whose content is not the approved version returns to review. So does a
    record that was approved before versions were stored, regardless of its time. Each
    record has its own transaction: a failure is logged and retried at the next call,
    and other records are not affected.
    """
    published = 0
    for kind in all_kinds():
        rows = kind.model.objects
        pending = rows.due_for_publication(at) | rows.approved_without_version()
        for pk in list(pending.values_list("pk", flat=True)):
            try:
                published += _publish_if_due(kind.model, pk, by=by, at=at)
            except Exception:
                logger.exception("%s %s could not be published", kind.code, pk)
    return published


@transaction.atomic
def _publish_if_due(model, pk: int, *, by, at: dt.datetime) -> bool:
    """Lock one record and publish it if it is still due; return whether it was
    published.

    If its content is not the approved version, the record returns to review instead.
    """
    rows = model.objects
    pending = (rows.due_for_publication(at) | rows.approved_without_version()).filter(
        pk=pk
    )
    record = pending.first()
    if record is None:
        return False
    locked = reviewed_versions.lock_related(record)
    record = pending.select_for_update(of=("self",)).first()
    if record is None:
        return False
    if not reviewed_versions.is_approved_version(record, locked=locked):
        _return_to_review(record, by=by, at=at)
        return False
    _publish(record, by=by, at=at)
    return True


def _return_to_review(record: Publishable, *, by, at: dt.datetime) -> None:
    """Return a locked record to review because its content is not the approved
    version."""
    logger.error(
        "%s %s was returned to review: its content is not the approved version",
        record.kind,
        record.public_code,
    )
    _save(record, Status.IN_REVIEW, by=by, at=at)
    audit.append_entry(record, action=AuditAction.APPROVAL_LAPSED, by=by, at=at)


def lock(record: Publishable) -> None:
    """Lock the row until the transaction ends and reload its status fields.

    Call it before saving an instance that was loaded earlier, so that an outdated
    status does not overwrite a colleague's transition.
    """
    _lock_in_status(record, Status)


def _lock_reviewed(
    record: Publishable, allowed, version: ReviewedVersion | None, *, by
) -> Content | None:
    """Lock the row, reload all columns and check the reviewed version.

    Returns the content; None for a system actor, which decides without a version.
    """
    locked = reviewed_versions.lock_related(record) if version else None
    _lock_in_status(record, allowed, fields=None)
    return reviewed_versions.require_version(record, version, by=by, locked=locked)


def _lock_in_status(
    record: Publishable, allowed, *, fields: Sequence[str] | None = STATUS_FIELDS
) -> None:
    """Lock the row, reload its status fields and check that the status is in
    ``allowed``.

    The lock prevents two users from changing the status at the same time; the instance
    may be older than a colleague's transition. With ``fields`` None all columns are
    reloaded. Raises InvalidTransition.
    """
    # no_key: other transactions may insert rows that refer to the record.
    locked = models.QuerySet(type(record)).select_for_update(no_key=True)
    record.refresh_from_db(fields=fields, from_queryset=locked)
    if record.status not in allowed:
        raise build_invalid_transition(record)


def build_invalid_transition(record: Publishable) -> InvalidTransition:
    """Build the error for a record whose status does not allow the requested
    transition."""
    return InvalidTransition(
        _("You cannot do this because the status of “%(record)s” is “%(state)s”.")
        % {"record": record.public_code, "state": Status(record.status).label}
    )


def _save(record: Publishable, status: Status, *, by, at: dt.datetime) -> None:
    """Save the status, the fields of these operations and the user and time of the
    change."""
    record.status = status
    if status != Status.APPROVED:
        record.approved_version = ""
    _set_author(record, by=by, at=at)
    record.save(update_fields=_OPERATION_FIELDS)


def _set_author(record: Publishable, *, by, at: dt.datetime) -> None:
    record.updated_by, record.updated_at = by, at
    if record.created_at is None:
        record.created_by, record.created_at = by, at


def _publish_changes(
    record: Publishable, action: ChangeAction, at: dt.datetime
) -> None:
    """Write the catalogue entry of a published record, its public change and the jobs.

    The change is written last, because its sequence is the last lock in the lock order.
    """
    catalogue.update_entry(record)
    catalogue.enqueue_refresh([record], at=at)
    _append_change(record, action, at)


def _append_change(record: Publishable, action: ChangeAction, at: dt.datetime) -> None:
    """Append a change of ``record`` to the public change sequence."""
    changes.append_change(
        kind=record.kind,
        code=record.public_code,
        action=action,
        revision=record.revision,
        at=at,
    )
