"""Records and their addresses for the widgets of the start page."""

from collections.abc import Iterable

from django.db import models
from django.urls import reverse

from portal.content.catalogue.registry import Kind, all_kinds, get_kind
from portal.content.editing.record_tasks import RecordTask
from portal.content.review.proposal_differences import has_model_permission


def kinds_for(user, *actions: str) -> list[Kind]:
    """Return the kinds of record for which ``user`` has any of the permissions.

    ``actions`` are the first words of permission codenames: ``change``, ``review`` …
    """
    return [
        kind
        for kind in all_kinds()
        if any(has_model_permission(user, a, kind.model) for a in actions)
    ]


def task_url(kind: Kind, pk: int, *, task: RecordTask | None = None) -> str:
    """Return the URL of the staff page on which a record's task is done.

    A record that waits for review is opened on its review page, others in their form.
    ``task`` is None for a record that only is opened.
    """
    opts = kind.model._meta
    page = "review" if task == RecordTask.REVIEW else "change"
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[pk])


def pks_by_code(records: Iterable[tuple[Kind, str]]) -> dict[tuple[str, str], int]:
    """Return the primary keys of records by (kind code, public code).

    One query per kind. Records that do not exist are missing from the result.
    """
    codes_by_kind: dict[str, list[str]] = {}
    for kind, code in records:
        codes_by_kind.setdefault(kind.code, []).append(code)
    pks = {}
    for kind_code, codes in codes_by_kind.items():
        model = get_kind(kind_code).model
        records = models.QuerySet(model).filter(**{f"{model.code_field}__in": codes})
        for code, pk in records.order_by().values_list(model.code_field, "pk"):
            pks[kind_code, str(code)] = pk
    return pks
