"""Audit entries about which people get mail at once, and who gets it."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse

from portal.content.publishing import two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal, Publishable
from portal.content.publishing.record_labels import load_record_labels
from portal.content.publishing.review_choices import ProposalState
from portal.content.review.proposal_differences import has_model_permission
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
        is_proposal = self.entry.verb == AuditAction.PROPOSED
        row = self.change if is_proposal and self.change else self.record
        opts = row._meta
        page = "review" if self.is_submission and not self.change else "change"
        return reverse(
            f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[row.pk]
        )


def load_event(position: int) -> WorkEvent | None:
    """Return the event of an audit entry, None if it is no longer of interest.

    That is the case if the record was deleted, or if what was submitted does not wait
    any more.
    """
    entry = Deed.objects.select_related("by").filter(position=position).first()
    model = find_model(entry.record_model) if entry else None
    if model is None or not entry.record_row.isdecimal():
        return None
    record = models.QuerySet(model).filter(pk=entry.record_row).first()
    if record is None:
        return None
    event = WorkEvent(entry, record, _find_waiting_change(record))
    if entry.verb == AuditAction.PROPOSED:
        return event if event.change else None
    is_in_review = getattr(record, "status", "") == Status.IN_REVIEW
    return event if is_in_review or not event.is_submission else None


def find_recipients(event: WorkEvent) -> list[User]:
    """Return the users who chose mail at once and whom the event concerns.

    Submissions concern those who may approve them, other events those who contributed
    to the record since it was last published. No one gets mail about their own action.
    """
    users = User.objects.mail_recipients(MailFrequency.AT_ONCE)
    users = users.exclude(pk=event.entry.by_id).order_by("pk")
    if event.is_submission:
        return [user for user in users if _may_approve(event, user)]
    authors = users.filter(pk__in=_find_author_ids(event.entry))
    return [
        user
        for user in authors
        if has_model_permission(user, "view", type(event.record))
    ]


def _find_waiting_change(record: models.Model) -> models.Model | None:
    if isinstance(record, Publishable):
        proposals = Proposal.objects.for_record(record)
        return proposals.filter(state=ProposalState.WAITING).first()
    return NameChange.objects.of_row(record).filter(state=ProposalState.WAITING).first()


def _may_approve(event: WorkEvent, user: User) -> bool:
    record = event.record
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
