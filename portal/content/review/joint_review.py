"""Page with all proposed changes of one import, and the decision on several of them.

Each proposal is decided in its own transaction, and only on the content that the page
displayed. Comments on single fields are written on the page of the proposal.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import ngettext

from portal.content.publishing import reviewed_versions, two_person_approval
from portal.content.publishing.models import ImportBatch, Proposal, Publishable
from portal.content.publishing.operations import InvalidTransition
from portal.content.publishing.public_files import MissingAltText
from portal.content.publishing.record_labels import load_record_labels
from portal.content.publishing.review_choices import ProposalState
from portal.content.publishing.reviewed_versions import ReviewedVersionError
from portal.content.review import operations as review
from portal.content.review.forms import (
    ACCEPT,
    MAX_JOINT_DECISIONS,
    RETURN,
    JointDecisionForm,
)
from portal.content.review.proposal_differences import (
    FormattedRowChange,
    format_all_differences,
)
from portal.content.review.reviewed_content import (
    ContentRow,
    describe_related,
    new_related,
)

# Errors whose message is shown to the user; the proposal was not decided.
REPORTED_ERRORS = (
    InvalidTransition,
    MissingAltText,
    two_person_approval.SelfApprovalForbidden,
    review.OutdatedProposalError,
    ReviewedVersionError,
)


@dataclass(frozen=True)
class JointReviewItem:
    """A waiting proposal with its differences.

    ``problem`` is why the viewing user may not approve it, "" if they may. ``version``
    is the signed version for the form.
    """

    proposal: Proposal
    record: Publishable
    name: str
    row_changes: list[FormattedRowChange]
    version: str
    problem: str
    is_included: bool


@dataclass(frozen=True)
class JointReview:
    """Waiting proposals of an import, as displayed to one user.

    ``related`` are pictures, topics, places and parties that the proposals add.
    ``counts`` are the numbers of all proposals of the import by state, with labels.
    """

    page: Page
    items: list[JointReviewItem]
    related: list[ContentRow]
    counts: list[tuple[str, int]]


def build_joint_review(
    batch: ImportBatch, *, viewer, page: str | None, form: JointDecisionForm
) -> JointReview:
    """Build the page ``page`` of the waiting proposals of ``batch``.

    The order is that of the rows of the file. The number of queries does not depend on
    the number of proposals. The texts of a bound ``form`` stay. If it is invalid, the
    versions that it submitted stay as well, so that changes made in the meantime are
    still detected.
    """
    waiting = batch.proposals.waiting().select_related("content_type").order_by("pk")
    shown = Paginator(waiting, MAX_JOINT_DECISIONS).get_page(page)
    proposals = list(shown.object_list)
    # Read the versions before the differences, as on the page of one proposal.
    contents = reviewed_versions.read_proposals(proposals)
    records = [content.record for content in contents]
    labels = load_record_labels(
        {type(records[0]): [record.pk for record in records]} if records else {}
    )
    problems = (
        two_person_approval.problems_of(records, viewer)
        if two_person_approval.requires_second_person(viewer)
        else {}
    )
    differences = format_all_differences(
        [content.proposal for content in contents], viewer=viewer
    )
    included = set(form.included_pks) if form.is_bound else None
    items = [
        JointReviewItem(
            content.proposal,
            content.record,
            labels.get((type(content.record), content.record.pk), ""),
            row_changes,
            _get_signed_version(content, form, viewer),
            str(problems.get(content.record.pk, "")),
            _is_included(content, included, problems),
        )
        for content, row_changes in zip(contents, differences, strict=True)
    ]
    added = {
        (row.model, row.pk): row for content in contents for row in new_related(content)
    }
    related = describe_related(list(added.values()), viewer=viewer, at=timezone.now())
    return JointReview(shown, items, related, _count_by_state(batch))


def _is_included(content, included: set[int] | None, problems: dict) -> bool:
    """Return whether the decision applies to a proposal: as submitted, else to those
    that the user may approve."""
    if included is None:
        return content.record.pk not in problems
    return content.proposal.pk in included


def _get_version_field(proposal: Proposal) -> str:
    return f"version_{proposal.pk}"


def _get_signed_version(
    content: reviewed_versions.Content, form: JointDecisionForm, viewer
) -> str:
    field = _get_version_field(content.proposal)
    submitted = form.data.get(field, "") if form.errors else ""
    return submitted or reviewed_versions.sign(
        content.proposal, content.version, user=viewer
    )


def _count_by_state(batch: ImportBatch) -> list[tuple[str, int]]:
    counts = batch.proposals.order_by().values_list("state").annotate(Count("pk"))
    count_by_state = dict(counts)
    return [
        (str(capfirst(state.label)), count_by_state[state])
        for state in ProposalState
        if state in count_by_state
    ]


def decide_jointly(batch: ImportBatch, *, request, form: JointDecisionForm) -> bool:
    """Apply the valid ``form`` to each included proposal of ``batch``.

    Reports as messages how many proposals were decided, and why others were not.
    Returns whether all of them were decided.
    """
    by, decision, reason = request.user, form.decision, form.cleaned_data["reason"]
    decided = 0
    included = batch.proposals.filter(pk__in=form.included_pks).order_by("pk")
    # Without those of records that were deleted.
    proposals = [
        proposal for proposal in included.prefetch_related("record") if proposal.record
    ]
    _report_missing(request, len(set(form.included_pks)) - len(proposals))
    for proposal in proposals:
        signed = form.data.get(_get_version_field(proposal), "")
        try:
            version = reviewed_versions.read_signed(signed, proposal, user=by)
            _decide(proposal, decision, by=by, version=version, reason=reason)
        except REPORTED_ERRORS as error:
            messages.warning(request, str(error))
        else:
            decided += 1
    if decided:
        messages.success(request, _describe_result(decision, decided))
    return decided == len(set(form.included_pks))


def _decide(proposal: Proposal, decision: str, *, by, version, reason: str) -> None:
    values = {"by": by, "at": timezone.now(), "version": version}
    if decision == ACCEPT:
        review.accept_proposal(proposal, **values)
    elif decision == RETURN:
        review.return_proposal(proposal, **values, reason=reason)
    else:
        review.discard_proposal(proposal, **values, reason=reason)


def _describe_result(decision: str, count: int) -> str:
    if decision == ACCEPT:
        text = ngettext(
            "%(count)s change has been approved.",
            "%(count)s changes have been approved.",
            count,
        )
    elif decision == RETURN:
        text = ngettext(
            "%(count)s change has been returned for changes.",
            "%(count)s changes have been returned for changes.",
            count,
        )
    else:
        text = ngettext(
            "%(count)s change has been discarded.",
            "%(count)s changes have been discarded.",
            count,
        )
    return text % {"count": count}


def _report_missing(request, count: int) -> None:
    if count > 0:
        text = ngettext(
            "%(count)s of the selected changes is not available, so nothing was "
            "done with it.",
            "%(count)s of the selected changes are not available, so nothing was "
            "done with them.",
            count,
        )
        messages.warning(request, text % {"count": count})
