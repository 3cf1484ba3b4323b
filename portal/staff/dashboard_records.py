"""Build dashboard items from records of several kinds."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from django.db import models
from django.db.models import Expression, F, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.content.catalogue.registry import Kind, all_kinds, get_kind
from portal.content.publishing.record_labels import (
    format_record_label,
    get_label_columns,
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
    ``limit`` items; one query per kind.
    """
    rows: list[tuple] = []
    for kind in kinds:
        records = models.QuerySet(kind.model).filter(condition(kind))
        oldest_first = records.order_by(F("updated_at").asc(nulls_last=True), "pk")
        columns = ("updated_at", "pk", note(kind), *get_label_columns(kind.model))
        rows += [(kind, *row) for row in oldest_first.values_list(*columns)[:limit]]
    # Stable: rows of one time stay in the order of the kinds and their keys.
    rows.sort(key=lambda row: (row[1] is None, row[1]))
    return [_record_item(*row) for row in rows[:limit]]


def _record_item(
    kind: Kind,
    changed_at: dt.datetime | None,
    pk: int,
    record_note: str,
    code: str | int,
    *titles: str | None,
) -> DashboardItem:
    kind_and_date = _waiting_since(kind, changed_at)
    return DashboardItem(
        format_record_label(code, titles),
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
