"""Tasks that records give to a user: which of them wait for whom.

The start page and the task filter of record lists use the same conditions, so that they
list the same records.
"""

from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing import two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Contribution, Publishable
from portal.content.review.proposal_differences import has_model_permission
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed


class RecordTask(models.TextChoices):
    """What a record that is not finished means for a user.

    The codes are values of the list filter and codes of widgets of the start page.
    """

    RETURNED = "returned"
    DRAFT = "drafts"
    REVIEW = "review"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"


# Statuses of records that have a task.
OPEN_STATUSES = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)


def get_task_conditions(
    model: type[Publishable], user, *, described_pks: Collection[int] = ()
) -> dict[RecordTask, Q]:
    """Return the condition of each task that records of ``model`` can give to ``user``.

    Tasks for which the user has no permission are missing. A record that matches
    several conditions has the first of these tasks. ``described_pks`` are the records
    with pictures that the user described (:func:`get_described_pks`).
    """
    is_writer = any(
        has_model_permission(user, action, model) for action in ("change", "translate")
    )
    is_reviewer = has_model_permission(user, "review", model)
    own, draft = is_own(model, user), Q(status=Status.DRAFT)
    in_review = Q(status=Status.IN_REVIEW)
    conditions = {}
    if is_writer:
        conditions[RecordTask.RETURNED] = draft & own & _is_returned(model)
        conditions[RecordTask.DRAFT] = draft & own
    if is_reviewer:
        conditions[RecordTask.REVIEW] = in_review & _may_approve(
            model, user, described_pks
        )
    if is_writer:
        conditions[RecordTask.SUBMITTED] = in_review & own
    if is_writer or is_reviewer:
        conditions[RecordTask.SCHEDULED] = Q(status=Status.APPROVED)
    return conditions


def get_task_condition(
    model: type[Publishable],
    user,
    task: RecordTask,
    *,
    described_pks: Collection[int] = (),
) -> Q:
    """Return the condition that records have ``task`` and none that comes before it.

    Raises KeyError if the user has no permission for the task.
    """
    conditions = get_task_conditions(model, user, described_pks=described_pks)
    tasks = list(conditions)
    condition = conditions[task]
    for earlier in tasks[: tasks.index(task)]:
        condition &= ~conditions[earlier]
    return condition


def is_own(model: type[Publishable], user) -> Q:
    """Build the condition that ``user`` created a record or contributed to it."""
    return Q(created_by=user) | _has_contributed(model, user)


def _has_contributed(model: type[Publishable], user) -> Q:
    contributions = Contribution.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        object_id=OuterRef("pk"),
        user=user,
    )
    return Q(Exists(contributions))


def _may_approve(model, user, described_pks: Collection[int]) -> Q:
    """Build the condition that two-person approval lets ``user`` approve a record."""
    if not two_person_approval.requires_second_person(user):
        return Q()
    return ~_has_contributed(model, user) & ~Q(pk__in=described_pks)


def _is_returned(model: type[Publishable]) -> Q:
    """Build the condition that a record was returned and not saved since."""
    last_action = Subquery(audit_entries_of(model).values("verb")[:1])
    return Q(Exact(last_action, Value(AuditAction.RETURNED)))


def audit_entries_of(model: type[models.Model]) -> QuerySet:
    """Return the audit entries of the outer query's record, the latest first."""
    audit_entries = Deed.objects.filter(
        record_model=model._meta.label_lower,
        record_row=Cast(OuterRef("pk"), CharField()),
    )
    return audit_entries.order_by("-position")


def submission_time(model: type[Publishable]) -> Subquery:
    """Build a subquery for the time at which a record came to review the last time."""
    submissions = audit_entries_of(model).filter(
        verb__in=(AuditAction.SUBMITTED, AuditAction.APPROVAL_LAPSED)
    )
    return Subquery(submissions.values("at")[:1])


def get_described_pks(user) -> dict[type[models.Model], list[int]]:
    """Return, by model, the keys of records with pictures that ``user`` described.

    Only pictures whose description is not public yet count. Empty if two-person
    approval does not apply to the user.
    """
    if not two_person_approval.requires_second_person(user):
        return {}
    pks_by_content_type = two_person_approval.described_records(user)
    content_types = ContentType.objects.get_for_models(
        *(kind.model for kind in all_kinds())
    )
    return {
        model: pks_by_content_type.get(content_type.pk, [])
        for model, content_type in content_types.items()
    }
