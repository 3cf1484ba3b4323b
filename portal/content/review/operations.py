"""State transitions of proposed changes: propose, accept, return, discard.

Until a proposal is accepted, the public sees the old version of the record. Decisions
take the reviewed ``version`` of the proposal and its record, as the decisions of
``portal.content.publishing.operations`` do for records.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing import new_names, reviewed_versions, two_person_approval
from portal.content.publishing import operations as publishing
from portal.content.publishing.models import ImportBatch, Proposal, Publishable
from portal.content.publishing.operations import InvalidTransition
from portal.content.publishing.review_choices import OPEN_STATES, ProposalState
from portal.content.publishing.review_comments import (
    ReviewComment,
    format_comments,
    serialize_comments,
)
from portal.content.publishing.reviewed_versions import Content, ReviewedVersion
from portal.content.review.proposal_references import (
    lock_and_find_picture_authors,
    lock_pictures,
    pictures_in,
)
from portal.content.review.snapshot_apply import (
    ConstraintViolationError,
    apply_snapshot_checked,
    assign_temporary_keys,
    describe_violation,
)
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction
from portal.core.audit.diff import RowChange, diff_snapshots
from portal.core.audit.entries import (
    PendingAuditEntry,
    build_pending_entry,
    build_pending_entry_for_change,
)
from portal.core.audit.snapshots import Snapshot, is_same_state, take_snapshot


class OutdatedProposalError(ValueError):
    """Raised when a proposal cannot be applied because the record or other rows
    changed."""


@dataclass(frozen=True)
class ProposedChange:
    """Change of a published record: its snapshots without and with the change."""

    record: Publishable
    base: Snapshot
    proposed: Snapshot


def get_open_proposal(record: Publishable) -> Proposal | None:
    """Return the open proposal for ``record``, or None."""
    return Proposal.objects.for_record(record).open().first()


@transaction.atomic
def propose(
    record: Publishable,
    *,
    base: Snapshot,
    proposed: Snapshot,
    public_note: dict[str, str],
    by,
    at: dt.datetime,
) -> Proposal | None:
    """Create or update the open proposal of a published record.

    ``base`` is the snapshot of the record without the change, ``proposed`` the one with
    it. ``public_note`` is the note on the correction for the record's page, by language
    code. A record has at most one open proposal: proposing again updates it. Its author
    stays the same, ``by`` becomes a contributor, and the audit entries contain only the
    differences to the previous proposal.

    Returns None if there is nothing to change; an open proposal is then discarded. A
    caller that has locked the record must have locked the newly added pictures before
    it. Raises InvalidTransition if the record is not published.
    """
    proposal, entries = _save_proposal(
        ProposedChange(record, base, proposed), public_note, by=by, at=at
    )
    audit.append_entries(entries, by=by, at=at)
    return proposal


@transaction.atomic
def propose_import(
    batch: ImportBatch, *, changes: Iterable[ProposedChange], by, at: dt.datetime
) -> tuple[list[Proposal], list[PendingAuditEntry]]:
    """Create the proposals of an import, one for each record.

    The records must be published, locked and without an open proposal. Those that would
    not change are left out. Returns the proposals and their audit entries, to be
    appended at the end of the transaction: from then on it locks the audit log for all
    others.
    """
    proposals, entries = [], []
    for change in changes:
        proposal, new_entries = _save_proposal(
            change, {}, by=by, at=at, import_batch=batch
        )
        if proposal:
            proposals.append(proposal)
        entries += new_entries
    return proposals, entries


def _save_proposal(
    change: ProposedChange,
    public_note: dict[str, str],
    *,
    by,
    at: dt.datetime,
    import_batch: ImportBatch | None = None,
) -> tuple[Proposal | None, list[PendingAuditEntry]]:
    """Save a proposal as :func:`propose`; return it with its audit entries, unsaved.

    The entries name the import.
    """
    record, base, proposed = change.record, change.base, change.proposed
    _lock_new_pictures(record, base, proposed)
    _lock_published(record)
    open_proposal = (
        Proposal.objects.for_record(record).open().select_for_update().first()
    )
    previous_snapshot = (
        Snapshot.from_json(open_proposal.wanted) if open_proposal else base
    )
    proposed = assign_temporary_keys(proposed, base, previous_snapshot)
    if not diff_snapshots(type(record), base, proposed, record.pk) and not public_note:
        if not open_proposal:
            return None, []
        return None, [_close(open_proposal, record, by=by, at=at, reason="")]
    changes = diff_snapshots(type(record), previous_snapshot, proposed, record.pk)
    if (
        open_proposal
        and not changes
        and _is_unchanged(open_proposal, base, public_note)
    ):
        return open_proposal, []
    proposal = open_proposal or Proposal(
        record=record, proposed_by=by, import_batch=import_batch
    )
    proposal.state = ProposalState.WAITING
    proposal.base, proposal.wanted = base.as_json(), proposed.as_json()
    proposal.public_note, proposal.proposed_at = public_note, at
    proposal.save()
    for contributor in (by, *lock_and_find_picture_authors(record, proposed)):
        two_person_approval.add_contribution(record, by=contributor)
    return proposal, _build_entries(record, changes, reason=str(import_batch or ""))


def _lock_new_pictures(record: Publishable, base: Snapshot, proposed: Snapshot) -> None:
    """Lock the pictures that neither the record nor its open proposal refers to yet.

    The texts of the other pictures cannot be edited while these refer to them.
    """
    model, open_proposal = type(record), get_open_proposal(record)
    known_pictures = pictures_in(model, base)
    if open_proposal:
        known_pictures |= pictures_in(model, Snapshot.from_json(open_proposal.wanted))
    if new_pictures := pictures_in(model, proposed) - known_pictures:
        lock_pictures(new_pictures)


def _build_entries(
    record: Publishable, changes: list[RowChange], *, reason: str
) -> list[PendingAuditEntry]:
    """Build an audit entry for each changed row, or one for the record if only the note
    changed."""
    entries = [
        build_pending_entry_for_change(
            record, change, AuditAction.PROPOSED, reason=reason
        )
        for change in changes
    ]
    return entries or [build_pending_entry(record, AuditAction.PROPOSED, reason=reason)]


def _lock_published(record: Publishable) -> None:
    """Lock the record; raise InvalidTransition if it is not published."""
    publishing.lock(record)
    if not record.is_published:
        raise InvalidTransition(
            _("“%(record)s” is not published. Edit it in its form.")
            % {"record": record.public_code}
        )


def _is_unchanged(
    proposal: Proposal, base: Snapshot, public_note: dict[str, str]
) -> bool:
    """Return whether a proposal waits for review with the same base and public note."""
    return (
        proposal.state == ProposalState.WAITING
        and proposal.base == base.as_json()
        and proposal.public_note == public_note
    )


@transaction.atomic
def accept_proposal(
    proposal: Proposal, *, by, at: dt.datetime, version: ReviewedVersion | None
) -> None:
    """Apply the proposal to its record and publish the result.

    Raises InvalidTransition if the proposal is not waiting, SelfApprovalForbidden if
    ``by`` contributed to it or wrote a topic, place or party that becomes public with
    it, OutdatedProposalError if the record was changed since, a related row was deleted
    or a constraint is violated, and ReviewedVersionError if the stored content is not
    ``version``.
    """
    record, content = _lock_reviewed(proposal, (ProposalState.WAITING,), version, by=by)
    two_person_approval.forbid_self_approval(record, by=by)
    if content:
        new_names.require_other_author(content, by=by, at=at)
    proposed = Snapshot.from_json(proposal.wanted)
    before = take_snapshot(record, record.child_relations)
    if not is_same_state(proposal.base, before):
        raise OutdatedProposalError(
            _(
                "“%(record)s” was changed after this change was proposed. "
                "Open its form and save the change again."
            )
            % {"record": record.public_code}
        )
    try:
        apply_snapshot_checked(record, proposed)
    except ConstraintViolationError as error:
        raise OutdatedProposalError(describe_violation(record, error)) from error
    except IntegrityError as error:
        raise OutdatedProposalError(
            _(
                "This change to “%(record)s” refers to something that no "
                "longer exists. Open its form, correct it and save again."
            )
            % {"record": record.public_code}
        ) from error
    record = type(record).objects.get(pk=record.pk)
    audit.append_entry(record, action=AuditAction.ACCEPTED, by=by, at=at)
    _decide(proposal, ProposalState.ACCEPTED, by=by, at=at)
    publishing.apply_accepted_proposal(
        record, by=by, at=at, before=before, correction=proposal.public_note
    )


@transaction.atomic
def return_proposal(
    proposal: Proposal,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    reason: str,
    comments: Sequence[ReviewComment] = (),
) -> None:
    """Return a waiting proposal to its author, who can read the reason and comments.

    ``comments`` are those on single fields. The audit log stores both as the reason.
    """
    record, _content = _lock_reviewed(
        proposal, (ProposalState.WAITING,), version, by=by
    )
    proposal.review_comments = serialize_comments("", comments)
    _decide(proposal, ProposalState.RETURNED, by=by, at=at, reason=reason)
    full_reason = format_comments(type(record), reason, comments)
    audit.append_entry(
        record, action=AuditAction.RETURNED, by=by, at=at, reason=full_reason
    )


@transaction.atomic
def discard_proposal(
    proposal: Proposal,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    reason: str,
) -> None:
    """Discard an open proposal; the record is not changed."""
    record, _content = _lock_reviewed(proposal, OPEN_STATES, version, by=by)
    entry = _close(proposal, record, by=by, at=at, reason=reason)
    audit.append_entries([entry], by=by, at=at)


@transaction.atomic
def revoke_proposals(
    proposals: Iterable[Proposal], *, by, at: dt.datetime, reason: str
) -> list[PendingAuditEntry]:
    """Discard open proposals because the import that made them is undone.

    The records must be locked. No reviewed version is needed: the content of the
    proposals is that of the import. Returns the audit entries, to be appended at the
    end of the transaction as for :func:`propose_import`. Raises InvalidTransition if a
    proposal is not open.
    """
    entries = []
    for proposal in proposals:
        _lock_proposal(proposal, OPEN_STATES)
        entries.append(_close(proposal, proposal.record, by=by, at=at, reason=reason))
    return entries


def _close(
    proposal: Proposal, record: Publishable, *, by, at: dt.datetime, reason: str
) -> PendingAuditEntry:
    """Discard the locked proposal; return the audit entry, unsaved."""
    _decide(proposal, ProposalState.DISCARDED, by=by, at=at, reason=reason)
    if record.is_published:
        two_person_approval.clear_contributions(record)
    return build_pending_entry(record, AuditAction.DISCARDED, reason=reason)


def _lock_reviewed(
    proposal: Proposal,
    allowed: Sequence[ProposalState],
    version: ReviewedVersion | None,
    *,
    by,
) -> tuple[Publishable, Content | None]:
    """Lock the proposal and its record and check the reviewed version.

    Returns the record and the content of the proposal; the content is None for a system
    actor, which decides without a version. Raises InvalidTransition if the state of the
    proposal is not in ``allowed``.
    """
    record = proposal.content_type.get_object_for_this_type(pk=proposal.object_id)
    locked_rows = reviewed_versions.lock_related(record, proposal) if version else None
    publishing.lock(record)
    _lock_proposal(proposal, allowed)
    content = reviewed_versions.require_version(
        record, version, by=by, locked=locked_rows, proposal=proposal
    )
    return record, content


def _lock_proposal(proposal: Proposal, allowed: Sequence[ProposalState]) -> None:
    """Lock and reload the proposal; raise InvalidTransition for another state."""
    locking_query = models.QuerySet(Proposal).select_for_update(of=("self",))
    proposal.refresh_from_db(from_queryset=locking_query)
    if proposal.state not in allowed:
        raise InvalidTransition(
            _("The status of this change to “%(record)s” is already “%(state)s”.")
            % {
                "record": proposal.record.public_code,
                "state": ProposalState(proposal.state).label,
            }
        )


def _decide(
    proposal: Proposal, state: ProposalState, *, by, at: dt.datetime, reason: str = ""
) -> None:
    proposal.state, proposal.reason = state, reason
    proposal.decided_by, proposal.decided_at = by, at
    proposal.save()
