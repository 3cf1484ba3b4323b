"""What waits for a second person, and what came back from one."""

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

from portal.accounts.todo import Task
from portal.catalogue.registry import Kind, kind_of, kinds
from portal.desk.records import form_of, kinds_for, tasks_among
from portal.history.choices import Verb
from portal.history.models import Deed
from portal.publishing.choices import Status
from portal.publishing.models import Contribution, Illustration, Proposal
from portal.publishing.review import four_eyes
from portal.publishing.review.choices import ProposalState


def to_review(user, at: dt.datetime, limit: int) -> list[Task]:
    """In review, and the person may approve it: while four eyes are asked for, nobody
    approves what they had a hand in."""
    found_kinds = kinds_for(user, "review")
    needs_another = four_eyes.applies_to(user)
    described = _described(user) if needs_another and found_kinds else {}

    def wanted(kind: Kind) -> Q:
        in_review = Q(status=Status.IN_REVIEW)
        if not needs_another:
            return in_review
        own = Q(pk__in=described.get(kind.model, []))
        return in_review & ~_contributed(kind, user) & ~own

    return tasks_among(found_kinds, wanted, limit)


def returned(user, at: dt.datetime, limit: int) -> list[Task]:
    """Drafts that the person had a hand in, and a reviewer gave back, with the reason.

    The last deed tells: once the record is saved again it waits for nobody.
    """

    def wanted(kind: Kind) -> Q:
        is_own = Q(created_by=user) | _contributed(kind, user)
        is_returned = Exact(_last_deed(kind, "verb"), Value(Verb.RETURNED))
        return Q(status=Status.DRAFT) & is_own & Q(is_returned)

    def said(kind: Kind) -> Subquery:
        return _last_deed(kind, "note")

    return tasks_among(kinds_for(user, "change"), wanted, limit, said=said)


def _contributed(kind: Kind, user) -> Q:
    opts = kind.model._meta
    contributions = Contribution.objects.filter(
        content_type__app_label=opts.app_label,
        content_type__model=opts.model_name,
        object_id=OuterRef("pk"),
        user=user,
    )
    return Q(Exists(contributions))


def _described(user) -> dict[type[Model], list[int]]:
    """Records with pictures that the person described and that are not public yet."""
    found = four_eyes.described_records(user)
    types = ContentType.objects.get_for_models(*(kind.model for kind in kinds()))
    return {model: found.get(one.pk, []) for model, one in types.items()}


def _last_deed(kind: Kind, column: str) -> Subquery:
    deeds = Deed.objects.filter(
        record_model=kind.model._meta.label_lower,
        record_row=Cast(OuterRef("pk"), CharField()),
    )
    return Subquery(deeds.order_by("-position").values(column)[:1])


def proposed(user, at: dt.datetime, limit: int) -> list[Task]:
    """Changes to published records that wait for another person than those who had a
    hand in them."""
    waiting = Proposal.objects.filter(state=ProposalState.WAITING)
    if four_eyes.applies_to(user):
        own = Q(proposed_by=user) | _joined(user) | _shows_described(user)
        waiting = waiting.exclude(own)
    return [
        Task(
            str(proposal.record),
            reverse("admin:publishing_proposal_change", args=[proposal.pk]),
            str(proposal.proposed_by),
        )
        for proposal in _of_kinds(waiting, kinds_for(user, "review"), limit)
    ]


def proposals_returned(user, at: dt.datetime, limit: int) -> list[Task]:
    """Changes to published records that the person had a hand in, and a reviewer gave
    back."""
    writing = ("change", "translate")
    returned = Proposal.objects.filter(
        Q(proposed_by=user) | _joined(user), state=ProposalState.RETURNED
    )
    return [
        Task(
            str(proposal.record),
            form_of(kind_of(proposal.record.kind), proposal.object_id),
            proposal.reason,
        )
        for proposal in _of_kinds(returned, kinds_for(user, *writing), limit)
    ]


def _joined(user) -> Q:
    """Whether the person contributed to the record of a change."""
    contributions = Contribution.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        user=user,
    )
    return Q(Exists(contributions))


def _shows_described(user) -> Q:
    """Whether the record of a change shows a picture that the person described and that
    is not public yet."""
    pictures = Illustration.objects.with_unpublished_text_by(user).filter(
        content_type=OuterRef("content_type"), object_id=OuterRef("object_id")
    )
    return Q(Exists(pictures))


def _of_kinds(proposals: QuerySet, found_kinds: list[Kind], limit: int):
    """Those about records of these kinds, the oldest first, with their records."""
    models = [kind.model for kind in found_kinds]
    content_types = ContentType.objects.get_for_models(*models).values()
    found = proposals.filter(content_type__in=content_types)
    found = found.select_related("proposed_by").defer("base", "wanted")
    found = found.order_by("proposed_at", "pk").prefetch_related("record")
    return [proposal for proposal in found[:limit] if proposal.record]
