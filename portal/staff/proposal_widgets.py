"""Source of the proposals that wait for a user or were returned to them.

The waiting proposals of an import are one item, because an import may make thousands.
"""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.content.catalogue.registry import Kind, get_kind
from portal.content.editing.record_tasks import RecordTask
from portal.content.publishing import two_person_approval
from portal.content.publishing.models import Contribution, Illustration, Proposal
from portal.content.publishing.review_choices import ProposalState
from portal.core.accounts.dashboard import DashboardItem
from portal.staff.dashboard_records import kinds_for, task_url
from portal.staff.dashboard_times import format_day_of


def proposal_items(user, at: dt.datetime, limit: int) -> dict[str, list[DashboardItem]]:
    """Return the open proposals that concern ``user``, by code of the widget."""
    return {
        RecordTask.REVIEW: _waiting_proposals(user, limit),
        RecordTask.SUBMITTED: _submitted_proposals(user, limit),
        RecordTask.RETURNED: _returned_proposals(user, limit),
    }


def _waiting_proposals(user, limit: int) -> list[DashboardItem]:
    """Return the proposals waiting for approval that ``user`` may review.

    If two-person approval applies to the user, proposals that they made or contributed
    to, or whose record shows a picture that they described, are left out.
    """
    waiting = Proposal.objects.waiting()
    if two_person_approval.requires_second_person(user):
        waiting = waiting.exclude(_is_own(user) | _shows_described(user))
    return [
        DashboardItem(
            str(proposal.record),
            _get_proposal_url(proposal),
            _("change by %(person)s, waiting since %(day)s")
            % {
                "person": proposal.proposed_by,
                "day": format_day_of(proposal.proposed_at),
            },
            at=proposal.proposed_at,
        )
        if proposal.import_batch is None
        else _build_import_item(proposal)
        for proposal in _load_proposals_of_kinds(
            _group_by_import(waiting), kinds_for(user, "review"), limit
        )
    ]


def _submitted_proposals(user, limit: int) -> list[DashboardItem]:
    """Return the proposals of ``user`` that wait for another person."""
    if not two_person_approval.requires_second_person(user):
        return []
    waiting = Proposal.objects.waiting().filter(_is_own(user))
    return [
        DashboardItem(
            str(proposal.record),
            _get_proposal_url(proposal),
            _("change of a published record, waiting since %(day)s")
            % {"day": format_day_of(proposal.proposed_at)},
            at=proposal.proposed_at,
        )
        if proposal.import_batch is None
        else _build_import_item(proposal)
        for proposal in _load_proposals_of_kinds(
            _group_by_import(waiting), kinds_for(user, "change", "translate"), limit
        )
    ]


def _group_by_import(waiting: QuerySet) -> QuerySet:
    """Leave out all but the first proposal of each import.

    Its ``import_count`` is the number of proposals of the import in ``waiting``.
    """
    by_import = waiting.exclude(import_batch=None).order_by().values("import_batch")
    first = by_import.annotate(first=Min("pk")).values("first")
    same_import = by_import.filter(import_batch=OuterRef("import_batch"))
    count = same_import.annotate(count=Count("pk")).values("count")
    grouped = waiting.filter(Q(import_batch=None) | Q(pk__in=first))
    return grouped.annotate(import_count=Subquery(count)).select_related(
        "import_batch__written_by"
    )


def _build_import_item(proposal: Proposal) -> DashboardItem:
    """Return the item for all waiting proposals of an import."""
    batch = proposal.import_batch
    return DashboardItem(
        str(batch),
        reverse("admin:publishing_proposal_import", args=[batch.pk]),
        ngettext(
            "%(count)s change of a published record by %(person)s, waiting since "
            "%(day)s",
            "%(count)s changes of published records by %(person)s, waiting since "
            "%(day)s",
            proposal.import_count,
        )
        % {
            "count": proposal.import_count,
            "person": batch.written_by,
            "day": format_day_of(proposal.proposed_at),
        },
        at=proposal.proposed_at,
    )


def _returned_proposals(user, limit: int) -> list[DashboardItem]:
    """Return proposals that a reviewer returned and to which ``user`` contributed.

    Each item has the reviewer's reason.
    """
    returned = Proposal.objects.filter(_is_own(user), state=ProposalState.RETURNED)
    return [
        DashboardItem(
            str(proposal.record),
            task_url(
                get_kind(proposal.record.kind),
                proposal.object_id,
                task=RecordTask.RETURNED,
            ),
            _("change of a published record, returned"),
            proposal.reason,
            at=proposal.decided_at or proposal.proposed_at,
        )
        for proposal in _load_proposals_of_kinds(
            returned, kinds_for(user, "change", "translate"), limit
        )
    ]


def _get_proposal_url(proposal: Proposal) -> str:
    return reverse("admin:publishing_proposal_change", args=[proposal.pk])


def _is_own(user) -> Q:
    """Build the condition that ``user`` made a proposal or contributed to its
    record."""
    contributions = Contribution.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        user=user,
    )
    return Q(proposed_by=user) | Q(Exists(contributions))


def _shows_described(user) -> Q:
    """Build the condition that a proposal's record shows a picture ``user`` described.

    Only pictures whose description is not public yet count.
    """
    pictures = Illustration.objects.with_unpublished_text_by(user).filter(
        content_type=OuterRef("content_type"), object_id=OuterRef("object_id")
    )
    return Q(Exists(pictures))


def _load_proposals_of_kinds(proposals: QuerySet, kinds: list[Kind], limit: int):
    """Return the proposals about records of the given kinds, oldest first.

    Their records are prefetched; proposals whose record no longer exists are left out.
    """
    models = [kind.model for kind in kinds]
    content_types = ContentType.objects.get_for_models(*models).values()
    matching_proposals = proposals.filter(content_type__in=content_types)
    matching_proposals = matching_proposals.select_related("proposed_by").defer(
        "base", "wanted"
    )
    matching_proposals = matching_proposals.order_by(
        "proposed_at", "pk"
    ).prefetch_related("record")
    return [proposal for proposal in matching_proposals[:limit] if proposal.record]
