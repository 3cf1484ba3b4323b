"""Dashboard widgets of reviews: records and proposals that are waiting or returned.

The functions have the signature of ``DashboardWidget.get_items`` and return at most
``limit`` items of what ``user`` may act on.
"""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    CharField,
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.urls import reverse

from portal.content.catalogue.registry import Kind, all_kinds, get_kind
from portal.content.publishing import two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Contribution, Illustration, Proposal
from portal.content.publishing.review_choices import ProposalState
from portal.core.accounts.dashboard import DashboardItem
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.staff.dashboard_records import change_url, kinds_for, record_items


def records_to_review(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return the records in review that ``user`` may approve.

    If two-person approval applies to the user, records to which they contributed, or
    with pictures that they described, are left out.
    """
    kinds = kinds_for(user, "review")
    requires_second_person = two_person_approval.requires_second_person(user)
    described_pks = _get_described_pks(user) if requires_second_person and kinds else {}

    def build_condition(kind: Kind) -> Q:
        in_review = Q(status=Status.IN_REVIEW)
        if not requires_second_person:
            return in_review
        describes_picture = Q(pk__in=described_pks.get(kind.model, []))
        return in_review & ~_has_contributed(kind, user) & ~describes_picture

    return record_items(kinds, build_condition, limit)


def returned_records(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return drafts that a reviewer returned to ``user``, with the reviewer's reason.

    The user must have created the draft or contributed to it. Only records whose latest
    audit entry is the return are listed: saving the record again removes it from the
    list.
    """

    def build_condition(kind: Kind) -> Q:
        is_own = Q(created_by=user) | _has_contributed(kind, user)
        is_returned = Exact(
            _last_audit_value(kind, "verb"), Value(AuditAction.RETURNED)
        )
        return Q(status=Status.DRAFT) & is_own & Q(is_returned)

    def get_reason(kind: Kind) -> Subquery:
        return _last_audit_value(kind, "note")

    return record_items(
        kinds_for(user, "change"), build_condition, limit, note=get_reason
    )


def _has_contributed(kind: Kind, user) -> Q:
    """Build the condition that ``user`` contributed to a record of ``kind``."""
    opts = kind.model._meta
    contributions = Contribution.objects.filter(
        content_type__app_label=opts.app_label,
        content_type__model=opts.model_name,
        object_id=OuterRef("pk"),
        user=user,
    )
    return Q(Exists(contributions))


def _get_described_pks(user) -> dict[type[Model], list[int]]:
    """Return, by model, the keys of records with pictures that ``user`` described.

    Only pictures whose description is not public yet count.
    """
    pks_by_content_type = two_person_approval.described_records(user)
    content_types = ContentType.objects.get_for_models(
        *(kind.model for kind in all_kinds())
    )
    return {
        model: pks_by_content_type.get(content_type.pk, [])
        for model, content_type in content_types.items()
    }


def _last_audit_value(kind: Kind, column: str) -> Subquery:
    """Build a subquery for one column of a record's latest audit entry."""
    audit_entries = Deed.objects.filter(
        record_model=kind.model._meta.label_lower,
        record_row=Cast(OuterRef("pk"), CharField()),
    )
    return Subquery(audit_entries.order_by("-position").values(column)[:1])


def waiting_proposals(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return the proposals waiting for approval that ``user`` may review.

    If two-person approval applies to the user, proposals that they made or contributed
    to, or whose record shows a picture that they described, are left out.
    """
    waiting = Proposal.objects.filter(state=ProposalState.WAITING)
    if two_person_approval.requires_second_person(user):
        contributed = (
            Q(proposed_by=user)
            | _has_contributed_to_proposal(user)
            | _shows_described(user)
        )
        waiting = waiting.exclude(contributed)
    return [
        DashboardItem(
            str(proposal.record),
            reverse("admin:publishing_proposal_change", args=[proposal.pk]),
            str(proposal.proposed_by),
        )
        for proposal in _load_proposals_of_kinds(
            waiting, kinds_for(user, "review"), limit
        )
    ]


def returned_proposals(user, at: dt.datetime, limit: int) -> list[DashboardItem]:
    """Return proposals that a reviewer returned and to which ``user`` contributed.

    The note of each item is the reviewer's reason.
    """
    write_actions = ("change", "translate")
    returned = Proposal.objects.filter(
        Q(proposed_by=user) | _has_contributed_to_proposal(user),
        state=ProposalState.RETURNED,
    )
    return [
        DashboardItem(
            str(proposal.record),
            change_url(get_kind(proposal.record.kind), proposal.object_id),
            proposal.reason,
        )
        for proposal in _load_proposals_of_kinds(
            returned, kinds_for(user, *write_actions), limit
        )
    ]


def _has_contributed_to_proposal(user) -> Q:
    """Build the condition that ``user`` contributed to the record of a proposal."""
    contributions = Contribution.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        user=user,
    )
    return Q(Exists(contributions))


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
