"""Status bar of a record in the staff admin: what its status is and what comes next."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.content.form_fields.local_time import (
    format_local_time,
    get_record_time_zone,
)
from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Contribution, Proposal, Publishable
from portal.content.publishing.review_choices import ProposalState
from portal.content.publishing.review_comments import (
    LabelledComment,
    get_reason,
    label_comments,
)
from portal.content.review.operations import get_open_proposal
from portal.content.review.proposal_differences import has_model_permission
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.core.audit.presentation import get_visible_reason
from portal.core.translations.lists import join_details, join_names
from portal.core.translations.localized_text import get_active_language

# Maximum number of reviewers who are named.
_MAX_NAMES = 5

_PERMISSION_BACKEND = "portal.core.accounts.backends.StaffBackend"
_TRANSITIONS = (
    AuditAction.SUBMITTED,
    AuditAction.RETURNED,
    AuditAction.APPROVED,
    AuditAction.APPROVAL_LAPSED,
    AuditAction.PUBLISHED,
    AuditAction.WITHDRAWN,
)


@dataclass(frozen=True)
class StatusLink:
    """Link to a page on which the user can decide about the record."""

    label: str
    url: str
    is_default: bool = False


@dataclass(frozen=True)
class StatusBar:
    """Content of the status bar.

    ``status`` is the code of the status, ``label`` its name. ``sentences`` say since
    when it has this status and who acts next. ``reason`` and ``comments`` are those of
    the last return or withdrawal. ``can_submit`` is whether the user may submit the
    record for review.
    """

    status: str
    label: str
    sentences: Sequence[str] = ()
    reason: str = ""
    comments: Sequence[LabelledComment] = ()
    links: Sequence[StatusLink] = field(default_factory=list)
    can_submit: bool = False


def build_new_status_bar(*, can_submit: bool) -> StatusBar:
    """Build the status bar of a record that is not saved yet."""
    sentence = _("This record is not saved yet.")
    return StatusBar("new", _("new"), [sentence], can_submit=can_submit)


def build_status_bar(
    record: Publishable, *, viewer, can_change: bool, is_review_page: bool = False
) -> StatusBar:
    """Build the status bar of a stored record for the user ``viewer``.

    ``can_change`` is whether the user may change the record in its form. The page for
    reviews has no links to itself. The number of queries is fixed.
    """
    status = Status(record.status)
    proposal = get_open_proposal(record) if record.is_published else None
    transition = _load_last_transition(record)
    can_review = has_model_permission(viewer, "review", type(record))
    links = _build_links(record, proposal) if can_review and not is_review_page else []
    reason, comments = _get_remarks(record, proposal, transition, viewer)
    return StatusBar(
        status=status.value,
        label=status.label,
        sentences=_build_sentences(record, proposal, transition),
        reason=reason,
        comments=comments,
        links=links,
        can_submit=can_change and status in operations.SUBMITTED_FROM,
    )


def _load_last_transition(record: Publishable) -> Deed | None:
    entries = Deed.objects.for_record(record).filter(
        verb__in=_TRANSITIONS,
        model=record._meta.label_lower,
        row=str(record.pk),
    )
    return entries.select_related("by").first()


def _get_remarks(
    record: Publishable, proposal: Proposal | None, transition: Deed | None, viewer
) -> tuple[str, list[LabelledComment]]:
    """Return the reason of the last return or withdrawal, and the comments on
    fields."""
    model = type(record)
    if proposal is not None:
        is_returned = proposal.state == ProposalState.RETURNED
        reason = proposal.reason if is_returned else ""
        return reason, label_comments(model, proposal.review_comments)
    comments = label_comments(model, record.review_comments)
    reason = get_reason(record.review_comments)
    verb = transition.verb if transition else ""
    if not reason and (record.status, verb) in (
        # Returned by an earlier release, which stored the reason in the log only.
        (Status.DRAFT, AuditAction.RETURNED),
        (Status.WITHDRAWN, AuditAction.WITHDRAWN),
    ):
        reason = get_visible_reason(transition, viewer=viewer)
    return reason, comments


def _build_sentences(
    record: Publishable, proposal: Proposal | None, transition: Deed | None
) -> list[str]:
    """Return what happened last and who acts next."""
    status = Status(record.status)
    if status == Status.DRAFT:
        return _describe_draft(record, transition)
    if status == Status.IN_REVIEW:
        return [_describe_submission(record, transition), _describe_reviewers(record)]
    if status == Status.APPROVED:
        return [*_describe_approval(transition), _describe_schedule(record)]
    if status == Status.PUBLISHED:
        published = _("Published on %(when)s, version %(number)s.") % {
            "when": _format_time(record.changed_at or record.published_at),
            "number": record.revision,
        }
        return [published, *_describe_proposal(record, proposal)]
    next_step = _(
        "Next: submit it for review, or a reviewer publishes it again if nothing was "
        "changed."
    )
    return [_describe_withdrawal(record, transition), next_step]


def _describe_draft(record: Publishable, transition: Deed | None) -> list[str]:
    author = record.created_by or record.updated_by
    values = {"person": _get_name(author)}
    if transition and transition.verb == AuditAction.RETURNED:
        returned = _("Returned on %(when)s by %(person)s.") % {
            "when": _format_time(transition.at),
            "person": _get_name(transition.by),
        }
        next_step = _("Next: %(person)s corrects it and submits it for review again.")
        return [returned, next_step % values]
    if author is None or author.is_actor:
        return [_("Next: an editor completes it and submits it for review.")]
    return [_("Next: %(person)s completes it and submits it for review.") % values]


def _describe_submission(record: Publishable, transition: Deed | None) -> str:
    if transition is None or transition.verb != AuditAction.SUBMITTED:
        return _("Since %(when)s this record has been waiting for review.") % {
            "when": _format_time(transition.at if transition else record.updated_at)
        }
    return _("Submitted on %(when)s by %(person)s.") % {
        "when": _format_time(transition.at),
        "person": _get_name(transition.by),
    }


def _describe_approval(transition: Deed | None) -> list[str]:
    """Return who approved the record, for colleagues who wanted to decide about it."""
    if transition is None or transition.verb != AuditAction.APPROVED:
        return []
    text = _("Approved on %(when)s by %(person)s.")
    return [
        text % {"when": _format_time(transition.at), "person": _get_name(transition.by)}
    ]


def _describe_withdrawal(record: Publishable, transition: Deed | None) -> str:
    values = {"when": _format_time(record.withdrawn_at)}
    if transition is None or transition.verb != AuditAction.WITHDRAWN:
        return _("On %(when)s this record was withdrawn.") % values
    text = _("On %(when)s this record was withdrawn by %(person)s.")
    return text % {**values, "person": _get_name(transition.by)}


def _describe_schedule(record: Publishable) -> str:
    if record.publish_at is None:
        return _("Next: it is published automatically within a minute.")
    when = format_local_time(record.publish_at, get_record_time_zone(record))
    return _("Next: it is published automatically on %(when)s.") % {"when": when}


def _describe_proposal(record: Publishable, proposal: Proposal | None) -> list[str]:
    if proposal is None:
        return []
    values = {
        "person": _get_name(proposal.proposed_by),
        "when": _format_time(proposal.proposed_at),
    }
    if proposal.state == ProposalState.RETURNED:
        text = _("A change by %(person)s of %(when)s was returned.")
        next_step = _("Next: %(person)s corrects the change and saves it again.")
        return [text % values, next_step % values]
    text = _("Since %(when)s a change by %(person)s has been waiting for review.")
    return [text % values, _describe_reviewers(record)]


def _describe_reviewers(record: Publishable) -> str:
    """Name the people who may approve the record."""
    reviewers = list(_get_reviewers(record)[: _MAX_NAMES + 1])
    if not reviewers:
        return _(
            "No one can approve it: there is no reviewer who has not edited it. Ask an "
            "administrator to give another person the role of reviewer."
        )
    names = [_get_name(person) for person in reviewers[:_MAX_NAMES]]
    language = get_active_language()
    if len(reviewers) > _MAX_NAMES:
        return _("Next: one of the reviewers decides (%(people)s and others).") % {
            "people": join_details(names, language)
        }
    text = ngettext(
        "Next: %(people)s decides.",
        "Next: one of these people decides: %(people)s.",
        len(reviewers),
    )
    return text % {"people": join_names(names, language)}


def _get_reviewers(record: Publishable):
    """Return the users who may review the record and did not contribute to it."""
    opts = record._meta
    user_model = get_user_model()
    reviewers = user_model.objects.with_perm(
        f"{opts.app_label}.review_{opts.model_name}",
        backend=_PERMISSION_BACKEND,
    ).filter(is_staff=True)
    if settings.TWO_PERSON_APPROVAL:
        contributors = Contribution.objects.filter(
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
        )
        reviewers = reviewers.exclude(pk__in=contributors.values("user"))
    return reviewers.order_by("pk")


def _get_name(user) -> str:
    if user is None:
        return "–"
    return user.get_full_name() or user.get_username()


def _format_time(at: dt.datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else "–"


def _build_links(record: Publishable, proposal: Proposal | None) -> list[StatusLink]:
    """Return the decisions that a reviewer can take, as links to the review page."""
    opts = record._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_review", args=[record.pk])
    status = Status(record.status)
    if status == Status.IN_REVIEW:
        return [StatusLink(_("Review and decide"), url, is_default=True)]
    if status == Status.APPROVED:
        return [StatusLink(_("Publish now or return"), url)]
    if status == Status.WITHDRAWN:
        return [StatusLink(_("Publish again or return"), url)]
    if status != Status.PUBLISHED:
        return []
    links = []
    if proposal is not None and proposal.state == ProposalState.WAITING:
        proposal_url = reverse("admin:publishing_proposal_change", args=[proposal.pk])
        links.append(StatusLink(_("Review the change"), proposal_url, is_default=True))
    return [*links, StatusLink(_("Withdraw"), url)]
