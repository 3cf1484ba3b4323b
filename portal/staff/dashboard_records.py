"""Build dashboard items from records of several kinds with one UNION query."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from django.db import models
from django.db.models import CharField, Expression, IntegerField, Q, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.content.catalogue.registry import Kind, all_kinds
from portal.content.publishing.record_labels import (
    build_title_annotations,
    format_record_label,
)
from portal.content.review.proposal_differences import has_model_permission
from portal.core.accounts.dashboard import DashboardItem


def kinds_for(user, *actions: str) -> list[Kind]:
    """Return the kinds of record for which ``user`` has any of the permissions.

    ``actions`` are the first words of permission codenames: ``change``, ``review`` …
    """
    return [
        kind
        for kind in all_kinds()
        if any(has_model_permission(user, a, kind.model) for a in actions)
    ]


def record_items(
    kinds: Sequence[Kind],
    condition: Callable[[Kind], Q],
    limit: int,
    *,
    note: Callable[[Kind], Expression] = lambda kind: Value(""),
) -> list[DashboardItem]:
    """Return dashboard items of matching records, least recently updated first.

    ``condition(kind)`` is the filter for the records of a kind. ``note(kind)`` is an
    expression whose text is appended to the item's note, "" for no text. At most
    ``limit`` items; one query for all kinds.
    """
    if not kinds:
        return []
    subqueries = [
        _kind_subquery(kind, index, condition(kind), note(kind))
        for index, kind in enumerate(kinds)
    ]
    rows = (
        subqueries[0]
        .union(*subqueries[1:], all=True)
        .order_by("updated_at", "kind_index", "pk")
    )
    return [_record_item(kinds[row[0]], row) for row in rows[:limit]]


def _kind_subquery(
    kind: Kind, index: int, condition: Q, note: Expression
) -> models.QuerySet:
    """Build the query for the matching records of one kind.

    Its columns are the same for all kinds, so that the queries can be combined by
    UNION.
    """
    titles = build_title_annotations(kind.model)
    records = models.QuerySet(kind.model).filter(condition).order_by()
    return records.annotate(
        kind_index=Value(index, IntegerField()),
        record_code=Cast(kind.model.code_field, CharField()),
        note=Cast(note, TextField()),
        **titles,
    ).values_list("kind_index", "pk", "record_code", "updated_at", "note", *titles)


def _record_item(kind: Kind, row: tuple) -> DashboardItem:
    _index, pk, code, changed_at, record_note, *titles = row
    name = format_record_label(code, titles)
    kind_and_date = _waiting_since(kind, changed_at)
    return DashboardItem(
        name,
        change_url(kind, pk),
        f"{kind_and_date}: {record_note}" if record_note else kind_and_date,
    )


def _waiting_since(kind: Kind, changed_at: dt.datetime | None) -> str:
    """Return a record's kind and the date of its last update: "visit, since 3 May"."""
    if changed_at is None:
        return str(kind.label)
    day = date_format(timezone.localtime(changed_at), "SHORT_DATE_FORMAT")
    return _("%(kind)s, since %(day)s") % {"kind": kind.label, "day": day}


def change_url(kind: Kind, pk: int) -> str:
    """Return the URL of the admin change form of one record."""
    opts = kind.model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[pk])


def pks_by_code(records: Iterable[tuple[Kind, str]]) -> dict[tuple[str, str], int]:
    """Return the primary keys of records by (kind code, public code).

    One query for all kinds. Records that do not exist are missing from the result.
    """
    codes_by_kind: dict[str, tuple[Kind, list[str]]] = {}
    for kind, code in records:
        codes_by_kind.setdefault(kind.code, (kind, []))[1].append(code)
    subqueries = [
        models.QuerySet(kind.model)
        .filter(**{f"{kind.model.code_field}__in": codes})
        .order_by()
        .values_list(
            Value(kind.code, CharField()),
            Cast(kind.model.code_field, CharField()),
            "pk",
        )
        for kind, codes in codes_by_kind.values()
    ]
    rows = subqueries[0].union(*subqueries[1:], all=True) if subqueries else []
    return {(kind, code): pk for kind, code, pk in rows}
