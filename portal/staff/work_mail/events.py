"""Audit entries about which people get mail at once, and who gets it.

The changes that an import proposes are one event: that of the import. Their approval is
none; the page of the import shows it.
"""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse

from portal.content.publishing import two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.models import ImportBatch, Proposal, Publishable
from portal.content.publishing.record_labels import load_record_labels
from portal.content.publishing.review_choices import ProposalState
from portal.content.review.proposal_differences import (
    has_model_permission,
    is_visible_kind,
)
from portal.core.accounts.choices import MailFrequency
from portal.core.accounts.models import User
from portal.core.audit.choices import AuditAction
from portal.core.audit.display_names import find_model
from portal.core.audit.models import Deed
from portal.reference.directory.models import NameChange
from portal.reference.directory.renaming.dashboard import REVIEW

_SUBMISSIONS = (
    AuditAction.SUBMITTED,
    AuditAction.PROPOSED,
    AuditAction.IMPORTED,
    AuditAction.APPROVAL_LAPSED,
)
_PUBLICATIONS = (AuditAction.PUBLISHED, AuditAction.ACCEPTED)
EVENT_ACTIONS = (*_SUBMISSIONS, *_PUBLICATIONS, AuditAction.RETURNED)
# Actions by which people contribute to what is published next.
_CONTRIBUTIONS = (
    AuditAction.CREATED,
    AuditAction.CHANGED,
    AuditAction.DELETED,
    AuditAction.PROPOSED,
    AuditAction.SUBMITTED,
)


@dataclass(frozen=True)
class WorkEvent:
    """An audit entry with its record and, if one waits, the change of the record.

    ``change`` is a proposal or a change of a name that is open, None if there is none.
    """

    entry: Deed
    record: models.Model
    change: models.Model | None

    @property
    def is_submission(self) -> bool:
        """Return whether something was submitted for review, or returned to review."""
        return self.entry.verb in _SUBMISSIONS

    @property
    def is_return(self) -> bool:
        """Return whether something was returned to its authors."""
        return self.entry.verb == AuditAction.RETURNED

    def get_record_label(self) -> str:
        """Return the code and title of the record in the active language."""
        if isinstance(self.record, Publishable):
            key = (type(self.record), self.record.pk)
            return load_record_labels({key[0]: [key[1]]})[key]
        return str(self.record)

    def get_path(self) -> str:
        """Return the path of the admin page where the recipients continue."""
        if isinstance(self.record, ImportBatch):
            return reverse("admin:publishing_proposal_import", args=[self.record.pk])
        is_proposal = self.entry.verb == AuditAction.PROPOSED
        row = self.change if is_proposal and self.change else self.record
        opts = row._meta
        page = "review" if self.is_submission and not self.change else "change"
        return reverse(
            f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[row.pk]
        )


def load_event(position: int) -> WorkEvent | None:
    """Return the event of an audit entry, None if it is no longer of interest.

    That is the case if the record was deleted, if what was submitted or returned does
    not wait any more, or if what was published has been withdrawn.
    """
    entry = Deed.objects.select_related("by").filter(position=position).first()
    model = find_model(entry.record_model) if entry else None
    if model is None or not entry.record_row.isdecimal():
        return None
    record = models.QuerySet(model).filter(pk=entry.record_row).first()
    if record is None:
        return None
    event = WorkEvent(entry, record, _find_change(record, ProposalState.WAITING))
    return event if _is_current(event) else None


def find_recipients(event: WorkEvent) -> list[User]:
    """Return the users who chose mail at once and whom the event concerns.

    Submissions concern those who may approve them, other events those who contributed
    to the record since it was last published. An action concerns only other people than
    the one who took it. All of them may view the record.
    """
    users = User.objects.mail_recipients(MailFrequency.AT_ONCE)
    return _filter_concerned(event, users.order_by("pk"))


def find_recipient(event: WorkEvent, pk: int) -> User | None:
    """Return the user ``pk`` if the event still concerns them, otherwise None.

    Their permissions, their choice and the event may have changed since
    :func:`find_recipients`.
    """
    users = User.objects.mail_recipients(MailFrequency.AT_ONCE)
    return next(iter(_filter_concerned(event, users.filter(pk=pk))), None)


def _filter_concerned(event: WorkEvent, users: models.QuerySet[User]) -> list[User]:
    users = users.exclude(pk=event.entry.by_id)
    if event.is_submission:
        return [user for user in users if _may_approve(event, user)]
    authors = users.filter(pk__in=_find_author_ids(event.entry))
    return [user for user in authors if is_visible_kind(user, type(event.record))]


def _is_current(event: WorkEvent) -> bool:
    status = getattr(event.record, "status", "")
    verb = event.entry.verb
    if verb in (AuditAction.PROPOSED, AuditAction.IMPORTED):
        return event.change is not None
    if verb == AuditAction.ACCEPTED:
        accepted = _find_change(event.record, ProposalState.ACCEPTED)
        if getattr(accepted, "import_batch_id", None):
            return False
    if event.is_submission:
        return status == Status.IN_REVIEW
    if event.is_return:
        returned = _find_change(event.record, ProposalState.RETURNED)
        return status == Status.DRAFT or returned is not None
    # Names are public without a status.
    return not isinstance(event.record, Publishable) or status == Status.PUBLISHED


def _find_change(record: models.Model, state: ProposalState) -> models.Model | None:
    """Return the latest change of a record or name that has ``state``, or None.

    For an import, it is one of the changes that it proposed.
    """
    if isinstance(record, ImportBatch):
        changes = record.proposals
    elif isinstance(record, Publishable):
        changes = Proposal.objects.for_record(record)
    else:
        changes = NameChange.objects.of_row(record)
    return changes.filter(state=state).first()


def _may_approve(event: WorkEvent, user: User) -> bool:
    record = event.record
    if isinstance(record, ImportBatch):
        model = event.change.content_type.model_class()
        return has_model_permission(user, "review", model)
    needs_other_person = two_person_approval.requires_second_person(user)
    if isinstance(record, Publishable):
        if not has_model_permission(user, "review", type(record)):
            return False
        change = event.change
        is_author = isinstance(change, Proposal) and change.proposed_by_id == user.pk
        return not (
            needs_other_person
            and (is_author or two_person_approval.has_contributed(record, user))
        )
    if not isinstance(event.change, NameChange) or not user.has_perm(REVIEW):
        return False
    contributors = event.change.contributors.filter(pk=user.pk)
    return not (needs_other_person and contributors.exists())


def _find_author_ids(entry: Deed) -> set[int]:
    """Return the users who contributed to the record of ``entry`` before it.

    Contributions from before the last publication do not count. They are read from the
    audit log, because the registered contributions are deleted by a publication.
    """
    entries = Deed.objects.filter(
        record_model=entry.record_model,
        record_row=entry.record_row,
        position__lt=entry.position,
    )
    last_publication = (
        entries.filter(verb__in=_PUBLICATIONS, at__lt=entry.at)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
    )
    if last_publication:
        entries = entries.filter(position__gt=last_publication)
    contributions = entries.filter(verb__in=_CONTRIBUTIONS).order_by()
    return set(contributions.values_list("by", flat=True).distinct())
